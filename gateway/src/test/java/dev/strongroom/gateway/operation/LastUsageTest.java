package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.LastUse;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.TrackedUse;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.kms.model.GetKeyLastUsageResponse;
import software.amazon.awssdk.services.kms.model.KeyLastUsageTrackingOperation;

class LastUsageTest {

    private static final World WORLD = World.of(Sample.key(KeyState.ENABLED));
    private static final String REQUEST = Sample.json("{'KeyId':'<ID>'}");
    private static final UUID SERVED = UUID.fromString("1b4e28ba-2fa1-41d2-883f-0016d3cca427");
    private static final Instant WHEN = Instant.parse("2026-11-20T08:00:00.123Z");

    @Test
    void restsOnTheKeyThatWasSeen() {
        var command = WORLD.command(LookupCommand.FindLastUse.class, "GetKeyLastUsage", REQUEST);
        assertEquals(Sample.key(KeyState.ENABLED).stamp(), command.authority().key());
    }

    @Test
    void aKeyThatWasNeverUsedShowsNoUse() {
        assertEquals(
                GetKeyLastUsageResponse.builder()
                        .keyId(Sample.arn(Sample.ID))
                        .keyCreationDate(Sample.CREATED)
                        .trackingStartDate(Sample.CREATED)
                        .build(),
                answer(Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource
    void everyUseHasItsNameInTheApi(TrackedUse use) {
        var shown = answer(Optional.of(new LastUse(use, WHEN, SERVED))).keyLastUsage();
        assertNotEquals(KeyLastUsageTrackingOperation.UNKNOWN_TO_SDK_VERSION, shown.operation());
        assertEquals(use.name(), shown.operation().name());
        assertEquals(WHEN, shown.timestamp());
        assertEquals(SERVED.toString(), shown.kmsRequestId());
        assertEquals(EventId.of(SERVED).toString(), shown.cloudTrailEventId());
        assertNotEquals(shown.kmsRequestId(), shown.cloudTrailEventId());
    }

    @Test
    void anAliasIsRefused() {
        assertEquals(
                "InvalidArnException: Key Aliases are not supported for this operation.",
                WORLD.outcome("GetKeyLastUsage", Sample.json("{'KeyId':'alias/it'}")));
    }

    private static GetKeyLastUsageResponse answer(Optional<LastUse> lastUse) {
        return WORLD.answer(GetKeyLastUsageResponse.class, "GetKeyLastUsage", REQUEST, new Reply.FoundLastUse(lastUse));
    }
}
