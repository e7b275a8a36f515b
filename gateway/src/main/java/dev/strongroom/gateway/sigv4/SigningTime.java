package dev.strongroom.gateway.sigv4;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * When a request says that it was signed.
 *
 * @param compact in the form of the string to sign, such as {@code 20240820T230143Z}
 * @param epochSecond the same as seconds since 1970
 */
record SigningTime(String compact, long epochSecond) {

    private static final int COMPACT_CHARS = 16;
    private static final long WINDOW_MINUTES = 5;
    private static final DateTimeFormatter COMPACT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /**
     * The time in an {@code X-Amz-Date} or {@code Date} header: ISO 8601's basic format or RFC 1123's.
     *
     * @throws KmsException IncompleteSignature if it is neither
     */
    static SigningTime parse(String text) {
        try {
            return isCompact(text) ? ofCompact(text) : ofRfc1123(text);
        } catch (DateTimeException e) {
            throw KmsException.of(
                    KmsError.INCOMPLETE_SIGNATURE, "Date must be in ISO-8601 'basic format'. Got '" + text + "'.");
        }
    }

    /** Eight digits. */
    String date() {
        return compact.substring(0, 8);
    }

    /**
     * Refuses what was signed more than five minutes ago or ahead.
     *
     * @throws KmsException InvalidSignature
     */
    void requireNear(Instant now) {
        long seconds = now.getEpochSecond();
        long window = WINDOW_MINUTES * 60;
        if (epochSecond < seconds - window) {
            throw KmsException.of(
                    KmsError.INVALID_SIGNATURE,
                    "Signature expired: " + compact + " is now earlier than " + print(seconds - window) + " ("
                            + print(seconds) + " - " + WINDOW_MINUTES + " min.)");
        }
        if (epochSecond > seconds + window) {
            throw KmsException.of(
                    KmsError.INVALID_SIGNATURE,
                    "Signature not yet current: " + compact + " is still later than " + print(seconds + window) + " ("
                            + print(seconds) + " + " + WINDOW_MINUTES + " min.)");
        }
    }

    private static boolean isCompact(String text) {
        return text.length() == COMPACT_CHARS && text.charAt(8) == 'T' && text.charAt(15) == 'Z';
    }

    /** By hand: this is on the path of every request. */
    private static SigningTime ofCompact(String text) {
        var time = LocalDateTime.of(
                number(text, 0, 4),
                number(text, 4, 6),
                number(text, 6, 8),
                number(text, 9, 11),
                number(text, 11, 13),
                number(text, 13, 15));
        return new SigningTime(text, time.toEpochSecond(ZoneOffset.UTC));
    }

    private static SigningTime ofRfc1123(String text) {
        long seconds =
                ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toEpochSecond();
        return new SigningTime(print(seconds), seconds);
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException("not a digit");
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static String print(long epochSecond) {
        return COMPACT.format(Instant.ofEpochSecond(epochSecond));
    }
}
