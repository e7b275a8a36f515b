package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.KeySpec;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.jspecify.annotations.Nullable;

/**
 * Private keys that are a seed: Ed25519 (RFC 8410), ML-DSA (RFC 9881), ML-KEM (RFC 9935). An expanded post-quantum key
 * without its seed is refused: the seed cannot be had from it, and it could be one that no seed gives.
 */
final class SeedEncoding {

    private static final int ED25519_BYTES = 32;
    static final int ML_DSA_SEED_BYTES = 32;
    static final int ML_KEM_SEED_BYTES = 64;

    private SeedEncoding() {}

    static Ed25519PrivateKeyParameters parseEd25519(PrivateKeyInfo key)
            throws IOException, InvalidKeyMaterialException {
        requireAlgorithm(EdECObjectIdentifiers.id_Ed25519, key);
        var seed = octets(key.parsePrivateKey(), ED25519_BYTES);
        var parsed = new Ed25519PrivateKeyParameters(seed);
        Arrays.fill(seed, (byte) 0);
        requireSamePublic(parsed.generatePublicKey().getEncoded(), key.getPublicKeyData());
        return parsed;
    }

    static MLDSAPrivateKeyParameters parseMlDsa(KeySpec spec, PrivateKeyInfo key)
            throws IOException, InvalidKeyMaterialException {
        requireAlgorithm(mlDsaOid(mlDsa(spec)), key);
        var choice = key.parsePrivateKey();
        var parsed = new MLDSAPrivateKeyParameters(mlDsa(spec), seed(choice, ML_DSA_SEED_BYTES));
        requireSameExpanded(parsed.getEncoded(), choice);
        requireSamePublic(parsed.getPublicKey(), key.getPublicKeyData());
        return parsed;
    }

    static MLKEMPrivateKeyParameters parseMlKem(KeySpec spec, PrivateKeyInfo key)
            throws IOException, InvalidKeyMaterialException {
        requireAlgorithm(mlKemOid(mlKem(spec)), key);
        var choice = key.parsePrivateKey();
        var parsed = new MLKEMPrivateKeyParameters(mlKem(spec), seed(choice, ML_KEM_SEED_BYTES));
        requireSameExpanded(parsed.getEncoded(), choice);
        requireSamePublic(parsed.getPublicKey(), key.getPublicKeyData());
        return parsed;
    }

    static PrivateKeyInfo encode(Ed25519PrivateKeyParameters key) throws IOException {
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), new DEROctetString(key.getEncoded()));
    }

    static PrivateKeyInfo encode(MLDSAPrivateKeyParameters key) throws IOException {
        return seedForm(mlDsaOid(key.getParameters()), key.getSeed());
    }

    static PrivateKeyInfo encode(MLKEMPrivateKeyParameters key) throws IOException {
        return seedForm(mlKemOid(key.getParameters()), key.getSeed());
    }

    static MLDSAParameters mlDsa(KeySpec spec) {
        return switch (spec) {
            case ML_DSA_44 -> MLDSAParameters.ml_dsa_44;
            case ML_DSA_65 -> MLDSAParameters.ml_dsa_65;
            case ML_DSA_87 -> MLDSAParameters.ml_dsa_87;
            default -> throw new IllegalArgumentException(spec + " is not ML-DSA");
        };
    }

    static MLKEMParameters mlKem(KeySpec spec) {
        return switch (spec) {
            case ML_KEM_512 -> MLKEMParameters.ml_kem_512;
            case ML_KEM_768 -> MLKEMParameters.ml_kem_768;
            case ML_KEM_1024 -> MLKEMParameters.ml_kem_1024;
            default -> throw new IllegalArgumentException(spec + " is not ML-KEM");
        };
    }

    private static ASN1ObjectIdentifier mlDsaOid(MLDSAParameters parameters) {
        if (parameters == MLDSAParameters.ml_dsa_44) {
            return NISTObjectIdentifiers.id_ml_dsa_44;
        }
        return parameters == MLDSAParameters.ml_dsa_65
                ? NISTObjectIdentifiers.id_ml_dsa_65
                : NISTObjectIdentifiers.id_ml_dsa_87;
    }

    private static ASN1ObjectIdentifier mlKemOid(MLKEMParameters parameters) {
        if (parameters == MLKEMParameters.ml_kem_512) {
            return NISTObjectIdentifiers.id_alg_ml_kem_512;
        }
        return parameters == MLKEMParameters.ml_kem_768
                ? NISTObjectIdentifiers.id_alg_ml_kem_768
                : NISTObjectIdentifiers.id_alg_ml_kem_1024;
    }

    private static PrivateKeyInfo seedForm(ASN1ObjectIdentifier algorithm, byte[] seed) throws IOException {
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(algorithm), new DERTaggedObject(false, 0, new DEROctetString(seed)));
    }

    private static void requireAlgorithm(ASN1ObjectIdentifier expected, PrivateKeyInfo key)
            throws InvalidKeyMaterialException {
        var algorithm = key.getPrivateKeyAlgorithm();
        // None of these algorithms has parameters, not even NULL.
        if (!algorithm.getAlgorithm().equals(expected) || algorithm.getParameters() != null) {
            throw new InvalidKeyMaterialException("a private key of another algorithm");
        }
    }

    /** From {@code [0] seed} or {@code SEQUENCE { seed, expandedKey }}; the library's key keeps the array. */
    private static byte[] seed(ASN1Encodable choice, int bytes) throws InvalidKeyMaterialException {
        if (choice instanceof ASN1TaggedObject tagged && tagged.hasContextTag(0)) {
            return octets(ASN1OctetString.getInstance(tagged, false), bytes);
        }
        if (choice instanceof ASN1Sequence both && both.size() == 2) {
            return octets(both.getObjectAt(0), bytes);
        }
        throw new InvalidKeyMaterialException("a private key without its seed");
    }

    private static byte[] octets(ASN1Encodable encoded, int bytes) throws InvalidKeyMaterialException {
        var octets = ASN1OctetString.getInstance(encoded).getOctets();
        if (octets.length != bytes) {
            throw new InvalidKeyMaterialException("a seed has " + bytes + " bytes, this one has " + octets.length);
        }
        return octets.clone();
    }

    private static void requireSameExpanded(byte[] expanded, ASN1Encodable choice) throws InvalidKeyMaterialException {
        try {
            if (choice instanceof ASN1Sequence both
                    && !MessageDigest.isEqual(
                            expanded,
                            ASN1OctetString.getInstance(both.getObjectAt(1)).getOctets())) {
                throw new InvalidKeyMaterialException("the expanded key is not that of the seed");
            }
        } finally {
            Arrays.fill(expanded, (byte) 0);
        }
    }

    private static void requireSamePublic(byte[] computed, @Nullable ASN1BitString said)
            throws InvalidKeyMaterialException {
        if (said != null && !Arrays.equals(computed, said.getOctets())) {
            throw new InvalidKeyMaterialException("the public key is not that of the private key");
        }
    }
}
