package dev.strongroom.hsm.node.user;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Plaintext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What a node keeps of a user's credential: a salt and SHA-256(label || salt || credential).
 *
 * <p>A plain hash is enough, and a slow one would buy nothing: a credential is 32 random bytes that a ceremony drew, never
 * a password, so guessing it takes 2^255 hashes on average, however fast each is. The salt keeps two users with the same
 * credential from showing it. The record itself is sealed besides.
 *
 * @param salt 16 bytes
 * @param hash 32 bytes
 */
public record CredentialVerifier(Bytes salt, Bytes hash) {

    public static final int CREDENTIAL_BYTES = 32;
    public static final int SALT_BYTES = 16;
    public static final int HASH_BYTES = 32;

    private static final byte[] LABEL = "strongroom credential v1\0".getBytes(StandardCharsets.US_ASCII);

    /** Accepts nothing; checking against it takes as long as against any other. */
    public static final CredentialVerifier NONE =
            new CredentialVerifier(Bytes.wrap(new byte[SALT_BYTES]), Bytes.wrap(new byte[HASH_BYTES]));

    public CredentialVerifier {
        if (salt.length() != SALT_BYTES || hash.length() != HASH_BYTES) {
            throw new IllegalArgumentException("a verifier has a salt of 16 and a hash of 32 bytes");
        }
    }

    /** The verifier of {@code credential} (32 bytes), which stays the caller's. */
    public static CredentialVerifier of(Plaintext credential, Entropy entropy) {
        if (credential.length() != CREDENTIAL_BYTES) {
            throw new IllegalArgumentException("a credential has " + CREDENTIAL_BYTES + " bytes");
        }
        var salt = new byte[SALT_BYTES];
        entropy.fill(salt);
        return new CredentialVerifier(Bytes.wrap(salt), Bytes.wrap(hash(salt, credential)));
    }

    /** Whether {@code credential} is the one, in time that depends on its length only. */
    public boolean accepts(Plaintext credential) {
        return MessageDigest.isEqual(hash.readOnlyArray(), hash(salt.readOnlyArray(), credential))
                && credential.length() == CREDENTIAL_BYTES;
    }

    private static byte[] hash(byte[] salt, Plaintext credential) {
        return credential.use(octets -> Digests.sha256(LABEL, salt, octets));
    }
}
