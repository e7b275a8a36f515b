package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalsTest {

    /** Refusals of the moment, which SDKs try again after whatever the operation is. */
    private static final EnumSet<Refusal> NOT_NOW = EnumSet.of(
            Refusal.NOT_OPERATIONAL,
            Refusal.NO_QUORUM,
            Refusal.DEADLINE_EXCEEDED,
            Refusal.UNREACHABLE,
            Refusal.STALE,
            Refusal.NOT_FOUND);

    @ParameterizedTest
    @EnumSource
    void aRefusalOfTheMomentIsAServerErrorThatTheOperationDeclares(Operation operation) {
        for (var refusal : NOT_NOW) {
            var error = Refusals.of(new Refused(refusal), operation, List.of()).error();

            assertTrue(error.status() >= 500, refusal + " of " + operation + " is " + error);
            assertTrue(
                    operation.declaredErrors().contains(error) || error == KmsError.KMS_INTERNAL,
                    operation + " does not declare " + error);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noRefusalShowsItsDetailUnlessItIsACount(Refusal refusal) {
        var text = String.valueOf(Refusals.of(new Refused(refusal, "inner detail"), Operation.ENCRYPT, List.of())
                .getMessage());

        assertEquals(refusal == Refusal.LIMIT_EXCEEDED, text.contains("inner detail"), text);
    }

    @Test
    void aFaultOfOursIsOneToTheCallerToo() {
        for (var refusal : Refusal.values()) {
            var refused = new Refused(refusal);

            if (Refusals.isFault(refused)) {
                assertEquals(
                        KmsError.KMS_INTERNAL,
                        Refusals.of(refused, Operation.ENCRYPT, List.of()).error());
            }
        }
    }
}
