package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.KeySpec;
import java.io.IOException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.junit.jupiter.api.Test;

/** Private keys as others encode them, and as somebody would who wants us to take in a bad one. */
class ImportedMaterialTest {

    private static final ImportedMaterial IMPORTED = new ImportedMaterial(TestEntropy.shared());
    private static final AlgorithmIdentifier RSA =
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    private static final AlgorithmIdentifier P256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);
    private static final BigInteger ONE = BigInteger.ONE;

    @Test
    void anRsaKeyWhoseNumbersDoNotFitIsRefused() throws Exception {
        var k = (RSAPrivateCrtKeyParameters) PrivateKeys.parse(KeySpec.RSA_2048, octets(KeySpec.RSA_2048));
        BigInteger n = k.getModulus(), e = k.getPublicExponent(), d = k.getExponent(), p = k.getP(), q = k.getQ();
        BigInteger dp = k.getDP(), dq = k.getDQ(), qi = k.getQInv();
        var bad = new LinkedHashMap<String, RSAPrivateKey>();
        bad.put("another modulus", new RSAPrivateKey(n.add(BigInteger.TWO), e, d, p, q, dp, dq, qi));
        bad.put("another exponent", new RSAPrivateKey(n, e.add(BigInteger.TWO), d, p, q, dp, dq, qi));
        bad.put("a small exponent", new RSAPrivateKey(n, BigInteger.valueOf(3), d, p, q, dp, dq, qi));
        bad.put("an even exponent", new RSAPrivateKey(n, BigInteger.valueOf(65538), d, p, q, dp, dq, qi));
        bad.put("another private exponent", new RSAPrivateKey(n, e, d.add(BigInteger.TWO), p, q, dp, dq, qi));
        bad.put("factors 1 and n", new RSAPrivateKey(n, e, d, ONE, n, dp, dq, qi));
        bad.put("factors changed over", new RSAPrivateKey(n, e, d, q, p, dp, dq, qi));
        bad.put("another dP", new RSAPrivateKey(n, e, d, p, q, dp.add(ONE), dq, qi));
        bad.put("another dQ", new RSAPrivateKey(n, e, d, p, q, dp, dq.add(ONE), qi));
        bad.put("another coefficient", new RSAPrivateKey(n, e, d, p, q, dp, dq, qi.add(ONE)));
        bad.put("a negative private exponent", new RSAPrivateKey(n, e, d.negate(), p, q, dp, dq, qi));
        bad.put("zeros", new RSAPrivateKey(n, e, d, p, q, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO));
        for (var key : bad.entrySet()) {
            refused(KeySpec.RSA_2048, key.getKey(), new PrivateKeyInfo(RSA, key.getValue()).getEncoded());
        }
        refused(KeySpec.RSA_3072, "another length", octets(KeySpec.RSA_2048));
        refused(
                KeySpec.RSA_2048,
                "another algorithm",
                new PrivateKeyInfo(
                                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_RSASSA_PSS),
                                new RSAPrivateKey(n, e, d, p, q, dp, dq, qi))
                        .getEncoded());
    }

    /** All numbers fit each other, but one factor is the product of two primes: a modulus that others can factor. */
    @Test
    void anRsaKeyOfCompositeFactorsIsRefused() throws Exception {
        var random = TestEntropy.shared().asSecureRandom();
        var e = BigInteger.valueOf(65537);
        BigInteger a, b, p, q, order;
        do {
            a = BigInteger.probablePrime(512, random);
            b = BigInteger.probablePrime(512, random);
            p = a.multiply(b);
            q = BigInteger.probablePrime(1024, random);
            order = a.subtract(ONE)
                    .multiply(b.subtract(ONE))
                    .multiply(q.subtract(ONE))
                    .multiply(p.subtract(ONE));
        } while (p.bitLength() != 1024
                || p.multiply(q).bitLength() != 2048
                || !order.gcd(e).equals(ONE));
        var d = e.modInverse(p.subtract(ONE).multiply(q.subtract(ONE)));
        var key = new RSAPrivateKey(
                p.multiply(q), e, d, p, q, d.mod(p.subtract(ONE)), d.mod(q.subtract(ONE)), q.modInverse(p));
        refused(KeySpec.RSA_2048, "composite", new PrivateKeyInfo(RSA, key).getEncoded());
    }

    @Test
    void aKeyOnACurveThatContradictsItselfIsRefused() throws Exception {
        var order = Curve.P256.order();
        var g = new DERBitString(Curve.P256.domain().getG().getEncoded(false));
        var bad = Map.of(
                "zero", new ECPrivateKey(256, BigInteger.ZERO),
                "the order", new ECPrivateKey(256, order),
                "beyond the order", new ECPrivateKey(264, order.add(ONE)),
                "another point", new ECPrivateKey(256, BigInteger.TWO, g, null),
                "a point that is none", new ECPrivateKey(256, ONE, new DERBitString(new byte[65]), null),
                "two curves", new ECPrivateKey(256, BigInteger.TWO, SECObjectIdentifiers.secp256k1));
        for (var key : bad.entrySet()) {
            refused(KeySpec.ECC_NIST_P256, key.getKey(), new PrivateKeyInfo(P256, key.getValue()).getEncoded());
        }
        refused(KeySpec.ECC_NIST_P384, "another curve", octets(KeySpec.ECC_NIST_P256));
        refused(KeySpec.SM2, "another curve", octets(KeySpec.ECC_NIST_P256));
        refused(KeySpec.ECC_SECG_P256K1, "another curve", octets(KeySpec.ECC_NIST_P256));
    }

    /** Without the public key, with it, with the curve named twice, compressed: one key, one canonical form. */
    @Test
    void everyUsualFormOfAKeyOnACurveIsTheSameKey() throws Exception {
        var g = Curve.P256.domain().getG();
        var forms = new ECPrivateKey[] {
            new ECPrivateKey(256, ONE),
            new ECPrivateKey(256, ONE, new DERBitString(g.getEncoded(false)), null),
            new ECPrivateKey(256, ONE, new DERBitString(g.getEncoded(true)), null),
            new ECPrivateKey(256, ONE, new DERBitString(g.getEncoded(false)), SECObjectIdentifiers.secp256r1)
        };
        try (var first = IMPORTED.canonical(KeySpec.ECC_NIST_P256, new PrivateKeyInfo(P256, forms[0]).getEncoded())) {
            for (var form : forms) {
                var encoded = new PrivateKeyInfo(P256, form).getEncoded();
                try (var imported = IMPORTED.canonical(KeySpec.ECC_NIST_P256, encoded)) {
                    assertTrue(imported.sameAs(first));
                }
            }
            assertEquals(138, first.length());
        }
    }

    @Test
    void aSeedThatIsNotOneIsRefused() throws Exception {
        var ed25519 = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
        refused(KeySpec.ECC_NIST_EDWARDS25519, "short", info(ed25519, new DEROctetString(new byte[31])));
        refused(
                KeySpec.ECC_NIST_EDWARDS25519,
                "with parameters",
                info(
                        new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519, DERNull.INSTANCE),
                        new DEROctetString(new byte[32])));
        refused(
                KeySpec.ECC_NIST_EDWARDS25519,
                "another public key",
                new PrivateKeyInfo(ed25519, new DEROctetString(new byte[32]), null, new byte[32]).getEncoded());
        refused(
                KeySpec.ECC_NIST_EDWARDS25519,
                "Ed448",
                info(new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed448), new DEROctetString(new byte[32])));
    }

    @Test
    void aPostQuantumKeyNeedsItsSeed() throws Exception {
        var algorithm = new AlgorithmIdentifier(NISTObjectIdentifiers.id_ml_dsa_44);
        var key = new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_44, new byte[32]);
        var seed = new DEROctetString(new byte[32]);
        var expanded = new DEROctetString(key.getEncoded());
        var spoiled = key.getEncoded();
        spoiled[100] ^= 1;
        try (var imported = IMPORTED.canonical(
                KeySpec.ML_DSA_44, info(algorithm, new DERSequence(new ASN1Encodable[] {seed, expanded})))) {
            assertEquals(54, imported.length());
        }
        refused(KeySpec.ML_DSA_44, "expanded only", info(algorithm, expanded));
        refused(KeySpec.ML_DSA_44, "another expanded key", info(algorithm, new DERSequence(new ASN1Encodable[] {
            seed, new DEROctetString(spoiled)
        })));
        refused(KeySpec.ML_DSA_44, "a bare seed", info(algorithm, seed));
    }

    @Test
    void whatIsLongOrNotDerIsRefused() {
        for (var spec : TestKeys.pairs()) {
            refused(spec, "nothing", new byte[0]);
            refused(spec, "zeros", new byte[48]);
            refused(spec, "long", new byte[6145]);
            var more = java.util.Arrays.copyOf(octets(spec), octets(spec).length + 1);
            refused(spec, "a trailing byte", more);
        }
    }

    /** One pair of each kind, used by many at once. */
    @Test
    void aKeyPairServesManyThreads() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try {
            for (var spec : new KeySpec[] {KeySpec.RSA_2048, KeySpec.ECC_NIST_P256, KeySpec.ML_DSA_44, KeySpec.SM2}) {
                var pair = TestKeys.pair(spec);
                var algorithm = TestKeys.algorithms(spec).get(0);
                var type = dev.strongroom.hsm.protocol.MessageType.RAW;
                Callable<Boolean> use = () -> {
                    var message = Thread.currentThread().getName().getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    return pair.verify(algorithm, type, message, pair.sign(algorithm, type, message));
                };
                for (var done : threads.invokeAll(
                        IntStream.range(0, 100).mapToObj(i -> use).toList())) {
                    assertTrue(done.get());
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    private static byte[] info(AlgorithmIdentifier algorithm, ASN1Encodable key) throws IOException {
        return new PrivateKeyInfo(algorithm, key).getEncoded();
    }

    private static byte[] octets(KeySpec spec) {
        var material = TestKeys.material(spec);
        var octets = new byte[material.length()];
        material.read(0, octets, octets.length);
        return octets;
    }

    private static void refused(KeySpec spec, String what, byte[] octets) {
        var before = octets.clone();
        assertThrows(InvalidKeyMaterialException.class, () -> IMPORTED.canonical(spec, octets), what);
        assertArrayEquals(before, octets);
    }
}
