package dev.strongroom.hsm.node.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.Lifecycle;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** State × use and state × change, as "Key states of AWS KMS keys" has them. */
class KeyRulesTest {

    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");

    /**
     * Per state: use; SetState; SetDescription and SetTags; SetPolicy; ScheduleDeletion; CancelDeletion. A word in small
     * letters is the state afterwards, one in capitals the refusal.
     */
    private static final Map<KeyState, String> TABLE = Map.of(
            KeyState.ENABLED, "ok disabled enabled enabled pending_deletion INVALID_FOR_KEY",
            KeyState.DISABLED, "KEY_DISABLED disabled disabled disabled pending_deletion INVALID_FOR_KEY",
            KeyState.PENDING_IMPORT,
                    "KEY_PENDING_IMPORT KEY_PENDING_IMPORT pending_import pending_import pending_deletion INVALID_FOR_KEY",
            KeyState.PENDING_DELETION,
                    "KEY_PENDING_DELETION KEY_PENDING_DELETION KEY_PENDING_DELETION pending_deletion"
                            + " KEY_PENDING_DELETION disabled",
            KeyState.PENDING_REPLICA_DELETION,
                    "KEY_PENDING_DELETION KEY_PENDING_DELETION KEY_PENDING_DELETION pending_replica_deletion"
                            + " KEY_PENDING_DELETION disabled",
            KeyState.CREATING, "KEY_UNAVAILABLE KEY_UNAVAILABLE creating creating pending_deletion INVALID_FOR_KEY",
            KeyState.UPDATING, "ok KEY_UNAVAILABLE updating updating KEY_UNAVAILABLE INVALID_FOR_KEY",
            KeyState.UNAVAILABLE,
                    "KEY_UNAVAILABLE KEY_UNAVAILABLE unavailable unavailable pending_deletion INVALID_FOR_KEY");

    private static KeyRecord key(KeyState state) {
        var pending = state == KeyState.PENDING_DELETION;
        var id = Bytes.wrap(new byte[16]);
        return new KeyRecord(
                new Stamp(1, 2, 3),
                new KeyName(new Scope("111122223333", "eu-west-1"), "1234abcd-12ab-34cd-56ef-1234567890ab"),
                new KeyRecord.Attributes(
                        KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false, NOW),
                new Lifecycle(state, pending ? Optional.of(NOW.plusSeconds(60)) : Optional.empty(), pending ? 7 : 0),
                new KeyRecord.Documents("", "{}", List.of()),
                KeyRecord.Material.of(List.of(KeyRecord.BackingKey.first(id, "00", NOW))));
    }

    @TestFactory
    Stream<DynamicTest> everyStateAllowsWhatTheTableSays() {
        assertEquals(KeyState.values().length, TABLE.size());
        return TABLE.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey().name(),
                        () -> assertEquals(row.getValue(), String.join(" ", tried(row.getKey())))));
    }

    private static List<String> tried(KeyState state) {
        var key = key(state);
        return List.of(
                outcome(() -> {
                    KeyRules.requireEncrypts(key, EncryptionAlgorithm.SYMMETRIC_DEFAULT, () -> NOW);
                    return "ok";
                }),
                outcome(key, new KeyChange.SetState(KeyState.DISABLED)),
                both(
                        outcome(key, new KeyChange.SetDescription("x")),
                        outcome(key, new KeyChange.SetTags(List.of(new KeyRecord.Tag("a", "b"))))),
                outcome(key, new KeyChange.SetPolicy("{ }")),
                outcome(key, new KeyChange.ScheduleDeletion(7)),
                outcome(key, new KeyChange.CancelDeletion()));
    }

    private static String both(String one, String other) {
        assertEquals(one, other);
        return one;
    }

    private static String outcome(KeyRecord key, KeyChange change) {
        return outcome(() ->
                KeyRules.changed(key, change, NOW).lifecycle().state().name().toLowerCase(Locale.ROOT));
    }

    private static String outcome(Supplier<String> attempt) {
        try {
            return attempt.get();
        } catch (Refused no) {
            return no.refusal().name();
        }
    }

    @Test
    void aKeyIsGoneAtTheInstantOfItsDate() {
        var key = KeyRules.changed(key(KeyState.ENABLED), new KeyChange.ScheduleDeletion(30), NOW);
        var date = NOW.plus(Duration.ofDays(30));

        assertEquals(Optional.of(date), key.lifecycle().deletionDate());
        assertEquals(false, KeyRules.isDestroyed(key, () -> date.minusNanos(1)));
        assertEquals(true, KeyRules.isDestroyed(key, () -> date));
        assertEquals(false, KeyRules.isDestroyed(key(KeyState.ENABLED), () -> Instant.MAX));
    }

    @Test
    void aKeyWithoutMaterialComesBackFromDeletionWaitingForIt() {
        var with = key(KeyState.PENDING_DELETION);
        var without = with.with(KeyRecord.Material.NONE);

        assertEquals(
                Lifecycle.of(KeyState.PENDING_IMPORT),
                KeyRules.changed(without, new KeyChange.CancelDeletion(), NOW).lifecycle());
    }

    @Test
    void aStateIsSetToEnabledOrDisabledOnly() {
        Arrays.stream(KeyState.values())
                .filter(state -> state != KeyState.ENABLED && state != KeyState.DISABLED)
                .forEach(state -> assertThrows(
                        Refused.class,
                        () -> KeyRules.changed(key(KeyState.ENABLED), new KeyChange.SetState(state), NOW),
                        state.name()));
    }

    @Test
    void aChangeTouchesNothingElse() {
        var key = key(KeyState.ENABLED);
        var described = KeyRules.changed(key, new KeyChange.SetDescription("x"), NOW);
        var back = KeyRules.changed(described, new KeyChange.SetDescription(""), NOW);

        assertEquals("x", described.documents().description());
        assertEquals(key, back);
    }
}
