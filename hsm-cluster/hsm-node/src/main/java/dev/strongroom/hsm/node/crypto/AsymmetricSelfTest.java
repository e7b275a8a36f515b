package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.node.crypto.SelfTest.KnownAnswer;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/**
 * Known answers of the asymmetric primitives, asked of the providers that will serve them, before the first key pair is
 * opened or made: not at start, since a node that serves symmetric keys only need not wait for them.
 */
final class AsymmetricSelfTest {

    private static final byte[] STRONGROOM = ascii("strongroom");

    private final Map<String, byte[]> answers = read();
    private final ProviderSuite suite;
    private final SecureRandom random;

    private AsymmetricSelfTest(ProviderSuite suite, SecureRandom random) {
        this.suite = suite;
        this.random = random;
    }

    /** @throws IllegalStateException with the name of the first primitive that gives a wrong answer */
    static void run(ProviderSuite suite, SecureRandom random) {
        SelfTest.run(knownAnswers(suite, random));
    }

    static List<KnownAnswer> knownAnswers(ProviderSuite suite, SecureRandom random) {
        var test = new AsymmetricSelfTest(suite, random);
        var rsa = test.rsa();
        return List.of(
                test.answer("RSA PKCS#1 v1.5", "rsa-pkcs1-sha256", () -> test.signByRsa(rsa)),
                yes("RSA PSS", () -> test.verifiesPss(rsa)),
                new KnownAnswer("RSA OAEP", Bytes.wrap(STRONGROOM), () -> test.decryptOaep(rsa)),
                yes("ECDSA on P-256", test::verifiesEcdsa),
                yes("ECDSA on secp256k1", test::verifiesOnSecp256k1),
                test.answer("ECDH on P-256", "ecdh-secret", test::agree),
                test.answer("Ed25519", "ed25519-signature", test::signByEd25519),
                test.answer("Ed25519ph", "ed25519ph-signature", test::signByEd25519ph),
                test.answer("ML-DSA key", "ml-dsa-65-public-key-hash", test::mlDsaKey),
                test.answer("ML-DSA signature", "ml-dsa-65-signature-hash", test::mlDsaSignature),
                test.answer("ML-KEM encapsulation", "ml-kem-768-blob-hash", test::mlKemBlob),
                test.answer("ML-KEM decapsulation", "ml-kem-768-secret", test::mlKemSecret),
                yes("SM2 signature", test::verifiesSm2),
                new KnownAnswer("SM2 decryption", Bytes.wrap(ascii("encryption standard")), test::decryptSm2),
                test.answer("AES key wrap", "kwp-material", test::unwrap));
    }

    private KnownAnswer answer(String primitive, String expected, Supplier<byte[]> computed) {
        return new KnownAnswer(primitive, Bytes.wrap(octets(expected)), computed);
    }

    private static KnownAnswer yes(String primitive, Supplier<Boolean> computed) {
        return new KnownAnswer(primitive, Bytes.ofHex("01"), () -> new byte[] {(byte) (computed.get() ? 1 : 0)});
    }

    private RsaKey rsa() {
        var pkcs8 = octets("rsa-key");
        try {
            return new RsaKey(
                    (RSAPrivateCrtKeyParameters) PrivateKeys.parse(KeySpec.RSA_2048, pkcs8), pkcs8, suite, random);
        } catch (InvalidKeyMaterialException e) {
            throw new IllegalStateException("self-test failed: the RSA key is not read", e);
        }
    }

    private byte[] signByRsa(RsaKey rsa) {
        return rsa.sign(SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256, MessageType.RAW, STRONGROOM);
    }

    private boolean verifiesPss(RsaKey rsa) {
        var algorithm = SigningAlgorithm.RSASSA_PSS_SHA_256;
        return onlyTheSignature(
                octets("rsa-pss-sha256"), signature -> rsa.verify(algorithm, MessageType.RAW, STRONGROOM, signature));
    }

    private byte[] decryptOaep(RsaKey rsa) {
        return decrypted(() -> rsa.decrypt(EncryptionAlgorithm.RSAES_OAEP_SHA_256, octets("rsa-oaep-sha256")));
    }

    private boolean verifiesEcdsa() {
        var key = onCurve(Curve.P256, "p256-scalar");
        return onlyTheSignature(
                octets("p256-ecdsa"),
                signature -> key.verify(SigningAlgorithm.ECDSA_SHA_256, MessageType.RAW, ascii("sample"), signature));
    }

    private boolean verifiesOnSecp256k1() {
        var domain = Curve.SECP256K1.domain();
        var point = new ECPublicKeyParameters(domain.getCurve().decodePoint(octets("secp256k1-point")), domain);
        var half = new EcPublicHalf(Curve.SECP256K1, point, suite);
        return onlyTheSignature(
                octets("secp256k1-ecdsa"),
                signature -> half.verify(SigningAlgorithm.ECDSA_SHA_256, MessageType.RAW, ascii("Msg"), signature));
    }

    private byte[] agree() {
        try {
            return onCurve(Curve.P256, "ecdh-scalar").agree(octets("ecdh-peer"));
        } catch (InvalidPublicKeyException e) {
            return new byte[0];
        }
    }

    private EcKey onCurve(Curve curve, String scalar) {
        var key = new ECPrivateKeyParameters(new BigInteger(1, octets(scalar)), curve.domain());
        return new EcKey(curve, key, PrivateKeys.encode(key), suite, random);
    }

    private byte[] signByEd25519() {
        return edwards().sign(SigningAlgorithm.ED25519_SHA_512, MessageType.RAW, new byte[] {0x72});
    }

    private byte[] signByEd25519ph() {
        return edwards().sign(SigningAlgorithm.ED25519_PH_SHA_512, MessageType.DIGEST, new byte[64]);
    }

    private EdwardsKey edwards() {
        return new EdwardsKey(new Ed25519PrivateKeyParameters(octets("ed25519-seed")));
    }

    private MLDSAPrivateKeyParameters mlDsa() {
        return new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_65, octets("ml-dsa-65-seed"));
    }

    private byte[] mlDsaKey() {
        return Digests.sha256(mlDsa().getPublicKey());
    }

    private byte[] mlDsaSignature() {
        // Without a source of randomness the signature is the deterministic one.
        var signer = new MLDSASigner();
        signer.init(true, mlDsa());
        try {
            return Digests.sha256(signer.generateMuSignature(octets("ml-dsa-65-mu")));
        } catch (CryptoException e) {
            return new byte[0];
        }
    }

    private MLKEMPrivateKeyParameters mlKem() {
        return new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, octets("ml-kem-768-seed"));
    }

    private byte[] mlKemMade() {
        return MLKEMGenerator.internalGenerateEncapsulated(
                        mlKem().getPublicKeyParameters(), octets("ml-kem-768-message"))
                .getEncapsulation();
    }

    private byte[] mlKemBlob() {
        return Digests.sha256(mlKemMade());
    }

    private byte[] mlKemSecret() {
        return decrypted(() -> new MlKemKey(mlKem(), random).decapsulate(mlKemMade()));
    }

    private Sm2Key sm2() {
        return new Sm2Key(
                new ECPrivateKeyParameters(new BigInteger(1, octets("sm2-scalar")), Curve.SM2.domain()), random);
    }

    private boolean verifiesSm2() {
        try {
            var signature = StandardDSAEncoding.INSTANCE.encode(
                    Curve.SM2.order(), new BigInteger(1, octets("sm2-r")), new BigInteger(1, octets("sm2-s")));
            return onlyTheSignature(
                    signature,
                    given -> sm2().verify(SigningAlgorithm.SM2DSA, MessageType.RAW, ascii("message digest"), given));
        } catch (IOException e) {
            return false;
        }
    }

    private byte[] decryptSm2() {
        var ciphertext = Sm2Ciphertext.encode(octets("sm2-joined"));
        return decrypted(() -> sm2().decrypt(EncryptionAlgorithm.SM2PKE, ciphertext));
    }

    private byte[] unwrap() {
        return decrypted(() -> ImportWrapping.unwrapPadded(octets("kwp-key"), octets("kwp-wrapped")));
    }

    /** The signature verifies, and with its last bit turned it does not. */
    private static boolean onlyTheSignature(byte[] signature, Predicate<byte[]> verifies) {
        if (!verifies.test(signature)) {
            return false;
        }
        signature[signature.length - 1] ^= 1;
        return !verifies.test(signature);
    }

    private interface Decryption {
        byte[] run() throws InvalidCiphertextException;
    }

    private static byte[] decrypted(Decryption decryption) {
        try {
            return decryption.run();
        } catch (InvalidCiphertextException e) {
            return new byte[0];
        }
    }

    private byte[] octets(String name) {
        var found = answers.get(name);
        if (found == null) {
            throw new IllegalStateException("there is no known answer " + name);
        }
        return found.clone();
    }

    private static Map<String, byte[]> read() {
        var answers = new HashMap<String, byte[]>();
        try (var in = AsymmetricSelfTest.class.getResourceAsStream("known-answers.csv")) {
            if (in == null) {
                throw new IllegalStateException("the known answers are missing from this build");
            }
            for (var line : new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList()) {
                int comma = line.indexOf(',');
                if (!line.startsWith("#")) {
                    answers.put(line.substring(0, comma), HexFormat.of().parseHex(line.substring(comma + 1)));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the known answers cannot be read", e);
        }
        return answers;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
