package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.People.aPolicy;
import static dev.strongroom.hsm.node.command.People.aRole;
import static dev.strongroom.hsm.node.command.People.aUser;
import static dev.strongroom.hsm.node.command.People.arn;
import static dev.strongroom.hsm.node.command.People.with;
import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IdentityFormsTest {

    private static final String KEY_ID = "AKIAIOSFODNN7EXAMPLE";

    private final TestNode node = new TestNode();
    private final People people = new People(node);

    @BeforeEach
    void makeAccount() {
        people.account(false);
    }

    private Refusal refusal(IdentityRecord identity) {
        return node.refusal(people.admin, new IdentityCommand.CreateIdentity(UUID.randomUUID(), identity));
    }

    static Stream<IdentityRecord> malformed() {
        var all = new ArrayList<IdentityRecord>();
        for (var resource : List.of(
                "user/",
                "user//ann",
                "user/a b",
                "user/" + "x".repeat(65),
                "user/ä",
                "user/a/b c/ann",
                "role/ann",
                "ann")) {
            all.add(aUser(resource));
        }
        all.add(People.principal("user/ann", "AROAIOSFODNN7EXAMPLE", Optional.empty()));
        all.add(People.principal("user/ann", "ann", Optional.empty()));
        all.add(aRole("role/app", "AIDAIOSFODNN7EXAMPLE"));
        for (var seconds : List.of(0, 3_599, 43_201)) {
            all.add(People.principal(
                    "role/app", "AROAIOSFODNN7EXAMPLE", Optional.of(new IdentityRecord.RoleTerms("{}", seconds))));
        }
        all.add(with(aUser("user/ann"), Map.of("a b", "{}")));
        all.add(with(aUser("user/ann"), List.of(arn("user/bob")), Optional.empty()));
        all.add(with(aUser("user/ann"), List.of("arn:aws:iam::999999999999:policy/x"), Optional.empty()));
        all.add(with(aUser("user/ann"), List.of(arn("policy/x"), arn("policy/x")), Optional.empty()));
        all.add(with(aUser("user/ann"), List.of(), Optional.of("arn:aws:iam::aws:policy/ReadOnly")));
        all.add(tagged(Map.of("", "x")));
        all.add(tagged(Map.of("k".repeat(129), "x")));
        all.add(tagged(Map.of("k", "x".repeat(257))));
        all.add(tagged(Map.of("k", "x", "K", "x")));
        all.add(aPolicy("a b", "{}"));
        for (var issuer : List.of("", "https://x.example", "host/a?b", "-x.example", "host//" + "x".repeat(250))) {
            all.add(provider(issuer, List.of("app")));
        }
        all.add(provider("issuer.example", List.of("")));
        all.add(new IdentityRecord.Account(People.UNSTAMPED, "12345", true, Instant.EPOCH));
        all.add(new IdentityRecord.AccessKey(
                new CallerIdentity(People.UNSTAMPED, KEY_ID, SCOPE.accountId(), People.root()), true, Instant.EPOCH));
        return all.stream();
    }

    private static IdentityRecord tagged(Map<String, String> tags) {
        return new IdentityRecord.Principal(
                new HolderRecord(People.UNSTAMPED, arn("user/ann"), "AIDAIOSFODNN7EXAMPLE", tags, Map.of()),
                Instant.EPOCH,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static IdentityRecord provider(String issuer, List<String> clients) {
        return new IdentityRecord.OidcProvider(
                People.UNSTAMPED,
                IdentityArn.oidcProvider(SCOPE.accountId(), issuer),
                clients,
                "{\"keys\":[]}",
                Instant.EPOCH);
    }

    @ParameterizedTest
    @MethodSource
    void malformed(IdentityRecord identity) {
        assertEquals(Refusal.MALFORMED, refusal(identity));
    }

    static Stream<IdentityRecord> tooMuch() {
        var fiftyOne = new HashMap<String, String>();
        IntStream.range(0, 51).forEach(i -> fiftyOne.put("k" + i, ""));
        var eleven = IntStream.range(0, 11).mapToObj(i -> arn("policy/p" + i)).toList();
        return Stream.of(
                tagged(fiftyOne),
                with(aUser("user/ann"), eleven, Optional.empty()),
                with(aUser("user/ann"), Map.of("p", "x".repeat(32_769))),
                with(
                        aUser("user/ann"),
                        Map.of("p", "x".repeat(32_000), "q", "x".repeat(32_000), "r", "x".repeat(32_000))),
                aPolicy("p", "ä".repeat(16_385)),
                new IdentityRecord.OidcProvider(
                        People.UNSTAMPED,
                        IdentityArn.oidcProvider(SCOPE.accountId(), "issuer.example"),
                        List.of(),
                        "x".repeat(65_537),
                        Instant.EPOCH));
    }

    @ParameterizedTest
    @MethodSource
    void tooMuch(IdentityRecord identity) {
        assertEquals(Refusal.LIMIT_EXCEEDED, refusal(identity));
    }
}
