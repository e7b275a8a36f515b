package dev.strongroom.conformance.fault;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;

/**
 * What one client asked and was told, in order; all that the checker knows. Times are of the monotonic clock of this machine,
 * in nanoseconds.
 */
final class ClientLog {

    /** Something that a client did or saw. */
    sealed interface Event {}

    /** CreateKey was acknowledged. */
    record KeyCreated(String keyId) implements Event {}

    /** Encrypt was acknowledged. */
    record Encrypted(String keyId, String text, SdkBytes blob) implements Event {}

    /** A blob was opened; {@code text} is what came out. */
    record Decrypted(SdkBytes blob, String text) implements Event {}

    /**
     * EnableKey or DisableKey.
     *
     * @param acknowledged false if the outcome is unknown
     */
    record StateAsked(String keyId, boolean enabled, boolean acknowledged, long called, long returned)
            implements Event {}

    /** DescribeKey, asked after everything before it in this log. */
    record StateSeen(String keyId, boolean enabled, long called, long returned) implements Event {}

    /** CreateAlias or UpdateAlias. */
    record AliasAsked(String alias, String keyId, boolean acknowledged, long called, long returned) implements Event {}

    /** DescribeKey by alias. */
    record AliasSeen(String alias, String keyId, long called, long returned) implements Event {}

    /** An acknowledged key, or an alias of one, was not there. */
    record Missing(String what) implements Event {}

    /**
     * Encrypt after an acknowledged change that takes the use of the key away, at first as the very next request and through
     * another gateway.
     *
     * @param restricted when the change was called
     * @param acknowledged when it was answered
     */
    record UsedAfter(
            Restriction restriction,
            String keyId,
            long restricted,
            long acknowledged,
            long usedReturned,
            boolean served)
            implements Event {}

    private final List<Event> events = new ArrayList<>();

    /** When anything was answered in the affirmative. */
    private final List<Long> served = new ArrayList<>();

    void add(Event event) {
        events.add(event);
    }

    void servedAt(long nanos) {
        served.add(nanos);
    }

    List<Event> events() {
        return events;
    }

    List<Long> served() {
        return served;
    }
}
