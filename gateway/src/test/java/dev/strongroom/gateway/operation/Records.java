package dev.strongroom.gateway.operation;

import java.util.List;

/** The recorded errors, for whoever asserts them by another way. */
public final class Records {

    private Records() {}

    /**
     * An error that the real service was seen to give.
     *
     * @param number of the record
     * @param request with the shorthands of {@link Sample#expand}
     * @param outcome code and text; one that ends with … goes on with what was added to a list since
     */
    public record Seen(int number, String operation, String request, String outcome) {}

    public static List<Seen> all() {
        return RecordedTextsTest.records()
                .map(row -> new Seen((Integer) row[0], (String) row[1], (String) row[2], (String) row[3]))
                .toList();
    }

    /** What is to be compared with {@code recorded}: all of {@code actual}, or as much of it as was recorded. */
    public static String asFarAs(String recorded, String actual) {
        if (!recorded.endsWith("…")) {
            return actual;
        }
        int length = recorded.length() - 1;
        return actual.length() < length ? actual : actual.substring(0, length) + "…";
    }

    /** The region that the records speak of. */
    public static String region() {
        return Sample.REGION;
    }
}
