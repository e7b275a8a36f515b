package dev.strongroom.hsm.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.SigV4KeyDerivation;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.UseCommand;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {

    private final TestNode node = new TestNode();

    @Nested
    class Login {

        private final Session session = Session.ofConnection("gateway", "10.0.0.1");

        private SessionCommand.Login login(String user, byte[] credential) {
            return new SessionCommand.Login(user, Plaintext.wrap(credential));
        }

        private UseCommand.GenerateRandom anything() {
            return new UseCommand.GenerateRandom(1);
        }

        @Test
        void opensTheSession() {
            assertEquals(Refusal.LOGIN_REQUIRED, node.refusal(session, anything()));
            assertEquals(
                    new Reply.LoggedIn(Role.CRYPTO_USER), node.call(session, login("gateway", TestNode.credential())));
            assertEquals(1, node.call(session, anything()).octets().length());
        }

        @Test
        void failsAlikeForAnUnknownUserAWrongCredentialAndAnotherName() {
            var unknown = Session.ofConnection("nobody", "10.0.0.2");

            var wrong = node.refused(session, login("gateway", TestEntropy.counting(8, 32)));
            var nobody = node.refused(unknown, login("nobody", TestNode.credential()));
            var other = node.refused(session, login("identity", TestNode.credential()));
            var shorter = node.refused(session, login("gateway", new byte[31]));

            for (var no : List.of(wrong, nobody, other, shorter)) {
                assertEquals(Refusal.LOGIN_FAILED, no.refusal());
                assertEquals(wrong.detail(), no.detail());
            }
            assertEquals(Refusal.LOGIN_REQUIRED, node.refusal(session, anything()));
        }

        @Test
        void waitsAfterFiveFailuresOfOneSource() {
            for (int i = 0; i < 5; i++) {
                assertEquals(Refusal.LOGIN_FAILED, node.refusal(session, login("gateway", new byte[32])));
            }
            assertEquals(Refusal.THROTTLED, node.refusal(session, login("gateway", TestNode.credential())));
            var elsewhere = Session.ofConnection("gateway", "10.0.0.9");
            assertInstanceOf(Reply.LoggedIn.class, node.call(elsewhere, login("gateway", TestNode.credential())));

            node.nanos = 61_000_000_000L;
            assertInstanceOf(Reply.LoggedIn.class, node.call(session, login("gateway", TestNode.credential())));
        }

        @Test
        void aChangeOfTheUserEndsItsSessions() {
            var unused = node.call(session, login("gateway", TestNode.credential()));
            var stored = node.vault.read(index -> index.user("gateway")).orElseThrow();
            var content =
                    new Content.User(TestNode.user("gateway", Role.CRYPTO_USER, Set.of("999999999999"), Set.of()));
            var changed = node.vault.sealer().replace(stored, content, UUID.randomUUID());
            assertInstanceOf(
                    Outcome.Applied.class,
                    node.store
                            .commit(new Transaction(UUID.randomUUID(), List.of(changed)))
                            .toCompletableFuture()
                            .join());

            assertEquals(Refusal.LOGIN_REQUIRED, node.refusal(session, anything()));
            assertInstanceOf(Reply.LoggedIn.class, node.call(session, login("gateway", TestNode.credential())));
        }
    }

    @Nested
    class AccessKeys {

        private static final String ID = "AKIAIOSFODNN7EXAMPLE";
        private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        private static final String ROOT = "arn:aws:iam::111122223333:root";

        private final Session admin = Session.inProcess("identity");
        private final UUID command = UUID.randomUUID();

        private IdentityCommand.CreateAccessKey creation(UUID commandId, String secret) {
            return creation(commandId, ID, "111122223333", ROOT, secret);
        }

        private static IdentityCommand.CreateAccessKey creation(
                UUID commandId, String id, String account, String arn, String secret) {
            return new IdentityCommand.CreateAccessKey(commandId, id, account, arn, TestNode.plaintext(secret));
        }

        private LookupCommand.DeriveSigningKey derivation(String date, String region, String service) {
            return new LookupCommand.DeriveSigningKey(ID, date, region, service, Bytes.empty(), Freshness.LOCAL);
        }

        @Test
        void giveTheSigningKeyOfADayAndNeverTheSecret() {
            var unused = node.call(admin, creation(command, SECRET));

            var reply = node.call(derivation("20260304", "eu-west-1", "kms"));

            try (var secret = KeyMaterial.takeFrom(SECRET.getBytes(StandardCharsets.US_ASCII))) {
                var expected = SigV4KeyDerivation.derive(secret, "20260304", "eu-west-1", "kms");
                assertEquals(Plaintext.wrap(expected), reply.key());
            }
            assertEquals("111122223333", reply.caller().identity().accountId());
            assertEquals(ROOT, reply.caller().identity().principalArn());
            assertEquals(ID, reply.caller().identity().accessKeyId());
            assertEquals(
                    node.store.appliedIndex(), reply.caller().identity().stamp().revision());
        }

        @Test
        void repeatedFindsItsOwnAndNeverOverwrites() {
            assertEquals(new Reply.Done(), node.call(admin, creation(command, SECRET)));
            assertEquals(new Reply.Done(), node.call(admin, creation(command, SECRET)));
            assertEquals(Refusal.ALREADY_EXISTS, node.refusal(admin, creation(UUID.randomUUID(), "another")));

            try (var secret = KeyMaterial.takeFrom(SECRET.getBytes(StandardCharsets.US_ASCII))) {
                var expected = SigV4KeyDerivation.derive(secret, "20260304", "eu-west-1", "kms");
                assertEquals(
                        Plaintext.wrap(expected),
                        node.call(derivation("20260304", "eu-west-1", "kms")).key());
            }
        }

        @Test
        void anUnknownOneIsNotFoundAndOnlyAFreshLookAsksAMajority() {
            long before = node.store.barriers();
            assertEquals(Refusal.NOT_FOUND, node.refusal(derivation("20260304", "eu-west-1", "kms")));
            assertEquals(before, node.store.barriers());

            var fresh = new LookupCommand.DeriveSigningKey(
                    ID, "20260304", "eu-west-1", "kms", Bytes.empty(), Freshness.QUORUM);
            assertEquals(Refusal.NOT_FOUND, node.refusal(fresh));
            assertEquals(before + 1, node.store.barriers());
        }

        @ParameterizedTest
        @CsvSource({"20260303, true", "20260304, true", "20260305, true", "20260302, false", "20260306, false"})
        void aDayIsAtMostOneOff(String date, boolean given) {
            var unused = node.call(admin, creation(command, SECRET));

            if (given) {
                assertEquals(
                        32,
                        node.call(derivation(date, "eu-west-1", "kms")).key().length());
            } else {
                assertEquals(Refusal.MALFORMED, node.refusal(derivation(date, "eu-west-1", "kms")));
            }
        }

        @ParameterizedTest
        @CsvSource({
            "2026-03-04, eu-west-1, kms",
            "20260304Z, eu-west-1, kms",
            "20261332, eu-west-1, kms",
            "'', eu-west-1, kms",
            "20260304, '', kms",
            "20260304, EU-WEST-1, kms",
            "20260304, eu-west-1/x, kms",
            "20260304, eu-west-1, s3",
            "20260304, eu-west-1, KMS",
            "20260304, eu-west-1, ''"
        })
        void otherScopesAreMalformed(String date, String region, String service) {
            var unused = node.call(admin, creation(command, SECRET));

            assertEquals(Refusal.MALFORMED, node.refusal(derivation(date, region, service)));
        }

        @Test
        void aGatewayGetsThemForItsAccountsAndRegionsOnly() {
            var unused = node.call(admin, creation(command, SECRET));
            var derivation = derivation("20260304", "eu-west-1", "kms");

            assertEquals(
                    32, node.call(Session.inProcess("small"), derivation).key().length());
            assertEquals(Refusal.NOT_FOUND, node.refusal(Session.inProcess("elsewhere"), derivation));
            assertEquals(Refusal.NOT_PERMITTED, node.refusal(Session.inProcess("far"), derivation));
        }

        @ParameterizedTest
        @CsvSource({
            "'', 111122223333, arn:aws:iam::111122223333:root",
            "AKIA/IOSFODNN7EXAMPLE, 111122223333, arn:aws:iam::111122223333:root",
            "AKIAIOSFODNN7EXAMPLE, 11112222333, arn:aws:iam::11112222333:root",
            "AKIAIOSFODNN7EXAMPLE, 111122223333, arn:aws:iam::999999999999:root",
            "AKIAIOSFODNN7EXAMPLE, 111122223333, arn:aws:s3::111122223333:root",
            "AKIAIOSFODNN7EXAMPLE, 111122223333, root"
        })
        void malformedOnesAreRefused(String id, String account, String arn) {
            assertEquals(Refusal.MALFORMED, node.refusal(admin, creation(command, id, account, arn, SECRET)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "with space", "tab\t", "ä"})
        void secretsAreVisibleAscii(String secret) {
            assertEquals(Refusal.MALFORMED, node.refusal(admin, creation(command, secret)));
            assertEquals(Refusal.MALFORMED, node.refusal(admin, creation(command, "x".repeat(129))));
        }
    }
}
