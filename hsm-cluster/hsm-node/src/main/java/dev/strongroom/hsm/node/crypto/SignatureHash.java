package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.security.MessageDigest;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;

/** The hash inside a signature algorithm (FIPS 180-4). Messages are hashed by the JDK, which is fastest at it. */
// Its members are never changed; their types, the library's and a thread-local, cannot say so.
@SuppressWarnings("ImmutableEnumChecker")
enum SignatureHash {
    SHA_256(32, Providers.SHA_256, NISTObjectIdentifiers.id_sha256, SHA256Digest::new),
    SHA_384(48, Providers.SHA_384, NISTObjectIdentifiers.id_sha384, SHA384Digest::new),
    SHA_512(64, Providers.SHA_512, NISTObjectIdentifiers.id_sha512, SHA512Digest::new);

    private final int length;
    private final ASN1ObjectIdentifier oid;
    private final Supplier<Digest> padding;
    private final ThreadLocal<MessageDigest> digests;

    SignatureHash(int length, Providers provider, ASN1ObjectIdentifier oid, Supplier<Digest> padding) {
        this.length = length;
        this.oid = oid;
        this.padding = padding;
        this.digests = ThreadLocal.withInitial(provider::digest);
    }

    /** The hash of an RSA or ECDSA algorithm. */
    static SignatureHash of(SigningAlgorithm algorithm) {
        return switch (algorithm) {
            case RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PSS_SHA_256, ECDSA_SHA_256 -> SHA_256;
            case RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PSS_SHA_384, ECDSA_SHA_384 -> SHA_384;
            case RSASSA_PKCS1_V1_5_SHA_512, RSASSA_PSS_SHA_512, ECDSA_SHA_512 -> SHA_512;
            case ED25519_SHA_512, ED25519_PH_SHA_512, ML_DSA_SHAKE_256, SM2DSA ->
                throw new IllegalArgumentException(algorithm + " has a hash of its own inside");
        };
    }

    int length() {
        return length;
    }

    ASN1ObjectIdentifier oid() {
        return oid;
    }

    /** For paddings that hash a little. */
    Digest forPadding() {
        return padding.get();
    }

    /**
     * What is signed: the hash of a RAW message, and a DIGEST as it is.
     *
     * @throws IllegalArgumentException if a DIGEST is not as long as the hash, or it is another type
     */
    byte[] digest(MessageType type, byte[] message) {
        return switch (type) {
            case RAW -> digests.get().digest(message);
            case DIGEST -> {
                if (message.length != length) {
                    throw new IllegalArgumentException(this + " has " + length + " bytes, not " + message.length);
                }
                yield message.clone();
            }
            case EXTERNAL_MU -> throw new IllegalArgumentException("EXTERNAL_MU is for ML-DSA");
        };
    }
}
