package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.People.arn;
import static dev.strongroom.hsm.node.command.People.with;
import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.SigV4KeyDerivation;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionTerms;
import dev.strongroom.hsm.protocol.Stamp;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionsTest {

    private final TestNode node = new TestNode();
    private final People people = new People(node);
    private IdentityRecord.Principal role = People.aUser("user/none");

    @BeforeEach
    void makeRole() {
        people.account(false);
        role = people.role("App");
    }

    private Reply.MintedSession mint(SessionTerms terms) {
        return node.call(minting(role.holder().arn(), "worker", 3_600, terms));
    }

    private static IdentityCommand.MintSession minting(String arn, String name, int seconds, SessionTerms terms) {
        return new IdentityCommand.MintSession(arn, name, seconds, terms, List.of());
    }

    private static LookupCommand.DeriveSigningKey signing(String accessKeyId, Bytes token) {
        return new LookupCommand.DeriveSigningKey(accessKeyId, "20260304", "eu-west-1", "kms", token, Freshness.LOCAL);
    }

    private static LookupCommand.DeriveSigningKey signing(Reply.MintedSession session) {
        return signing(session.accessKeyId(), session.token());
    }

    @Test
    void aRoleSessionIsKnownAgainOnEveryNodeWithAllThatItSays() {
        var read = people.policy("Read", "{\"a\":1}");
        var terms = new SessionTerms(
                Optional.of(node.now),
                Map.of("team", "b", "unit", "x"),
                List.of("unit"),
                Optional.of("issuer.example"),
                Optional.of("ann"),
                List.of("{\"b\":1}"),
                List.of(read.policy().arn()));
        var minted = mint(terms);

        assertTrue(minted.accessKeyId().matches("ASIA[A-Z2-7]{16}"));
        assertEquals("arn:aws:sts::111122223333:assumed-role/App/worker", minted.principalArn());
        assertEquals(role.holder().uniqueId() + ":worker", minted.uniqueId());
        var issued = node.now.truncatedTo(ChronoUnit.SECONDS);
        assertEquals(issued.plusSeconds(3_600), minted.expires());
        var restarted = new TestNode(node.rootKey, node.store);
        for (var one : List.of(node, restarted)) {
            var reply = one.call(signing(minted));
            assertEquals(expectedKey(minted), reply.key());
            var caller = reply.caller();
            assertEquals(minted.principalArn(), caller.identity().principalArn());
            assertEquals(minted.accessKeyId(), caller.identity().accessKeyId());
            assertEquals(role.stamp(), caller.identity().stamp());
            assertEquals(Optional.of(role.holder()), caller.holder());
            var session = caller.session().orElseThrow();
            assertEquals(issued, session.issued());
            assertEquals(minted.expires(), session.expires());
            assertEquals(terms.multiFactor(), session.multiFactor());
            assertEquals(terms.tags(), session.tags());
            assertEquals(terms.transitiveTagKeys(), session.transitiveTagKeys());
            assertEquals(terms.provider(), session.provider());
            assertEquals(terms.sourceIdentity(), session.sourceIdentity());
            assertEquals(terms.inlinePolicies(), session.inlinePolicies());
            assertEquals(List.of(read.policy()), session.policies());
        }
    }

    private static Plaintext expectedKey(Reply.MintedSession minted) {
        try (var secret = minted.secret().use(octets -> KeyMaterial.takeFrom(octets.clone()))) {
            return Plaintext.wrap(SigV4KeyDerivation.derive(secret, "20260304", "eu-west-1", "kms"));
        }
    }

    @Test
    void usersAndRootsHaveSessionsOfTheirOwnName() {
        var ann = people.user("ann");
        var ofUser = node.call(minting(ann.holder().arn(), "", 129_600, SessionTerms.NONE));
        assertEquals(ann.holder().arn(), ofUser.principalArn());
        assertEquals(ann.holder().uniqueId(), ofUser.uniqueId());
        assertEquals(
                Optional.of(ann.holder()), node.call(signing(ofUser)).caller().holder());

        var ofRoot = node.call(minting(People.root(), "", 3_600, SessionTerms.NONE));
        assertEquals(People.root(), ofRoot.principalArn());
        assertEquals(SCOPE.accountId(), ofRoot.uniqueId());
        var root = node.call(signing(ofRoot)).caller();
        assertEquals(Optional.empty(), root.holder());
        assertTrue(root.session().isPresent());
    }

    @Test
    void aTokenIsOfItsAccessKeyAndWholeOrOfNoUse() {
        var minted = mint(SessionTerms.NONE);
        var other = mint(SessionTerms.NONE);
        assertNotEquals(minted.token(), other.token());
        people.accessKey("AKIAIOSFODNN7EXAMPLE", People.root());

        assertEquals(Refusal.INVALID_SESSION, node.refusal(signing(other.accessKeyId(), minted.token())));
        assertEquals(Refusal.INVALID_SESSION, node.refusal(signing("AKIAIOSFODNN7EXAMPLE", minted.token())));
        assertEquals(Refusal.NOT_FOUND, node.refusal(signing(minted.accessKeyId(), Bytes.empty())));
        assertEquals(Refusal.INVALID_SESSION, new TestNode().refusal(signing(minted)), "of another cluster");
        var octets = minted.token().toArray();
        for (int length = 1; length < octets.length; length++) {
            var cut = Bytes.wrap(Arrays.copyOf(octets, length));
            assertEquals(Refusal.INVALID_SESSION, node.refusal(signing(minted.accessKeyId(), cut)));
        }
        for (int i = 0; i < octets.length; i++) {
            var flipped = octets.clone();
            flipped[i] ^= 1;
            assertEquals(
                    Refusal.INVALID_SESSION,
                    node.refusal(signing(minted.accessKeyId(), Bytes.wrap(flipped))),
                    "byte " + i);
        }
        var longer = Bytes.wrap(Arrays.copyOf(octets, 100_000));
        assertEquals(Refusal.INVALID_SESSION, node.refusal(signing(minted.accessKeyId(), longer)));
    }

    @Test
    void aTokenSaysNothingToWhoeverCarriesIt() {
        var minted = mint(new SessionTerms(
                Optional.empty(),
                Map.of("canary", "c4n4ry"),
                List.of("canary"),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of()));
        var text = new String(minted.token().toArray(), StandardCharsets.ISO_8859_1);
        var secret = minted.secret().use(octets -> new String(octets, StandardCharsets.US_ASCII));
        for (var canary : List.of("c4n4ry", "App", "worker", secret)) {
            assertTrue(!text.contains(canary), canary);
        }
    }

    @Test
    void aSessionEndsWhenItsTimeIsOver() {
        var minted = mint(SessionTerms.NONE);
        node.now = minted.expires().minusMillis(1);
        var unused = node.call(new LookupCommand.DeriveSigningKey(
                minted.accessKeyId(), "20260305", "eu-west-1", "kms", minted.token(), Freshness.LOCAL));
        node.now = minted.expires();
        assertEquals(
                Refusal.EXPIRED_SESSION,
                node.refusal(new LookupCommand.DeriveSigningKey(
                        minted.accessKeyId(), "20260305", "eu-west-1", "kms", minted.token(), Freshness.LOCAL)));
    }

    @Test
    void aSessionEndsWithItsRoleAndAnotherOfThatNameDoesNotInheritIt() {
        var minted = mint(SessionTerms.NONE);
        people.delete(role.name());
        assertEquals(Refusal.NOT_FOUND, node.refusal(signing(minted)));

        var again = people.create(People.aRole("role/app/App", "AROAIOSFODNN7ANOTHER"));
        assertEquals(role.holder().arn(), again.holder().arn());
        assertEquals(Refusal.NOT_FOUND, node.refusal(signing(minted)));
    }

    @Test
    void aChangeOfTheRoleShowsInItsSessions() {
        var minted = mint(SessionTerms.NONE);
        var changed = people.replace(with(role, Map.of("none", "{}")));
        var caller = node.call(signing(minted)).caller();
        assertEquals(changed.stamp(), caller.identity().stamp());
        assertEquals(Map.of("none", "{}"), caller.holder().orElseThrow().inlinePolicies());
    }

    @ParameterizedTest
    @CsvSource({
        "role/app/App, worker, 899, MALFORMED",
        "role/app/App, worker, 7201, MALFORMED",
        "role/app/App, worker, -1, MALFORMED",
        "role/app/App, w, 900, MALFORMED",
        "role/app/App, a b, 900, MALFORMED",
        "role/app/App, '', 900, MALFORMED",
        "role/App, worker, 900, NOT_FOUND",
        "role/none, worker, 900, NOT_FOUND",
        "user/none, '', 900, NOT_FOUND",
        "root, '', 3601, MALFORMED",
        "root, name, 900, MALFORMED",
        "policy/Read, '', 900, NOT_FOUND",
        "nonsense, '', 900, NOT_FOUND"
    })
    void notEverythingIsMinted(String resource, String name, int seconds, Refusal refusal) {
        assertEquals(refusal, node.refusal(minting(arn(resource), name, seconds, SessionTerms.NONE)));
    }

    @Test
    void aSessionRestsOnWhatTheDecisionRestedOn() {
        var stale = new Stamp(
                role.stamp().idHigh(), role.stamp().idLow(), role.stamp().revision());
        var unused = people.replace(with(role, Map.of("p", "{}")));
        assertEquals(
                Refusal.STALE,
                node.refusal(new IdentityCommand.MintSession(
                        role.holder().arn(), "worker", 900, SessionTerms.NONE, List.of(stale))));
    }

    @Test
    void aTokenThatWouldNotFitAHeaderIsNotMade() {
        var terms = new SessionTerms(
                Optional.empty(),
                Map.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of("x".repeat(4_096)),
                List.of());
        assertEquals(Refusal.LIMIT_EXCEEDED, node.refusal(minting(role.holder().arn(), "worker", 900, terms)));
        var unknown = new SessionTerms(
                Optional.empty(),
                Map.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(arn("policy/none")));
        assertEquals(Refusal.NOT_FOUND, node.refusal(minting(role.holder().arn(), "worker", 900, unknown)));
    }

    @Test
    void whatIsHandedDownIsATagOfTheSession() {
        var terms = new SessionTerms(
                Optional.empty(),
                Map.of("team", "red"),
                List.of("Team"),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of());
        assertEquals(Refusal.MALFORMED, node.refusal(minting(role.holder().arn(), "worker", 900, terms)));
    }

    @Test
    void aGatewayMintsAndKnowsSessionsOfItsAccountsOnly() {
        var minted = mint(SessionTerms.NONE);
        var elsewhere = Session.inProcess("elsewhere");
        assertEquals(Refusal.NOT_FOUND, node.refusal(elsewhere, signing(minted)));
        assertEquals(
                Refusal.NOT_PERMITTED,
                node.refusal(elsewhere, minting(role.holder().arn(), "worker", 900, SessionTerms.NONE)));
        assertEquals(
                Refusal.NOT_PERMITTED,
                node.refusal(people.admin, minting(role.holder().arn(), "worker", 900, SessionTerms.NONE)));
        assertEquals(Instant.parse("2026-03-05T00:59:30Z"), minted.expires());
    }
}
