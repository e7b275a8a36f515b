package dev.strongroom.gateway.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyDirectoryTest {

    private static final Scope SCOPE = new Scope("111122223333", "eu-west-1");
    private static final KeyAddress ID =
            new KeyAddress.ById(new KeyName(SCOPE, "1234abcd-12ab-34cd-56ef-1234567890ab"));
    private static final AliasName NAME = new AliasName(SCOPE, "alias/orders");
    private static final KeyAddress ALIAS = new KeyAddress.ByAlias(NAME);

    private final List<Freshness> asked = new ArrayList<>();
    private Optional<KeyRecord> key = Optional.of(key(1));
    private Refusal refusal = Refusal.NOT_FOUND;
    private final KeyDirectory directory = new KeyDirectory(hsm(), new FreshReads(() -> 0, 2, 10));

    private static KeyRecord key(long revision) {
        return new KeyRecord(
                new Stamp(7, 7, revision),
                new KeyName(SCOPE, "1234abcd-12ab-34cd-56ef-1234567890ab"),
                new KeyRecord.Attributes(
                        KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false, Instant.EPOCH),
                KeyRecord.Lifecycle.of(KeyState.ENABLED),
                new KeyRecord.Documents("", "{}", List.of()),
                KeyRecord.Material.NONE);
    }

    private Hsm hsm() {
        return new Hsm() {
            @Override
            @SuppressWarnings("unchecked") // FindKey is a Command<Reply.FoundKey>, and so on
            public <R extends Reply> CompletionStage<R> call(Command<R> command, UUID servedRequest) {
                if (command instanceof LookupCommand.FindAliasNames names) {
                    asked.add(names.freshness());
                    var all = "alias/" + asked.size();
                    return CompletableFuture.completedStage(
                            (R) new Reply.FoundAliasNames(new Stamp(8, 8, asked.size()), List.of(all)));
                }
                var find = (LookupCommand.FindKey) command;
                asked.add(find.freshness());
                var alias = find.address() instanceof KeyAddress.ByAlias byAlias
                        ? Optional.of(new AliasRecord(
                                new Stamp(8, 8, 1),
                                byAlias.name(),
                                "1234abcd-12ab-34cd-56ef-1234567890ab",
                                Instant.EPOCH,
                                Instant.EPOCH))
                        : Optional.<AliasRecord>empty();
                return key.map(found -> CompletableFuture.completedStage((R) new Reply.FoundKey(found, alias)))
                        .orElseGet(() -> CompletableFuture.failedStage(new Refused(refusal)));
            }
        };
    }

    private void remember(KeyAddress address) {
        assertTrue(find(address).isPresent());
    }

    private Optional<Long> find(KeyAddress address) {
        return revision(directory.find(address));
    }

    private static Optional<Long> revision(CompletionStage<Optional<Reply.FoundKey>> stage) {
        return stage.toCompletableFuture()
                .join()
                .map(found -> found.key().stamp().revision());
    }

    @Test
    void aKeyIsRememberedByWhatItWasCalled() {
        assertEquals(Optional.of(1L), find(ID));
        assertEquals(Optional.of(1L), find(ID));
        assertEquals(Optional.of(1L), find(ALIAS));

        assertEquals(List.of(Freshness.LOCAL, Freshness.LOCAL), asked);
        assertEquals(
                NAME,
                directory
                        .find(ALIAS)
                        .toCompletableFuture()
                        .join()
                        .orElseThrow()
                        .alias()
                        .orElseThrow()
                        .name());
    }

    @Test
    void aRecordThatWasSentAlongIsSeenByEveryName() {
        remember(ID);
        remember(ALIAS);

        directory.refresh(key(5));

        assertEquals(Optional.of(5L), find(ID));
        assertEquals(Optional.of(5L), find(ALIAS));
        assertEquals(2, asked.size());
    }

    @Test
    void anOlderRecordDoesNotReplaceANewerOne() {
        directory.refresh(key(5));
        remember(ID);

        assertEquals(Optional.of(5L), find(ID));
    }

    @Test
    void ofTwoPicturesOfAMultiRegionKeyTheLaterStays() {
        directory.refresh(shared(2, 9));
        directory.refresh(shared(2, 4));
        remember(ID);

        assertEquals(
                9,
                directory
                        .find(ID)
                        .toCompletableFuture()
                        .join()
                        .orElseThrow()
                        .key()
                        .newestRevision());
    }

    private static KeyRecord shared(long revision, long sharedRevision) {
        var regions = new KeyRecord.MultiRegion(new Stamp(6, 6, sharedRevision), "eu-west-1", List.of());
        return key(revision)
                .with(new KeyRecord.Material(List.of(), Optional.empty(), Optional.empty(), Optional.of(regions)));
    }

    @Test
    void whatIsAskedForFreshIsRememberedToo() {
        assertEquals(Optional.of(1L), revision(directory.findFresh(ID, List.of())));
        assertEquals(Optional.of(1L), find(ID));

        assertEquals(List.of(Freshness.QUORUM), asked);
    }

    @Test
    void aMissingKeyIsForgotten() {
        remember(ID);
        key = Optional.empty();

        assertEquals(Optional.empty(), revision(directory.findFresh(ID, List.of())));
        assertEquals(Optional.empty(), find(ID));
        assertEquals(3, asked.size());
    }

    @ParameterizedTest
    @EnumSource(
            value = Refusal.class,
            names = {"NOT_FOUND", "MALFORMED", "NOT_PERMITTED"})
    void whatCannotBeOrMayNotBeSeenIsMissing(Refusal no) {
        key = Optional.empty();
        refusal = no;

        assertEquals(Optional.empty(), find(ID));
    }

    @ParameterizedTest
    @EnumSource(
            value = Refusal.class,
            names = {"NOT_FOUND", "MALFORMED", "NOT_PERMITTED"},
            mode = EnumSource.Mode.EXCLUDE)
    void anyOtherRefusalIsNoAnswer(Refusal other) {
        key = Optional.empty();
        refusal = other;

        var failure = assertThrows(CompletionException.class, () -> find(ID));
        assertEquals(other, ((Refused) Failures.cause(failure)).refusal());
    }

    @Test
    void doubtHasItsPrice() {
        for (int i = 0; i < 2; i++) {
            assertEquals(Optional.of(1L), revision(directory.findFreshInDoubt(ID, List.of(), "a")));
        }

        var failure =
                assertThrows(CompletionException.class, () -> revision(directory.findFreshInDoubt(ID, List.of(), "a")));
        assertEquals(KmsError.THROTTLING, ((KmsException) Failures.cause(failure)).error());
        assertEquals(Optional.of(1L), revision(directory.findFreshInDoubt(ID, List.of(), "b")));
        assertEquals(Optional.of(1L), revision(directory.findFresh(ID, List.of())));
    }

    @Test
    void aliasesAreRememberedUntilTheyAreInDoubt() {
        var name = ((KeyAddress.ById) ID).name();
        var first =
                directory.aliases(name, Freshness.LOCAL).toCompletableFuture().join();
        assertEquals(List.of("alias/1"), first.names());
        assertEquals(
                first,
                directory.aliases(name, Freshness.LOCAL).toCompletableFuture().join());

        var fresh =
                directory.aliases(name, Freshness.QUORUM).toCompletableFuture().join();

        assertEquals(List.of("alias/2"), fresh.names());
        assertEquals(List.of(new Stamp(8, 8, 2)), fresh.records());
        assertEquals(
                fresh,
                directory.aliases(name, Freshness.LOCAL).toCompletableFuture().join());
        assertEquals(List.of(Freshness.LOCAL, Freshness.QUORUM), asked);
    }
}
