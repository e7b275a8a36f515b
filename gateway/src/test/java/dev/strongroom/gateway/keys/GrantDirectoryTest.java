package dev.strongroom.gateway.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantCommand.FindGrants.Contexts;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class GrantDirectoryTest {

    private static final KeyName KEY =
            new KeyName(new Scope("111122223333", "eu-west-1"), "1234abcd-12ab-34cd-56ef-1234567890ab");
    private static final String ALICE = "arn:aws:iam::111122223333:user/alice";
    private static final GrantAddress TOKEN = new GrantAddress.ByToken(Bytes.wrap(new byte[] {1}));

    private final List<Freshness> asked = new ArrayList<>();
    private List<GrantRecord> grants = List.of(grant(1));
    private Refusal refusal = Refusal.NOT_FOUND;
    private final GrantDirectory directory = new GrantDirectory(hsm(), new FreshReads(() -> 0, 2, 10));

    private static GrantRecord grant(long revision) {
        return new GrantRecord(
                new Stamp(5, 5, revision),
                KEY,
                "ab".repeat(32),
                new GrantRecord.Terms(
                        ALICE,
                        Optional.empty(),
                        List.of("Encrypt"),
                        new GrantRecord.Constraints(Optional.empty(), Optional.empty(), Optional.empty()),
                        ""),
                "111122223333",
                Instant.EPOCH);
    }

    private Hsm hsm() {
        return new Hsm() {
            @Override
            @SuppressWarnings("unchecked") // each command is answered with the reply that it names
            public <R extends Reply> CompletionStage<R> call(Command<R> command, UUID servedRequest) {
                if (command instanceof GrantCommand.FindGrants find) {
                    asked.add(find.freshness());
                    return CompletableFuture.completedStage((R) new Reply.FoundGrants(grants));
                }
                asked.add(((GrantCommand.FindGrant) command).freshness());
                return grants.isEmpty()
                        ? CompletableFuture.failedStage(new Refused(refusal))
                        : CompletableFuture.completedStage((R) new Reply.FoundGrant(grants.get(0)));
            }
        };
    }

    private static GrantCommand.FindGrants question(Map<String, String> context, Freshness freshness) {
        return new GrantCommand.FindGrants(
                KEY, List.of(ALICE), List.of("Encrypt"), Optional.of(Contexts.exactly(context)), freshness);
    }

    /** Revisions of what is found. */
    private List<Long> find(Freshness freshness) {
        return directory
                .find(question(Map.of("a", "b"), freshness))
                .toCompletableFuture()
                .join()
                .find("ab".repeat(32))
                .map(grant -> grant.stamp().revision())
                .stream()
                .toList();
    }

    @Test
    void whatWasFoundIsRememberedByWhatWasAsked() {
        assertEquals(List.of(1L), find(Freshness.LOCAL));
        assertEquals(List.of(1L), find(Freshness.LOCAL));
        var other = directory.find(question(Map.of("a", "c"), Freshness.LOCAL));

        assertEquals(1, other.toCompletableFuture().join().size());
        assertEquals(List.of(Freshness.LOCAL, Freshness.LOCAL), asked);
    }

    @Test
    void thatNothingWasFoundIsNotRemembered() {
        grants = List.of();
        assertEquals(List.of(), find(Freshness.LOCAL));
        grants = List.of(grant(1));
        assertEquals(List.of(1L), find(Freshness.LOCAL));
    }

    @Test
    void whoeverDoubtsAsksAnewAndTheAnswerIsRemembered() {
        assertEquals(List.of(1L), find(Freshness.LOCAL));
        grants = List.of(grant(2));
        assertEquals(List.of(2L), find(Freshness.QUORUM));
        assertEquals(List.of(2L), find(Freshness.LOCAL));
        grants = List.of();
        assertEquals(List.of(), find(Freshness.QUORUM));
        assertEquals(List.of(), find(Freshness.LOCAL), "what is over is forgotten");
    }

    @Test
    void answersToLongContextsAreNotRemembered() {
        var question = question(Map.of("a", "x".repeat(1_024)), Freshness.LOCAL);
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    1, directory.find(question).toCompletableFuture().join().size());
        }
        assertEquals(2, asked.size());
    }

    @Test
    void aTokenOfNoGrantLeadsNowhereAndItsDoubtsHaveAPrice() {
        grants = List.of();
        for (var no : List.of(Refusal.NOT_FOUND, Refusal.NOT_PERMITTED, Refusal.MALFORMED)) {
            refusal = no;
            assertEquals(Optional.empty(), look(Freshness.LOCAL));
        }
        assertEquals(Optional.empty(), look(Freshness.QUORUM));
        assertEquals(Optional.empty(), look(Freshness.QUORUM));
        var tooMany = assertThrows(CompletionException.class, () -> look(Freshness.QUORUM));
        assertEquals(
                "ThrottlingException",
                assertInstanceOf(KmsException.class, tooMany.getCause()).error().code());
        refusal = Refusal.NO_QUORUM;
        assertThrows(CompletionException.class, () -> look(Freshness.LOCAL));
    }

    private Optional<GrantRecord> look(Freshness freshness) {
        return directory.find(TOKEN, freshness, "AKIA").toCompletableFuture().join();
    }
}
