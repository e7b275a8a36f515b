package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.alias;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A change that is refused costs an entry of the log, since the no must hold against late copies of the command. */
class RefusedChangesTest {

    private static final int AT_ONCE = 100;

    private final TestNode node = new TestNode();

    private final KeyRecord key = node.createKey();

    private CompletableFuture<Reply.Done> createAlias(String name) {
        return node.executor
                .execute(
                        node.gateway,
                        new ChangeCommand.CreateAlias(UUID.randomUUID(), alias(name), authority(key)),
                        Hsm.NO_REQUEST)
                .toCompletableFuture();
    }

    private static Refusal refusal(CompletableFuture<?> call) {
        var failure = assertThrows(CompletionException.class, call::join);
        return assertInstanceOf(Refused.class, failure.getCause()).refusal();
    }

    @Test
    void aFloodOfChangesThatCannotBeMadeLeavesTheLogToOthers() {
        node.createAlias("taken", key);
        node.store.stall();
        var flood = IntStream.range(0, AT_ONCE)
                .mapToObj(unused -> createAlias("taken"))
                .toList();

        assertEquals(Refusal.THROTTLED, refusal(createAlias("taken")));
        var proper = createAlias("free");
        assertFalse(proper.isDone());
        assertTrue(flood.stream().noneMatch(CompletableFuture::isDone));

        node.store.proceed();
        assertEquals(new Reply.Done(), proper.join());
        flood.forEach(call -> assertEquals(Refusal.ALREADY_EXISTS, refusal(call)));
        assertEquals(Refusal.ALREADY_EXISTS, refusal(createAlias("taken")));
    }
}
