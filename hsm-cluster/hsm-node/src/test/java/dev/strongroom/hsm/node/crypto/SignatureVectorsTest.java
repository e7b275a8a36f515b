package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Signatures of others, good and bad, verified with the public halves of every provider suite. */
class SignatureVectorsTest {

    /** Verifies a RAW message. */
    private interface Verifier {
        boolean verify(byte[] message, byte[] signature);
    }

    static List<ProviderSuite> suites() {
        return TestKeys.suites();
    }

    @ParameterizedTest
    @MethodSource("wycheproof")
    void agreesWithWycheproof(String file, int tests, ProviderSuite suite) throws Exception {
        var wrong = new ArrayList<String>();
        var lines = Vectors.read(file);
        assertEquals(tests, lines.size());
        String lastKey = "";
        Verifier verifier = (message, signature) -> false;
        for (var line : lines) {
            var key = line.key().get(2);
            if (!key.equals(lastKey)) {
                lastKey = key;
                verifier = verifier(
                        KeySpec.valueOf(line.key().get(0)),
                        SigningAlgorithm.valueOf(line.key().get(1)),
                        PublicKeyFactory.createKey(HexFormat.of().parseHex(key)),
                        suite);
            }
            boolean valid = verifier.verify(line.octets(1), line.octets(2));
            if (!line.text(0).equals("acceptable") && valid != line.text(0).equals("valid")) {
                wrong.add(line.text(0) + " but " + valid + ": " + line.text(3));
            }
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    static Stream<Arguments> wycheproof() {
        return suites().stream()
                .flatMap(suite -> Stream.of(
                        Arguments.of("wycheproof-ecdsa.csv", 937, suite),
                        Arguments.of("wycheproof-ed25519.csv", 150, suite),
                        Arguments.of("wycheproof-rsa-pkcs1.csv", 350, suite),
                        Arguments.of("wycheproof-rsa-pss.csv", 155, suite)));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void agreesWithTheEcdsaVectorsOfCavp(ProviderSuite suite) throws Exception {
        for (var line : Vectors.read("cavp-ecdsa-sigver.csv")) {
            var spec = KeySpec.valueOf(line.text(0));
            var curve = Curve.of(spec);
            var valid = line.text(1).equals("valid");
            var x = new BigInteger(line.text(2), 16);
            var y = new BigInteger(line.text(3), 16);
            boolean verified;
            try {
                var point = curve.domain()
                        .validatePublicPoint(curve.domain().getCurve().createPoint(x, y));
                var half = new EcPublicHalf(curve, new ECPublicKeyParameters(point, curve.domain()), suite);
                var signature = StandardDSAEncoding.INSTANCE.encode(
                        curve.order(), new BigInteger(line.text(5), 16), new BigInteger(line.text(6), 16));
                verified = half.verify(TestKeys.algorithms(spec).get(0), MessageType.RAW, line.octets(4), signature);
            } catch (IllegalArgumentException e) {
                verified = false;
            }
            assertEquals(valid, verified, line.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void agreesWithTheRsaVectorsOfCavp(ProviderSuite suite) {
        for (var line : Vectors.read("cavp-rsa-sigver.csv")) {
            var half = new RsaPublicHalf(
                    new BigInteger(line.text(3), 16),
                    new BigInteger(line.text(4), 16),
                    suite,
                    TestEntropy.shared().asSecureRandom());
            boolean verified = half.verify(
                    SigningAlgorithm.valueOf(line.text(1)), MessageType.RAW, line.octets(5), line.octets(6));
            assertEquals(line.text(2).equals("valid"), verified, line.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void verifiesTheSignaturesOfRfc6979(ProviderSuite suite) throws Exception {
        for (var line : Vectors.read("rfc6979.csv")) {
            var spec = KeySpec.valueOf(line.text(0));
            var algorithm = TestKeys.algorithms(spec).get(0);
            var verifier = verifier(spec, algorithm, PublicKeyFactory.createKey(line.octets(1)), suite);
            assertTrue(verifier.verify(line.octets(2), line.octets(3)), line.toString());
        }
    }

    private static Verifier verifier(
            KeySpec spec, SigningAlgorithm algorithm, AsymmetricKeyParameter key, ProviderSuite suite) {
        if (key instanceof RSAKeyParameters rsa) {
            var half = new RsaPublicHalf(
                    rsa.getModulus(),
                    rsa.getExponent(),
                    suite,
                    TestEntropy.shared().asSecureRandom());
            return (message, signature) -> half.verify(algorithm, MessageType.RAW, message, signature);
        }
        if (key instanceof Ed25519PublicKeyParameters edwards) {
            return (message, signature) -> EdwardsKey.verify(edwards, algorithm, MessageType.RAW, message, signature);
        }
        var half = new EcPublicHalf(Curve.of(spec), (ECPublicKeyParameters) key, suite);
        return (message, signature) -> half.verify(algorithm, MessageType.RAW, message, signature);
    }
}
