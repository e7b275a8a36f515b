package dev.strongroom.gateway.sigv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.keys.Failures;
import dev.strongroom.gateway.keys.FreshReads;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.LookupCommand.DeriveSigningKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SigningKeysTest {

    private static final SigningKeys.Name KNOWN =
            new SigningKeys.Name(Message.ACCESS_KEY_ID, "20261124", "eu-west-1", "kms", Bytes.empty());
    private static final SigningKeys.Name UNKNOWN =
            new SigningKeys.Name("AKIDEXAMPLEEXAMPLE02", "20261124", "eu-west-1", "kms", Bytes.empty());

    private final AtomicLong time = new AtomicLong();
    private final IdentityHsm hsm = new IdentityHsm();
    private final SigningKeys keys =
            new SigningKeys(hsm, new FreshReads(time::get, 3, 5), new FreshReads(time::get, 4, 6), time::get);

    private SigningKey find(SigningKeys.Name name, String source) {
        return keys.find(name, source, Freshness.LOCAL).toCompletableFuture().join();
    }

    private KmsError refusal(SigningKeys.Name name, String source) {
        var failure = assertThrows(CompletionException.class, () -> find(name, source));
        return ((KmsException) Failures.cause(failure)).error();
    }

    private List<Freshness> asked() {
        return hsm.asked.stream().map(DeriveSigningKey::freshness).toList();
    }

    @Test
    void aKeyIsAskedForOnce() {
        var first = find(KNOWN, "a");

        assertSame(first, find(KNOWN, "b"));
        assertEquals(List.of(Freshness.LOCAL), asked());
    }

    @Test
    void manyWhoWaitShareOneQuestion() {
        hsm.hold();
        Supplier<CompletionStage<SigningKey>> find = () -> keys.find(KNOWN, "a", Freshness.LOCAL);
        var stages = List.of(find.get(), find.get(), find.get());
        hsm.release();

        var first = stages.get(0).toCompletableFuture().join();
        stages.forEach(stage -> assertSame(first, stage.toCompletableFuture().join()));
        assertEquals(1, hsm.asked.size());
    }

    @Test
    void afterTenSecondsAKeyIsAskedForAgainAndTheOldOneOverwritten() {
        var old = find(KNOWN, "a");
        time.addAndGet(Duration.ofSeconds(10).toNanos());

        var current = find(KNOWN, "a");

        assertTrue(current.sign(new byte[1]).isPresent());
        assertFalse(old.sign(new byte[1]).isPresent());
    }

    @Test
    void keysThatNobodyUsesAreSweptAway() {
        var key = find(KNOWN, "a");
        keys.sweep();
        assertTrue(key.sign(new byte[1]).isPresent());

        time.addAndGet(Duration.ofSeconds(10).toNanos());
        keys.sweep();

        assertFalse(key.sign(new byte[1]).isPresent());
    }

    @Test
    void aCallerInDoubtIsAskedForFresh() {
        var old = find(KNOWN, "a");

        var current =
                keys.find(KNOWN, "a", Freshness.QUORUM).toCompletableFuture().join();

        assertTrue(current.sign(new byte[1]).isPresent());
        assertFalse(old.sign(new byte[1]).isPresent());
        assertEquals(List.of(Freshness.LOCAL, Freshness.QUORUM), asked());
    }

    @Test
    void doubtsAboutACallerAreCountedForTheAccessKeyAndNotForWhereItIs() {
        for (int i = 0; i < 4; i++) {
            var unused = keys.find(KNOWN, "source " + i, Freshness.QUORUM)
                    .toCompletableFuture()
                    .join();
        }

        var failure = assertThrows(
                CompletionException.class,
                () -> keys.find(KNOWN, "source 9", Freshness.QUORUM)
                        .toCompletableFuture()
                        .join());
        assertEquals(KmsError.THROTTLING, ((KmsException) Failures.cause(failure)).error());
        assertEquals(KmsError.UNRECOGNIZED_CLIENT, refusal(UNKNOWN, "source 0"));
    }

    @Test
    void whoseAccessKeyProvesToBeGoneIsAStrangerFromThenOn() {
        var key = find(KNOWN, "a");
        hsm.forget();
        assertSame(key, find(KNOWN, "a"));
        var unused = assertThrows(
                CompletionException.class,
                () -> keys.find(KNOWN, "a", Freshness.QUORUM)
                        .toCompletableFuture()
                        .join());

        assertFalse(key.sign(new byte[1]).isPresent());
        for (int i = 0; i < 3; i++) {
            assertEquals(KmsError.UNRECOGNIZED_CLIENT, refusal(KNOWN, "a"));
        }
        assertEquals(KmsError.THROTTLING, refusal(KNOWN, "a"));
    }

    @Test
    void anAccessKeyThatANodeDoesNotKnowYetIsFoundByAQuorumRead() {
        hsm.knowOnlyFresh();

        assertEquals(IdentityHsm.IDENTITY, find(KNOWN, "a").caller().identity());
        assertEquals(List.of(Freshness.LOCAL, Freshness.QUORUM), asked());
    }

    @Test
    void anUnknownAccessKeyIsLookedUpAgainEveryTime() {
        assertEquals(KmsError.UNRECOGNIZED_CLIENT, refusal(UNKNOWN, "a"));
        assertEquals(KmsError.UNRECOGNIZED_CLIENT, refusal(UNKNOWN, "a"));

        assertEquals(List.of(Freshness.LOCAL, Freshness.QUORUM, Freshness.LOCAL, Freshness.QUORUM), asked());
    }

    @Test
    void aSourceOfNonsenseIsThrottledAndOthersAreNot() {
        for (int i = 0; i < 3; i++) {
            assertEquals(KmsError.UNRECOGNIZED_CLIENT, refusal(UNKNOWN, "a"));
        }
        assertEquals(KmsError.THROTTLING, refusal(UNKNOWN, "a"));
        assertEquals(KmsError.UNRECOGNIZED_CLIENT, refusal(UNKNOWN, "b"));

        time.addAndGet(Duration.ofSeconds(1).toNanos());
        assertEquals(KmsError.UNRECOGNIZED_CLIENT, refusal(UNKNOWN, "a"));
    }

    @Test
    void manySourcesTogetherAreThrottledToo() {
        for (int i = 0; i < 5; i++) {
            assertEquals(KmsError.UNRECOGNIZED_CLIENT, refusal(UNKNOWN, "source " + i));
        }
        assertEquals(KmsError.THROTTLING, refusal(UNKNOWN, "source 5"));
        assertEquals(IdentityHsm.IDENTITY, find(KNOWN, "source 5").caller().identity());
    }
}
