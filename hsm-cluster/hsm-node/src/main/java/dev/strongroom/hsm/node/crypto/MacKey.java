package dev.strongroom.hsm.node.crypto;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key for HMAC-SHA-256 (RFC 2104, FIPS 198-1) over what this node writes for itself. The key lives on the heap: it
 * protects integrity of the journal, no KMS key can be derived from it.
 */
public final class MacKey {

    public static final int TAG_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final ThreadLocal<Mac> macs;

    /** @param key 32 bytes; copied, the caller wipes its own array */
    public MacKey(byte[] key) {
        if (key.length != TAG_BYTES) {
            throw new IllegalArgumentException("a MAC key has 32 bytes, this one has " + key.length);
        }
        var spec = new SecretKeySpec(key, ALGORITHM);
        this.macs = ThreadLocal.withInitial(() -> {
            try {
                var mac = Mac.getInstance(ALGORITHM);
                mac.init(spec);
                return mac;
            } catch (NoSuchAlgorithmException | InvalidKeyException e) {
                throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
            }
        });
    }

    /** The 32-byte tag over the concatenation of {@code parts}; the caller keeps the parts unambiguous. */
    public byte[] tag(byte[]... parts) {
        var mac = macs.get();
        for (var part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /** Whether {@code tag} is the tag over {@code parts}, in time independent of where they differ. */
    public boolean verify(byte[] tag, byte[]... parts) {
        return MessageDigest.isEqual(tag, tag(parts));
    }
}
