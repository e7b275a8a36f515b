package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Fingerprints: hashes of public bytes, keyed names of records, check values of keys. */
public final class Digests {

    public static final int KEYED_ID_BYTES = 16;
    public static final int CHECK_VALUE_BYTES = 16;

    private static final byte[] MATERIAL_ID_LABEL = "strongroom material id v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = new byte[0];

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Providers.SHA_256::digest);

    private Digests() {}

    /** SHA-256 (FIPS 180-4) over the concatenation of {@code parts}; the caller keeps the parts unambiguous. */
    public static byte[] sha256(byte[]... parts) {
        var digest = SHA_256.get();
        for (var part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** SHA-256 over {@code count} bytes of {@code octets} from {@code offset} on. */
    public static byte[] sha256(byte[] octets, int offset, int count) {
        var digest = SHA_256.get();
        digest.update(octets, offset, count);
        return digest.digest();
    }

    /**
     * A name for {@code parts} that says nothing about them to whoever lacks {@code key}: 16 bytes of HMAC-SHA-256, each
     * part preceded by its length, so that no two lists of parts encode alike.
     */
    public static byte[] keyedId(KeyMaterial key, byte[]... parts) {
        int bytes = 0;
        for (var part : parts) {
            bytes += Integer.BYTES + part.length;
        }
        var path = ByteBuffer.allocate(bytes);
        for (var part : parts) {
            path.putInt(part.length).put(part);
        }
        return Kbkdf.derive(key, "strongroom keyed id v1", path.array(), KEYED_ID_BYTES);
    }

    /** What the API shows as KeyMaterialId: 64 hex digits that belong to the backing key, not to its bytes. */
    public static String materialId(Bytes backingKeyId) {
        return HexFormat.of().formatHex(sha256(MATERIAL_ID_LABEL, backingKeyId.readOnlyArray()));
    }

    /**
     * The id of a backing key that was imported: 16 bytes, the same for the same bytes given to the same key, so that what
     * was encrypted under them opens again after they were deleted and came back. It is the output of a pseudorandom
     * function keyed by the material: it helps to test a guess at the material, which any ciphertext under it does too.
     */
    public static byte[] importedKeyId(KeyMaterial material, String accountId, String keyId) {
        var account = accountId.getBytes(StandardCharsets.UTF_8);
        var id = keyId.getBytes(StandardCharsets.UTF_8);
        // The length stands in the context because HMAC pads short keys with zeros and hashes long ones.
        var context = ByteBuffer.allocate(3 * Integer.BYTES + account.length + id.length)
                .putInt(material.length())
                .putInt(account.length)
                .put(account)
                .putInt(id.length)
                .put(id);
        return Kbkdf.derive(material, "strongroom imported key id v1", context.array(), KEYED_ID_BYTES);
    }

    /** 16 bytes that tell whether two nodes hold the same key, and nothing else about it. */
    public static byte[] checkValue(KeyMaterial key) {
        return Kbkdf.derive(key, "strongroom kcv v1", NOTHING, CHECK_VALUE_BYTES);
    }
}
