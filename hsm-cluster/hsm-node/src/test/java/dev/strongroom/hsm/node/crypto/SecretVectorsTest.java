package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.Vectors.Line;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Private keys of others: decryption, agreement, decapsulation, MACs and key wrap, with every provider suite. */
class SecretVectorsTest {

    static List<ProviderSuite> suites() {
        return TestKeys.suites();
    }

    @ParameterizedTest
    @MethodSource("suites")
    void decryptsTheOaepCiphertextsOfWycheproof(ProviderSuite suite) throws Exception {
        var wrong = new ArrayList<String>();
        for (var line : Vectors.read("wycheproof-rsa-oaep.csv")) {
            var spec = KeySpec.valueOf(line.key().get(0));
            var key = PrivateKeys.parse(
                    spec, java.util.HexFormat.of().parseHex(line.key().get(2)));
            // KMS knows no labels: a ciphertext with one does not decrypt.
            boolean expected = !line.text(0).equals("invalid") && line.text(3).isEmpty();
            boolean decrypted;
            try (var pair = open(spec, key, suite)) {
                var plaintext =
                        pair.decrypt(EncryptionAlgorithm.valueOf(line.key().get(1)), line.octets(2));
                decrypted = Arrays.equals(line.octets(1), plaintext);
            } catch (InvalidCiphertextException e) {
                decrypted = false;
            }
            if (decrypted != expected) {
                wrong.add(decrypted + ": " + line.text(4));
            }
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void agreesAsWycheproofDoes(ProviderSuite suite) throws Exception {
        var wrong = new ArrayList<String>();
        int agreed = 0;
        for (var line : Vectors.read("wycheproof-ecdh.csv")) {
            var spec = KeySpec.valueOf(line.text(0));
            var curve = Curve.of(spec);
            var scalar = new BigInteger(line.text(2), 16);
            boolean agrees;
            try (var pair = open(spec, new ECPrivateKeyParameters(scalar, curve.domain()), suite)) {
                agrees = Arrays.equals(line.octets(4), pair.agree(line.octets(3)));
                if (!agrees) {
                    wrong.add("another secret: " + line.text(5));
                }
            } catch (InvalidPublicKeyException e) {
                agrees = false;
            }
            agreed += agrees ? 1 : 0;
            if (!line.text(1).equals("acceptable") && agrees != line.text(1).equals("valid")) {
                wrong.add(line.text(1) + " but " + agrees + ": " + line.text(5));
            }
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
        assertTrue(agreed > 300, agreed + " agreed");
    }

    @ParameterizedTest
    @MethodSource("suites")
    void agreesAsCavpDoes(ProviderSuite suite) throws Exception {
        for (var line : Vectors.read("cavp-ecdh.csv")) {
            // What is invalid by its own key pair or its result is not ours to find: we hold no foreign public keys.
            if (!line.text(1).equals("valid") && !line.text(1).contains("CAVS")) {
                continue;
            }
            var spec = KeySpec.valueOf(line.text(0));
            var curve = Curve.of(spec);
            try (var pair =
                    open(spec, new ECPrivateKeyParameters(new BigInteger(line.text(2), 16), curve.domain()), suite)) {
                var secret = pair.agree(spki(curve, line.octets(5), line.octets(6)));
                assertEquals("valid", line.text(1));
                assertEquals(new BigInteger(line.text(7), 16), new BigInteger(1, secret));
                assertEquals(curve.fieldBytes(), secret.length);
            } catch (InvalidPublicKeyException e) {
                assertTrue(line.text(1).contains("CAVS's Static public key"), line.toString());
            }
        }
    }

    private static byte[] spki(Curve curve, byte[] x, byte[] y) throws Exception {
        var generator =
                PrivateKeys.spki(new ECPublicKeyParameters(curve.domain().getG(), curve.domain()));
        var algorithm = SubjectPublicKeyInfo.getInstance(generator.toArray()).getAlgorithm();
        int bytes = curve.fieldBytes();
        var point = new byte[1 + 2 * bytes];
        point[0] = 4;
        System.arraycopy(
                x, Math.max(0, x.length - bytes), point, 1 + Math.max(0, bytes - x.length), Math.min(bytes, x.length));
        System.arraycopy(
                y,
                Math.max(0, y.length - bytes),
                point,
                1 + bytes + Math.max(0, bytes - y.length),
                Math.min(bytes, y.length));
        return new SubjectPublicKeyInfo(algorithm, point).getEncoded();
    }

    @Test
    void anEd25519SeedGivesTheKeyAndTheSignature() throws Exception {
        for (var line : Vectors.read("ed25519-sign.csv")) {
            var key = new Ed25519PrivateKeyParameters(line.octets(0));
            try (var pair = open(KeySpec.ECC_NIST_EDWARDS25519, key, ProviderSuite.FLOOR)) {
                assertTrue(pair.publicKey().toHex().endsWith(line.text(1)));
                var signature = pair.sign(SigningAlgorithm.ED25519_SHA_512, MessageType.RAW, line.octets(2));
                assertEquals(line.text(3), Bytes.wrap(signature).toHex());
            }
        }
    }

    /** KMS hashes the digest that it is given once more; the JDK's Ed25519ph does the same with a message. */
    @Test
    void ed25519phAgreesWithTheJdk() throws Exception {
        var seed = TestEntropy.counting(8, 32);
        var signer = Signature.getInstance("Ed25519");
        signer.setParameter(new EdDSAParameterSpec(true));
        signer.initSign(KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
        var digest = TestEntropy.counting(100, 64);
        signer.update(digest);
        try (var pair =
                open(KeySpec.ECC_NIST_EDWARDS25519, new Ed25519PrivateKeyParameters(seed), ProviderSuite.FLOOR)) {
            assertArrayEquals(
                    signer.sign(), pair.sign(SigningAlgorithm.ED25519_PH_SHA_512, MessageType.DIGEST, digest));
        }
    }

    @Test
    void anMlDsaSeedGivesTheKeyAndTheSignatureVerifies() throws Exception {
        for (var line : Vectors.read("kat-ml-dsa.csv")) {
            var spec = KeySpec.valueOf(line.text(0));
            var key = new MLDSAPrivateKeyParameters(SeedEncoding.mlDsa(spec), line.octets(1));
            try (var pair = open(spec, key, ProviderSuite.FLOOR)) {
                assertTrue(pair.publicKey().toHex().endsWith(line.text(2)));
                assertTrue(verifies(pair, line.octets(3), line.octets(4)));
                var other = line.octets(3);
                other[63] ^= 1;
                assertFalse(verifies(pair, other, line.octets(4)));
            }
        }
    }

    private static boolean verifies(KeyPair pair, byte[] mu, byte[] signature) {
        return pair.verify(SigningAlgorithm.ML_DSA_SHAKE_256, MessageType.EXTERNAL_MU, mu, signature);
    }

    @Test
    void anMlKemSeedGivesTheKeyTheSecretAndTheRejection() throws Exception {
        for (var line : Vectors.read("kat-ml-kem.csv")) {
            var spec = KeySpec.valueOf(line.text(0));
            var key = new MLKEMPrivateKeyParameters(SeedEncoding.mlKem(spec), line.octets(1));
            try (var pair = open(spec, key, ProviderSuite.FLOOR)) {
                assertTrue(pair.publicKey().toHex().endsWith(line.text(2)));
                assertEquals(
                        line.text(4),
                        Bytes.wrap(pair.decapsulate(line.octets(3))).toHex());
                assertEquals(
                        line.text(6),
                        Bytes.wrap(pair.decapsulate(line.octets(5))).toHex());
            }
        }
    }

    @Test
    void macsAsWycheproofDoes() {
        for (var line : Vectors.read("wycheproof-hmac.csv")) {
            try (var key = KeyMaterial.takeFrom(line.octets(2))) {
                boolean verified = HmacKeys.verify(KeySpec.valueOf(line.text(0)), key, line.octets(3), line.octets(4));
                assertEquals(line.text(1).equals("valid"), verified, line.toString());
            }
        }
    }

    @Test
    void unwrapsAsWycheproofDoes() throws Exception {
        for (var line : Vectors.read("wycheproof-aes-kwp.csv")) {
            if (line.text(0).equals("acceptable")) {
                continue;
            }
            try {
                assertArrayEquals(line.octets(2), unwrap(line));
                assertEquals("valid", line.text(0), line.toString());
            } catch (InvalidCiphertextException e) {
                assertEquals("invalid", line.text(0), line.toString());
            }
        }
    }

    private static byte[] unwrap(Line line) throws InvalidCiphertextException {
        return ImportWrapping.unwrapPadded(line.octets(1), line.octets(3));
    }

    private static KeyPair open(KeySpec spec, AsymmetricKeyParameter key, ProviderSuite suite) throws UnsealException {
        try (var material = KeyMaterial.takeFrom(PrivateKeys.encode(key))) {
            return KeyPair.open(spec, material, TestEntropy.shared(), suite);
        }
    }
}
