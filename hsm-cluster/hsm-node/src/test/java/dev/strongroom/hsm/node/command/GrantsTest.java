package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.SampleGrants.FREE;
import static dev.strongroom.hsm.node.command.SampleGrants.READER;
import static dev.strongroom.hsm.node.command.SampleGrants.RETIRER;
import static dev.strongroom.hsm.node.command.SampleGrants.WRITER;
import static dev.strongroom.hsm.node.command.SampleGrants.creation;
import static dev.strongroom.hsm.node.command.SampleGrants.exactly;
import static dev.strongroom.hsm.node.command.SampleGrants.holding;
import static dev.strongroom.hsm.node.command.SampleGrants.id;
import static dev.strongroom.hsm.node.command.SampleGrants.newId;
import static dev.strongroom.hsm.node.command.SampleGrants.revocation;
import static dev.strongroom.hsm.node.command.SampleGrants.terms;
import static dev.strongroom.hsm.node.command.SampleGrants.toReader;
import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static dev.strongroom.hsm.node.command.TestNode.plaintext;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantCommand.FindGrants.Contexts;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.UseCommand;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GrantsTest {

    private final TestNode node = new TestNode();
    private final KeyRecord key = node.createKey();

    private Optional<GrantRecord> find(GrantAddress address) {
        try {
            return Optional.of(node.call(new GrantCommand.FindGrant(address, Freshness.QUORUM))
                    .grant());
        } catch (Refused refused) {
            assertEquals(Refusal.NOT_FOUND, refused.refusal());
            return Optional.empty();
        }
    }

    private Optional<GrantRecord> byId(GrantRecord grant) {
        return find(new GrantAddress.ById(grant.key(), grant.id()));
    }

    private Optional<GrantRecord> byToken(Bytes token) {
        return find(new GrantAddress.ByToken(token));
    }

    private List<GrantRecord> fitting(String grantee, String operation, Optional<Map<String, String>> context) {
        var contexts = context.map(Contexts::exactly);
        return node.call(new GrantCommand.FindGrants(
                        key.name(), List.of(grantee), List.of(operation), contexts, Freshness.QUORUM))
                .grants();
    }

    private Reply.GrantPage list(Optional<String> id, Optional<String> grantee, Page page) {
        return node.call(new GrantCommand.ListGrants(authority(key), id, grantee, page));
    }

    private Reply.GrantPage retirable(Scope scope, String principal, Page page) {
        return node.call(new GrantCommand.ListRetirableGrants(scope, principal, List.of(), page));
    }

    @Test
    void aGrantIsFoundByItsIdAndByItsToken() {
        var made = SampleGrants.create(node, key, terms(READER, "readers", exactly(Map.of("Volume", "vol-1"))));

        assertEquals(node.now.truncatedTo(ChronoUnit.MILLIS), made.grant().created());
        assertEquals(Optional.of(made.grant()), byId(made.grant()));
        assertEquals(Optional.of(made.grant()), byToken(made.token()));
    }

    @Test
    void everyTokenOfAGrantLeadsToIt() {
        var terms = terms(READER, "readers", FREE);
        var first = SampleGrants.create(node, key, terms);
        var second = SampleGrants.create(node, key, terms);

        assertEquals(first.grant(), second.grant());
        assertNotEquals(first.token(), second.token());
        assertEquals(Optional.of(first.grant()), byToken(second.token()));
    }

    @Test
    void aTokenWithOneBitFlippedIsNone() {
        var token = SampleGrants.create(node, key, toReader()).token().toArray();
        for (int bit = 0; bit < token.length * 8; bit++) {
            var flipped = token.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(Optional.empty(), byToken(Bytes.wrap(flipped)));
        }
        for (int length = 0; length < token.length; length++) {
            assertEquals(Optional.empty(), byToken(Bytes.wrap(Arrays.copyOf(token, length))));
        }
    }

    @Test
    void aTokenOfAnotherClusterIsNone() {
        var other = new TestNode();
        assertEquals(
                Optional.empty(),
                byToken(SampleGrants.create(other, other.createKey(), toReader())
                        .token()));
    }

    @Test
    void theSameNameOnTheSameTermsIsTheSameGrant() {
        var first = SampleGrants.create(node, key, terms(READER, "one", FREE)).grant();

        assertEquals(
                first,
                SampleGrants.create(node, key, terms(READER, "one", FREE)).grant());
        for (var other : List.of(
                terms(READER, "two", FREE),
                terms(WRITER, "one", FREE),
                terms(READER, "one", holding(Map.of())),
                terms(READER, "one", exactly(Map.of("a", "b"))),
                meaning(Optional.of("AROAIOSFODNN7EXAMPLE"), Optional.empty()),
                meaning(Optional.of("AROAIOSFODNN7EXAMPLF"), Optional.empty()),
                meaning(Optional.empty(), Optional.of("AROAIOSFODNN7EXAMPLE")),
                new GrantRecord.Terms(READER, Optional.empty(), List.of("Decrypt", "Encrypt"), FREE, "one"),
                new GrantRecord.Terms(READER, Optional.of(RETIRER), List.of("Decrypt"), FREE, "one"))) {
            assertNotEquals(
                    first.id(), SampleGrants.create(node, key, other).grant().id(), other.toString());
        }
        var ofAnother = node.call(new GrantCommand.CreateGrant(
                UUID.randomUUID(), authority(key), newId(), terms(READER, "one", FREE), "444455556666"));
        assertNotEquals(first.id(), ofAnother.grant().id(), "made by somebody of another account");
        assertNotEquals(
                first.id(),
                SampleGrants.create(node, node.createKey(), terms(READER, "one", FREE))
                        .grant()
                        .id(),
                "on another key");
    }

    private static GrantRecord.Terms meaning(Optional<String> grantee, Optional<String> retiring) {
        return new GrantRecord.Terms(
                new GrantRecord.Party(READER, grantee),
                Optional.of(new GrantRecord.Party(RETIRER, retiring)),
                List.of("Decrypt", "Encrypt"),
                FREE,
                "one");
    }

    @Test
    void withoutANameEveryRequestMakesAGrant() {
        assertNotEquals(
                SampleGrants.create(node, key, toReader()).grant().id(),
                SampleGrants.create(node, key, toReader()).grant().id());
    }

    @Test
    void aRepetitionMeetsTheGrantThatItMade() {
        var command = creation(key, newId(), toReader());
        var first = node.call(command);

        assertEquals(first.grant(), node.call(command).grant());
        assertEquals(
                1,
                list(Optional.empty(), Optional.empty(), new Page("", 10, 0))
                        .grants()
                        .size());
    }

    @Test
    void aNameThatIsFreeAgainGivesAnotherGrantAndTheOldTokenIsNoneOfIt() {
        var old = SampleGrants.create(node, key, terms(READER, "one", FREE));
        var unused = node.call(revocation(key, old.grant()));
        var now = SampleGrants.create(node, key, terms(READER, "one", FREE));

        assertNotEquals(old.grant().id(), now.grant().id());
        assertEquals(Optional.empty(), byToken(old.token()));
        assertEquals(Optional.of(now.grant()), byToken(now.token()));
    }

    @Test
    void whoeverRestsOnAGrantThatEndedIsStale() {
        var grant = SampleGrants.create(node, key, toReader()).grant();
        var relying = new Authority(key.stamp(), List.of(grant.stamp()));
        assertTrue(node.call(new UseCommand.Encrypt(relying, plaintext("x"), AAD))
                        .blob()
                        .length()
                > 0);

        var unused = node.call(revocation(key, grant));

        assertEquals(Refusal.STALE, node.refusal(new UseCommand.Encrypt(relying, plaintext("x"), AAD)));
        assertEquals(Optional.empty(), byId(grant));
    }

    @Test
    void aGrantEndsOnceHoweverOftenTheCommandComes() {
        var grant = SampleGrants.create(node, key, toReader()).grant();
        for (var command : List.<Command<Reply.Done>>of(
                revocation(key, grant),
                new GrantCommand.RetireGrant(
                        UUID.randomUUID(),
                        authority(key),
                        SampleGrants.create(node, key, toReader()).grant().stamp()))) {
            assertEquals(new Reply.Done(), node.call(command));
            assertEquals(new Reply.Done(), node.call(command), "a repetition");
        }
        assertEquals(Refusal.STALE, node.refusal(revocation(key, grant)), "another command");
    }

    @Test
    void aGrantIsEndedInTheNameOfItsOwnKeyOnly() {
        var grant = SampleGrants.create(node, key, toReader()).grant();

        assertEquals(Refusal.MALFORMED, node.refusal(revocation(node.createKey(), grant)));
        assertEquals(
                Refusal.MALFORMED,
                node.refusal(new GrantCommand.RevokeGrant(UUID.randomUUID(), authority(key), key.stamp())));
        assertEquals(Optional.of(grant), byId(grant));
    }

    @Test
    void onlyAGrantWhoseConstraintsAreMetIsFound() {
        var free = SampleGrants.create(node, node.createKey(), toReader()).grant();
        var whole = SampleGrants.create(node, key, terms(READER, "", exactly(Map.of("a", "1", "B", "2"))))
                .grant();
        var part = SampleGrants.create(node, key, terms(READER, "", holding(Map.of("A", "1"))))
                .grant();
        var unused = SampleGrants.create(
                node,
                key,
                new GrantRecord.Terms(
                        READER,
                        Optional.empty(),
                        List.of("Encrypt"),
                        new GrantRecord.Constraints(Optional.empty(), Optional.empty(), Optional.of("arn:aws:x")),
                        ""));

        assertEquals(List.of(), fitting(READER, "Encrypt", Optional.of(Map.of())));
        assertEquals(List.of(part), fitting(READER, "Encrypt", Optional.of(Map.of("a", "1"))));
        assertEquals(
                2,
                fitting(READER, "Encrypt", Optional.of(Map.of("A", "1", "b", "2")))
                        .size());
        assertEquals(List.of(part), fitting(READER, "Encrypt", Optional.of(Map.of("a", "1", "b", "3"))));
        assertEquals(List.of(), fitting(READER, "Encrypt", Optional.of(Map.of("a", "1", "A", "2"))), "ambiguous");
        assertEquals(2, fitting(READER, "Encrypt", Optional.empty()).size(), "constraints do not matter");
        assertEquals(List.of(), fitting(WRITER, "Encrypt", Optional.empty()));
        assertEquals(List.of(), fitting(READER, "Sign", Optional.empty()));
        assertNotEquals(free.key(), whole.key());
    }

    @Test
    void grantsAreListedInPagesByIdAndByGrantee() {
        for (int i = 0; i < 5; i++) {
            var unused = node.call(creation(key, id(i), terms(i == 2 ? WRITER : READER, "", FREE)));
        }
        var first = list(Optional.empty(), Optional.empty(), new Page("", 3, 0));
        var second = list(Optional.empty(), Optional.empty(), new Page(id(2), 3, first.index()));

        assertEquals(List.of(id(0), id(1), id(2)), ids(first));
        assertTrue(first.truncated());
        assertEquals(List.of(id(3), id(4)), ids(second));
        assertEquals(false, second.truncated());
        assertEquals(List.of(id(2)), ids(list(Optional.empty(), Optional.of(WRITER), new Page("", 3, 0))));
        assertEquals(List.of(id(3)), ids(list(Optional.of(id(3)), Optional.empty(), new Page("", 3, 0))));
        assertEquals(List.of(), ids(list(Optional.of(id(3)), Optional.of(WRITER), new Page("", 3, 0))));
        assertEquals(List.of(), ids(list(Optional.of(id(3)), Optional.empty(), new Page(id(3), 3, 0))));
    }

    @Test
    void aListRestsOnWhatWasSeen() {
        var old = authority(key);
        var unused = node.call(
                new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), new KeyChange.SetDescription("new")));

        assertEquals(
                Refusal.STALE,
                node.refusal(new GrantCommand.ListGrants(old, Optional.empty(), Optional.empty(), new Page("", 3, 0))));
        assertEquals(
                Refusal.STALE,
                node.refusal(new GrantCommand.ListRetirableGrants(
                        SCOPE, RETIRER, List.of(key.stamp()), new Page("", 3, 0))));
    }

    @Test
    void whatSomebodyMayRetireIsListedOverAllKeysOfAnAccountAndRegion() {
        var keys = Stream.of(key, node.createKey())
                .sorted((a, b) -> a.name().keyId().compareTo(b.name().keyId()))
                .toList();
        var expected = new ArrayList<String>();
        for (var each : keys) {
            for (int i = 0; i < 2; i++) {
                expected.add(Reply.GrantPage.place(
                        node.call(creation(each, id(i), toReader())).grant()));
            }
        }
        var elsewhere = node.createKey(new Scope(SCOPE.accountId(), "us-east-1"));
        var unused = SampleGrants.create(node, elsewhere, toReader());

        var first = retirable(SCOPE, RETIRER, new Page("", 3, 0));
        var second = retirable(SCOPE, RETIRER, new Page(expected.get(2), 3, first.index()));

        assertEquals(
                expected,
                Stream.concat(first.grants().stream(), second.grants().stream())
                        .map(Reply.GrantPage::place)
                        .toList());
        assertTrue(first.truncated());
        assertEquals(List.of(), retirable(SCOPE, READER, new Page("", 3, 0)).grants());
    }

    @Test
    void grantsGoWithTheirKey() {
        var made = SampleGrants.create(node, key, toReader());
        var now = node.call(new ChangeCommand.ChangeKey(
                        UUID.randomUUID(), authority(key), new KeyChange.ScheduleDeletion(7)))
                .key();
        node.now = node.now.plus(Duration.ofDays(7));

        assertEquals(Optional.empty(), byId(made.grant()), "before the key is swept");
        assertEquals(Optional.empty(), byToken(made.token()));
        assertEquals(List.of(), fitting(READER, "Encrypt", Optional.empty()));
        assertEquals(List.of(), retirable(SCOPE, RETIRER, new Page("", 3, 0)).grants());
        assertEquals(
                Refusal.NOT_FOUND,
                node.refusal(new GrantCommand.ListGrants(
                        authority(now), Optional.empty(), Optional.empty(), new Page("", 3, 0))));

        assertEquals(1, TestNode.sweep(node.sweeper("n1", 1)));
        int left = node.vault.read(index -> index.grants().count(key.name()));
        assertEquals(0, left);
    }

    @Test
    void aKeyThatMayNotBeUsedGetsNoGrants() {
        var disabled = node.call(new ChangeCommand.ChangeKey(
                        UUID.randomUUID(), authority(key), new KeyChange.SetState(KeyState.DISABLED)))
                .key();
        assertEquals(Refusal.KEY_DISABLED, node.refusal(creation(disabled, newId(), toReader())));
        var doomed = node.call(new ChangeCommand.ChangeKey(
                        UUID.randomUUID(), authority(disabled), new KeyChange.ScheduleDeletion(7)))
                .key();
        assertEquals(Refusal.KEY_PENDING_DELETION, node.refusal(creation(doomed, newId(), toReader())));
    }

    @Test
    void anIdIsGivenOnce() {
        var unused = node.call(creation(key, id(1), toReader()));
        assertEquals(Refusal.ALREADY_EXISTS, node.refusal(creation(key, id(1), toReader())));
        assertEquals(Refusal.ALREADY_EXISTS, node.refusal(creation(key, id(1), terms(WRITER, "named", FREE))));
    }

    @TestFactory
    Stream<DynamicTest> aUserSeesAndChangesNothingThatItIsNotMadeFor() {
        return Stream.of("elsewhere", "far")
                .flatMap(user -> SampleGrants.commands(node, key).stream()
                        .map(command -> DynamicTest.dynamicTest(
                                user + " " + command.getClass().getSimpleName(),
                                () -> assertEquals(
                                        Refusal.NOT_PERMITTED, node.refusal(Session.inProcess(user), command)))));
    }

    @Test
    void aTokenTellsNothingToAUserThatIsNotMadeForItsAccount() {
        var byToken = new GrantAddress.ByToken(
                SampleGrants.create(node, key, toReader()).token());
        assertEquals(
                Refusal.NOT_FOUND,
                node.refusal(Session.inProcess("elsewhere"), new GrantCommand.FindGrant(byToken, Freshness.QUORUM)));
    }

    private static List<String> ids(Reply.GrantPage page) {
        return page.grants().stream().map(GrantRecord::id).toList();
    }
}
