package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.KeySpecs;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every use of every kind of key in every state, also in those that no request can bring a key into. */
class UseMatrixTest {

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rows")
    void everyUseEndsAsItShould(KeyKind kind, KeyState state) {
        var world = World.of(
                Sample.key(Sample.ID, KeySpec.valueOf(kind.spec()), KeyUsage.valueOf(kind.usage()), state),
                Sample.key(Sample.OTHER_ID, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, KeyState.ENABLED));
        var wrong = new ArrayList<String>();
        var cases = UseMatrix.of(kind, KeyMetadataView.wireName(state));
        for (var use : cases) {
            var outcome = world.outcome(use.operation(), Sample.json("{" + use.members() + "}"));
            var expected = use.outcome().equals(UseCase.REACHED) ? "ok" : Sample.expand(use.outcome());
            if (!outcome.equals(expected)) {
                wrong.add(use + "\n  should end as " + expected + "\n  and ended as  " + outcome);
            }
        }
        assertEquals(List.of(), wrong, () -> wrong.size() + " of " + cases.size());
    }

    @Test
    void theMatrixIsLargeAndNamesEveryKindOfKey() {
        var kinds = KeyKind.all();
        for (var spec : KeySpecs.all()) {
            var usages = kinds.stream()
                    .filter(kind -> kind.spec().equals(spec))
                    .map(KeyKind::usage)
                    .toList();
            assertTrue(usages.containsAll(KeySpecs.usages(spec)), spec);
        }
        long cases = rows().mapToLong(row -> UseMatrix.of((KeyKind) row[0], KeyMetadataView.wireName((KeyState) row[1]))
                        .size())
                .sum();
        assertTrue(cases > 100_000, "cases: " + cases);
    }

    private static Stream<Object[]> rows() {
        return KeyKind.all().stream()
                .flatMap(kind -> Arrays.stream(KeyState.values()).map(state -> new Object[] {kind, state}));
    }
}
