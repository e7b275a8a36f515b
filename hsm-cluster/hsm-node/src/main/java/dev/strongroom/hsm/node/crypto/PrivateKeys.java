package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeySpec;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/**
 * Private keys as PKCS#8 (RFC 5208, RFC 5958) in one canonical form for each family, and back:
 *
 * <ul>
 *   <li>RSA: {@code RSAPrivateKey} with all CRT members (RFC 8017, A.1.2)
 *   <li>curves: {@code ECPrivateKey} with the public key and without parameters (RFC 5915), as OpenSSL writes it
 *   <li>Ed25519: the 32-byte seed (RFC 8410)
 *   <li>ML-DSA, ML-KEM: the seed of 32 or 64 bytes as {@code [0]} (RFC 9881, RFC 9935)
 * </ul>
 *
 * Bouncy Castle keeps numbers and seeds of private keys on the heap; nothing here can wipe those.
 */
final class PrivateKeys {

    private PrivateKeys() {}

    /**
     * Reads a key in any of the usual forms.
     *
     * @throws InvalidKeyMaterialException if it is not a key of {@code spec}, or contradicts itself
     */
    static AsymmetricKeyParameter parse(KeySpec spec, byte[] pkcs8) throws InvalidKeyMaterialException {
        if (!isPair(spec)) {
            throw notAPair(spec);
        }
        try {
            var key = PrivateKeyInfo.getInstance(Der.read(pkcs8));
            return switch (spec) {
                case RSA_2048, RSA_3072, RSA_4096 -> RsaEncoding.parse(RsaEncoding.bits(spec), key);
                case ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256K1, SM2 ->
                    EcEncoding.parse(Curve.of(spec), key);
                case ECC_NIST_EDWARDS25519 -> SeedEncoding.parseEd25519(key);
                case ML_DSA_44, ML_DSA_65, ML_DSA_87 -> SeedEncoding.parseMlDsa(spec, key);
                case ML_KEM_512, ML_KEM_768, ML_KEM_1024 -> SeedEncoding.parseMlKem(spec, key);
                case SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> throw new AssertionError(spec);
            };
        } catch (IOException | IllegalArgumentException | ClassCastException | ArithmeticException e) {
            // What the decoders throw at malformed input; their messages may quote it.
            throw new InvalidKeyMaterialException("not a PKCS#8 private key for " + spec);
        }
    }

    /** The canonical form; the caller wipes it. */
    static byte[] encode(AsymmetricKeyParameter key) {
        try {
            PrivateKeyInfo encoded;
            if (key instanceof RSAPrivateCrtKeyParameters rsa) {
                encoded = RsaEncoding.encode(rsa);
            } else if (key instanceof ECPrivateKeyParameters ec) {
                encoded = EcEncoding.encode(ec);
            } else if (key instanceof Ed25519PrivateKeyParameters edwards) {
                encoded = SeedEncoding.encode(edwards);
            } else if (key instanceof MLDSAPrivateKeyParameters mlDsa) {
                encoded = SeedEncoding.encode(mlDsa);
            } else if (key instanceof MLKEMPrivateKeyParameters mlKem) {
                encoded = SeedEncoding.encode(mlKem);
            } else {
                throw new IllegalArgumentException("no private key of ours: " + key.getClass());
            }
            return encoded.getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("a key in memory has an encoding", e);
        }
    }

    /** SubjectPublicKeyInfo in DER (RFC 5280, and for curves RFC 5480: named, point not compressed). */
    static Bytes spki(AsymmetricKeyParameter publicKey) {
        try {
            SubjectPublicKeyInfo encoded = publicKey instanceof ECPublicKeyParameters ec
                    ? EcEncoding.spki(ec)
                    : SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicKey);
            return Bytes.wrap(encoded.getEncoded(ASN1Encoding.DER));
        } catch (IOException e) {
            throw new IllegalStateException("a public key has an encoding", e);
        }
    }

    static boolean isPair(KeySpec spec) {
        return switch (spec) {
            case SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> false;
            default -> true;
        };
    }

    static IllegalArgumentException notAPair(KeySpec spec) {
        return new IllegalArgumentException(spec + " is not a key pair");
    }
}
