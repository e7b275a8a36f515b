package dev.strongroom.gateway.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.Page;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a listing goes on, as text that callers hand back. It is bound to the operation and what it listed, account and
 * Region included; a marker of anything else, or one that was changed, is refused. It names nothing that the caller has not
 * already seen and opens nothing that it could not list anyway, so a checksum is enough.
 */
final class Marker {

    private static final String VERSION = "1";
    private static final char SEPARATOR = '\n';
    private static final int FIELDS = 4;
    private static final int CHECK_BYTES = 8;

    private Marker() {}

    /**
     * The page that {@code marker} asks for, or the first.
     *
     * @param list what is listed, such as {@code ListAliases/1234…}
     * @throws KmsException InvalidMarkerException if the marker is not one of this list
     */
    static Page page(@Nullable String marker, @Nullable Integer limit, int defaultLimit, int maximum, String list) {
        int size = Math.min(limit == null ? defaultLimit : limit, maximum);
        if (marker == null) {
            return new Page("", size, 0);
        }
        try {
            var octets = Base64.getUrlDecoder().decode(marker);
            int start = Math.min(octets.length, CHECK_BYTES);
            var fields =
                    new String(octets, start, octets.length - start, UTF_8).split(String.valueOf(SEPARATOR), FIELDS);
            if (fields.length == FIELDS) {
                long index = Long.parseLong(fields[2]);
                if (index >= 0 && marker.equals(after(fields[3], index, list))) {
                    return new Page(fields[3], size, index);
                }
            }
        } catch (IllegalArgumentException e) {
            throw unusable();
        }
        throw unusable();
    }

    /** The marker after {@code last}, read at {@code index}. */
    static String after(String last, long index, String list) {
        var text = (VERSION + SEPARATOR + list + SEPARATOR + index + SEPARATOR + last).getBytes(UTF_8);
        var octets = ByteBuffer.allocate(CHECK_BYTES + text.length)
                .put(sha256(text), 0, CHECK_BYTES)
                .put(text)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static byte[] sha256(byte[] text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static KmsException unusable() {
        return KmsException.of(KmsError.INVALID_MARKER, "The marker is not valid for this list.");
    }
}
