package dev.strongroom.gateway.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.Page;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a listing goes on, as text that callers hand back. It is bound to the operation and what it listed; a marker of
 * anything else is refused. It names nothing that the caller has not already seen, so it needs no secrecy.
 */
final class Marker {

    private static final String VERSION = "1";
    private static final char SEPARATOR = '\n';
    private static final int FIELDS = 4;

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
            var fields =
                    new String(Base64.getUrlDecoder().decode(marker), UTF_8).split(String.valueOf(SEPARATOR), FIELDS);
            if (fields.length == FIELDS && fields[0].equals(VERSION) && fields[1].equals(list)) {
                long index = Long.parseLong(fields[2]);
                if (index >= 0) {
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
        var text = VERSION + SEPARATOR + list + SEPARATOR + index + SEPARATOR + last;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static KmsException unusable() {
        return KmsException.of(KmsError.INVALID_MARKER, "The marker is not valid for this list.");
    }
}
