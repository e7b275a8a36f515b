package dev.strongroom.hsm.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CommandLimitProperties {

    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofSeconds(25);

    @Provide
    Arbitrary<Command<?>> commands() {
        return AnyValue.command();
    }

    @Property(tries = 2_000)
    void onlyWhatMakesOrTestsRsaKeysIsWaitedForLonger(@ForAll("commands") Command<?> command) {
        assertEquals(takesLong(command) ? LONG : USUAL, command.limit(USUAL), command.getClass()::getSimpleName);
        assertEquals(Duration.ofMinutes(1), command.limit(Duration.ofMinutes(1)));
    }

    private static boolean takesLong(Command<?> command) {
        if (command instanceof UseCommand.Rehearse rehearsal) {
            return takesLong(rehearsal.use());
        }
        return command instanceof ImportCommand.MakeImportParameters
                || command instanceof ImportCommand.ImportMaterial
                || (command instanceof ChangeCommand.CreateKey create
                        && create.key().spec().name().startsWith("RSA_"))
                || (command instanceof UseCommand.GenerateDataKeyPair pair
                        && pair.pair().name().startsWith("RSA_"));
    }
}
