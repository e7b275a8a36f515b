package dev.strongroom.api;

import java.util.HexFormat;

/** The grammar behind {@link KeyRef}, and the refusals of what does not follow it. */
final class KeyRefSyntax {

    private static final String ALIAS = "alias/";
    private static final String KEY = "key/";
    private static final String MULTI_REGION = "mrk-";

    /** A UUID with dashes; {@code mrk-} with 32 hex digits happens to be as long. */
    private static final int ID_CHARS = 36;

    private KeyRefSyntax() {}

    static KeyRef parse(String text) {
        if (text.startsWith("arn:")) {
            return parseArn(text);
        } else if (text.startsWith(ALIAS)) {
            return new KeyRef.AliasName(text);
        } else if (isKeyId(text)) {
            return new KeyRef.KeyId(text);
        }
        throw KmsException.of(KmsError.NOT_FOUND, "Invalid keyId '" + text + "'");
    }

    private static KeyRef parseArn(String text) {
        // arn : partition : service : region : account : resource; an alias may hold further colons.
        var parts = text.split(":", 6);
        if (parts.length == 6 && parts[1].equals(KeyRef.PARTITION) && parts[2].equals("kms")) {
            if (parts[5].startsWith(ALIAS)) {
                return new KeyRef.AliasArn(parts[3], parts[4], parts[5]);
            } else if (parts[5].startsWith(KEY)) {
                var id = parts[5].substring(KEY.length());
                if (isKeyId(id)) {
                    return new KeyRef.KeyArn(parts[3], parts[4], id);
                }
                // Without the quotes that a bare id gets.
                throw KmsException.of(KmsError.NOT_FOUND, "Invalid keyId " + id);
            }
        }
        // No record of this case is known; the code is one that every operation with a key declares.
        throw KmsException.of(KmsError.NOT_FOUND, "Invalid arn " + text);
    }

    static void requireSame(String region, String requestRegion) {
        if (!region.equals(requestRegion)) {
            throw KmsException.of(KmsError.NOT_FOUND, "Invalid arn " + region);
        }
    }

    private static boolean isKeyId(String text) {
        if (text.length() != ID_CHARS) {
            return false;
        }
        if (text.startsWith(MULTI_REGION)) {
            return isHex(text, MULTI_REGION.length(), ID_CHARS);
        }
        return isHex(text, 0, 8)
                && text.charAt(8) == '-'
                && isHex(text, 9, 13)
                && text.charAt(13) == '-'
                && isHex(text, 14, 18)
                && text.charAt(18) == '-'
                && isHex(text, 19, 23)
                && text.charAt(23) == '-'
                && isHex(text, 24, ID_CHARS);
    }

    private static boolean isHex(String text, int from, int to) {
        for (var i = from; i < to; i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
