package dev.strongroom.hsm.node.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.protocol.ImportCommand.Terms;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On which terms and in which states material is taken. */
class ImportTermsTest {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    private static Terms until(Instant date) {
        return new Terms(Optional.empty(), Optional.of(date), Optional.empty(), Optional.empty());
    }

    private static Refused refused(Executable work) {
        return assertThrows(Refused.class, work);
    }

    @Test
    void theyMayEndWithinAYearOrNever() {
        ImportRules.requireTerms(
                new Terms(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()), NOW);
        ImportRules.requireTerms(until(NOW.plusMillis(1)), NOW);
        ImportRules.requireTerms(until(NOW.plus(Duration.ofDays(365))), NOW);
    }

    @Test
    void theyMayNotEndBeforeTheyBeginOrLaterThanThat() {
        assertEquals(
                "PAST", refused(() -> ImportRules.requireTerms(until(NOW), NOW)).detail());
        assertEquals(
                "FAR",
                refused(() -> ImportRules.requireTerms(
                                until(NOW.plus(Duration.ofDays(365)).plusMillis(1)), NOW))
                        .detail());
    }

    @ParameterizedTest
    @EnumSource(KeyState.class)
    void materialIsTakenInTheseStates(KeyState state) {
        var key = new KeyRecord(
                new Stamp(1, 2, 3),
                new KeyName(new Scope("111122223333", "eu-west-1"), "1234abcd-12ab-34cd-56ef-1234567890ab"),
                new KeyRecord.Attributes(
                        KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.EXTERNAL, false, NOW),
                KeyRecord.Lifecycle.of(state),
                new KeyRecord.Documents("", "{}", List.of()),
                KeyRecord.Material.NONE);
        switch (state) {
            case ENABLED, DISABLED, PENDING_IMPORT, UPDATING -> ImportRules.requireImportable(key);
            case PENDING_DELETION, PENDING_REPLICA_DELETION ->
                assertEquals(
                        Refusal.KEY_PENDING_DELETION,
                        refused(() -> ImportRules.requireImportable(key)).refusal());
            case CREATING, UNAVAILABLE ->
                assertEquals(
                        Refusal.KEY_UNAVAILABLE,
                        refused(() -> ImportRules.requireImportable(key)).refusal());
        }
    }
}
