package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.People.aRole;
import static dev.strongroom.hsm.node.command.People.aUser;
import static dev.strongroom.hsm.node.command.People.arn;
import static dev.strongroom.hsm.node.command.People.with;
import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class IdentityRecordsTest {

    private static final String SESSION = "arn:aws:sts::111122223333:assumed-role/App/worker";
    private static final String KEY_ID = "AKIAIOSFODNN7EXAMPLE";

    private final TestNode node = new TestNode();
    private final People people = new People(node);

    @BeforeEach
    void makeAccount() {
        people.account(false);
    }

    private IdentityCommand.CreateIdentity creation(IdentityRecord identity) {
        return new IdentityCommand.CreateIdentity(UUID.randomUUID(), identity);
    }

    private Refusal refusal(IdentityRecord identity) {
        return node.refusal(people.admin, creation(identity));
    }

    private IdentityRecord find(IdentityKind kind, String name) {
        return node.call(new IdentityCommand.FindIdentity(
                        new IdentityName(kind, SCOPE.accountId(), name), Freshness.QUORUM))
                .identity();
    }

    private CallerRecords caller(String accessKeyId) {
        return node.call(signing(accessKeyId)).caller();
    }

    private static LookupCommand.DeriveSigningKey signing(String accessKeyId) {
        return new LookupCommand.DeriveSigningKey(
                accessKeyId, "20260304", "eu-west-1", "kms", Bytes.empty(), Freshness.LOCAL);
    }

    private void disable(String accessKeyId, boolean active) {
        var found = (IdentityRecord.AccessKey) find(IdentityKind.ACCESS_KEY, accessKeyId);
        var unused = people.replace(new IdentityRecord.AccessKey(found.identity(), active, Instant.EPOCH));
    }

    @Test
    void whatIsMadeIsFoundWithTheDateOfTheNode() {
        var made = people.user("Ann");

        assertEquals(made, find(IdentityKind.USER, "Ann"));
        assertEquals(made, find(IdentityKind.USER, "ANN"), "names differ by more than the case of letters");
        assertEquals(node.now, made.created());
        assertEquals(node.store.appliedIndex(), made.stamp().revision());
    }

    @Test
    void aNameIsTakenOnceWhateverThePathAndTheCase() {
        var unused = people.user("Ann");

        assertEquals(Refusal.ALREADY_EXISTS, refusal(aUser("user/Ann")));
        assertEquals(Refusal.ALREADY_EXISTS, refusal(aUser("user/a/path/ann")));
        var role = people.create(aRole("role/Ann", "AROAIOSFODNN7EXAMPLE"));
        assertEquals(arn("role/Ann"), role.holder().arn());
    }

    @Test
    void aRepetitionFindsItsOwn() {
        var creation = creation(aUser("user/ann"));
        var first = node.call(people.admin, creation);
        assertEquals(first, node.call(people.admin, creation));

        var replacement = new IdentityCommand.ReplaceIdentity(
                UUID.randomUUID(), with((IdentityRecord.Principal) first.identity(), Map.of("p", "{}")));
        var second = node.call(people.admin, replacement);
        assertEquals(second, node.call(people.admin, replacement));

        var deletion = new IdentityCommand.DeleteIdentity(
                UUID.randomUUID(), first.identity().name());
        assertEquals(new Reply.Done(), node.call(people.admin, deletion));
        assertEquals(new Reply.Done(), node.call(people.admin, deletion));
    }

    @Test
    void nobodyIsMadeInAnAccountThatIsNot() {
        var elsewhere = new HolderRecord(
                People.UNSTAMPED, "arn:aws:iam::999999999999:user/ann", "AIDAIOSFODNN7EXAMPLE", Map.of(), Map.of());
        assertEquals(
                Refusal.NOT_FOUND,
                refusal(new IdentityRecord.Principal(
                        elsewhere, Instant.EPOCH, List.of(), Optional.empty(), Optional.empty())));
    }

    @Test
    void aReplacementRestsOnTheNewestRevisionAndKeepsWhoItIs() {
        var ann = people.user("ann");
        var changed = people.replace(with(ann, Map.of("read", "{}")));
        assertNotEquals(ann.stamp(), changed.stamp());

        assertEquals(
                Refusal.STALE, node.refusal(people.admin, new IdentityCommand.ReplaceIdentity(UUID.randomUUID(), ann)));
        var another = new IdentityRecord.Principal(
                new HolderRecord(changed.stamp(), arn("user/ann"), "AIDAIOSFODNN7ANOTHER", Map.of(), Map.of()),
                Instant.EPOCH,
                List.of(),
                Optional.empty(),
                Optional.empty());
        assertEquals(
                Refusal.MALFORMED,
                node.refusal(people.admin, new IdentityCommand.ReplaceIdentity(UUID.randomUUID(), another)));
        assertEquals(
                Refusal.NOT_FOUND,
                node.refusal(people.admin, new IdentityCommand.ReplaceIdentity(UUID.randomUUID(), aUser("user/bob"))));
    }

    @Nested
    class Policies {

        @Test
        void comeWithTheirHolderAsTheyAreNow() {
            var read = people.policy("Read", "{\"a\":1}");
            var bound = people.policy("Bound", "{\"b\":1}");
            var ann = people.create(with(
                    aUser("user/ann"),
                    List.of(read.policy().arn()),
                    Optional.of(bound.policy().arn())));
            people.accessKey(KEY_ID, ann.holder().arn());

            var before = caller(KEY_ID);
            assertEquals(List.of(read.policy()), before.attached());
            assertEquals(Optional.of(bound.policy()), before.boundary());

            var changed = people.replace(new IdentityRecord.ManagedPolicy(
                    new PolicyRecord(read.stamp(), read.policy().arn(), "{\"a\":2}"), Instant.EPOCH, Instant.EPOCH));
            assertEquals(List.of(changed.policy()), caller(KEY_ID).attached());
            assertEquals(read.created(), changed.created());
        }

        @Test
        void areAttachedOnlyIfTheyExist() {
            var attached = with(aUser("user/ann"), List.of(arn("policy/none")), Optional.empty());
            assertEquals(Refusal.NOT_FOUND, refusal(attached));
            var bounded = with(aUser("user/ann"), List.of(), Optional.of(arn("policy/none")));
            assertEquals(Refusal.NOT_FOUND, refusal(bounded));
        }

        @Test
        void areNotDeletedFromUnderTheirHolder() {
            var read = people.policy("Read", "{}");
            var attached =
                    people.create(with(aUser("user/ann"), List.of(read.policy().arn()), Optional.empty()));
            var deletion = new IdentityCommand.DeleteIdentity(UUID.randomUUID(), read.name());
            assertEquals(Refusal.CONFLICT, node.refusal(people.admin, deletion));

            var bounded = people.replace(
                    with(attached, List.of(), Optional.of(read.policy().arn())));
            assertEquals(
                    Refusal.CONFLICT,
                    node.refusal(people.admin, new IdentityCommand.DeleteIdentity(UUID.randomUUID(), read.name())));

            var unused = people.replace(with(bounded, List.of(), Optional.empty()));
            people.delete(read.name());
        }
    }

    @Nested
    class AccessKeys {

        @Test
        void ofAUserCarryItsRecords() {
            var ann = people.replace(with(people.user("ann"), Map.of("read", "{}")));
            people.accessKey(KEY_ID, ann.holder().arn());

            var caller = caller(KEY_ID);

            var now = (IdentityRecord.Principal) find(IdentityKind.USER, "ann");
            assertEquals(Optional.of(now.holder()), caller.holder());
            assertEquals(arn("user/ann"), caller.identity().principalArn());
            assertEquals(Map.of("read", "{}"), now.holder().inlinePolicies());
            assertEquals(Optional.empty(), caller.session());
        }

        @Test
        void areTwoAHolderAtMost() {
            var ann = people.user("ann");
            for (var holder : List.of(ann.holder().arn(), People.root())) {
                var prefix = holder.equals(People.root()) ? "ROOT" : "USER";
                people.accessKey(prefix + "1", holder);
                people.accessKey(prefix + "2", holder);
                assertEquals(
                        Refusal.LIMIT_EXCEEDED, node.refusal(people.admin, People.accessKeyOf(prefix + "3", holder)));
                people.delete(new IdentityName(IdentityKind.ACCESS_KEY, SCOPE.accountId(), prefix + "1"));
                people.accessKey(prefix + "3", holder);
            }
        }

        @Test
        void areOfUsersThatExistAndOfRootsOnly() {
            var role = people.role("app");
            assertEquals(Refusal.NOT_FOUND, node.refusal(people.admin, People.accessKeyOf(KEY_ID, arn("user/ann"))));
            assertEquals(
                    Refusal.MALFORMED,
                    node.refusal(
                            people.admin,
                            People.accessKeyOf(KEY_ID, role.holder().arn())));
            assertEquals(
                    Refusal.MALFORMED,
                    node.refusal(people.admin, People.accessKeyOf("ASIAIOSFODNN7EXAMPLE", People.root())));
        }

        @Test
        void aDisabledOneIsUnknownUntilItIsEnabled() {
            people.accessKey(KEY_ID, People.root());
            disable(KEY_ID, false);
            assertEquals(Refusal.NOT_FOUND, node.refusal(signing(KEY_ID)));
            disable(KEY_ID, true);
            assertEquals(People.root(), caller(KEY_ID).identity().principalArn());
        }

        @Test
        void endWithTheirUser() {
            var ann = people.user("ann");
            people.accessKey(KEY_ID, ann.holder().arn());
            people.delete(ann.name());

            assertEquals(Refusal.NOT_FOUND, node.refusal(signing(KEY_ID)));
            var again = people.user("ann");
            people.accessKey(KEY_ID, again.holder().arn());
        }

        @Test
        void ofAnotherAccountAreNotFoundUnderThisOne() {
            people.accessKey(KEY_ID, People.root());
            var name = new IdentityName(IdentityKind.ACCESS_KEY, "999999999999", KEY_ID);
            assertEquals(Refusal.NOT_FOUND, node.refusal(new IdentityCommand.FindIdentity(name, Freshness.QUORUM)));
            assertEquals(
                    Refusal.NOT_FOUND,
                    node.refusal(people.admin, new IdentityCommand.DeleteIdentity(UUID.randomUUID(), name)));
        }
    }

    @Test
    void listsComeInPagesInTheOrderOfNames() {
        for (var name : List.of("Carl", "ann", "Bob")) {
            var unused = people.user(name);
        }
        var first = list(IdentityKind.USER, new Page("", 2, 0));
        assertEquals(List.of("ann", "Bob"), names(first));
        assertTrue(first.truncated());

        var second = list(IdentityKind.USER, new Page("bob", 2, first.index()));
        assertEquals(List.of("Carl"), names(second));
        assertFalse(second.truncated());
    }

    @Test
    void aPageOfLongRecordsIsCutToWhatAFrameHolds() {
        for (int i = 0; i < 20; i++) {
            var unused = people.policy("p" + i, "x".repeat(32_768));
        }
        var seen = new ArrayList<String>();
        var page = list(IdentityKind.POLICY, new Page("", 100, 0));
        while (true) {
            seen.addAll(names(page));
            if (!page.truncated()) {
                break;
            }
            assertTrue(page.identities().size() < 20);
            page = list(IdentityKind.POLICY, new Page(seen.get(seen.size() - 1), 100, page.index()));
        }
        assertEquals(20, Set.copyOf(seen).size());
        assertEquals(20, seen.size());
    }

    private Reply.IdentityPage list(IdentityKind kind, Page page) {
        return node.call(people.admin, new IdentityCommand.ListIdentities(kind, SCOPE.accountId(), page));
    }

    private static List<String> names(Reply.IdentityPage page) {
        return page.identities().stream()
                .map(identity -> identity.name().name())
                .toList();
    }

    @Test
    void whoExistsIsSaidExactly() {
        var unused = people.user("ann");
        var role = people.role("App");
        var asked = List.of(
                People.root(),
                arn("user/ann"),
                arn("user/path/ann"),
                arn("user/bob"),
                role.holder().arn(),
                arn("role/App"),
                arn("role/app/app"),
                SESSION,
                "arn:aws:sts::111122223333:assumed-role/None/worker",
                "arn:aws:sts::111122223333:federated-user/ann",
                "arn:aws:iam::999999999999:root",
                "nonsense");

        var closed = node.call(new LookupCommand.FindPrincipals(asked));
        assertEquals(Set.of(People.root(), arn("user/ann"), role.holder().arn(), SESSION), closed.existing());
        var roleId = role.holder().uniqueId();
        assertEquals(
                Set.of(arn("user/ann"), role.holder().arn(), SESSION),
                closed.ids().keySet());
        assertEquals(roleId, closed.ids().get(role.holder().arn()));
        assertEquals(
                roleId + SESSION.substring(SESSION.lastIndexOf('/')).replace('/', ':'),
                closed.ids().get(SESSION));

        people.account(true);
        var open = node.call(new LookupCommand.FindPrincipals(asked));
        assertEquals(
                Set.copyOf(asked.stream()
                        .filter(arn -> arn.contains(SCOPE.accountId()))
                        .toList()),
                open.existing());
        assertEquals(closed.ids(), open.ids(), "only who was made has a unique id");
    }

    @Test
    void anAccountIsNotDeletedAndASecondOneIsNotMade() {
        var account = new IdentityRecord.Account(People.UNSTAMPED, SCOPE.accountId(), true, Instant.EPOCH);
        assertEquals(Refusal.ALREADY_EXISTS, refusal(account));
        assertEquals(
                Refusal.CONFLICT,
                node.refusal(people.admin, new IdentityCommand.DeleteIdentity(UUID.randomUUID(), account.name())));
    }

    @Test
    void anotherNodeOfTheClusterSeesTheSame() {
        var ann = people.replace(with(people.user("ann"), Map.of("read", "{}")));
        people.accessKey(KEY_ID, ann.holder().arn());

        var other = new TestNode(node.rootKey, node.store);

        assertEquals(caller(KEY_ID), other.call(signing(KEY_ID)).caller());
    }
}
