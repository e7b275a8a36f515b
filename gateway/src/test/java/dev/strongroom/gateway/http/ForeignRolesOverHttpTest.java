package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/** Whoever may not assume a role is answered letter for letter as if there were none, whatever its own policies say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignRolesOverHttpTest implements AutoCloseable {

    private static final String ACCOUNT = "444455556666";
    /** Policies of users of another account, and of one of the role's own. */
    private static final Map<String, String> POLICIES = Map.of(
            "nobody", "",
            "all", statement("Allow", ""),
            "denied", statement("Deny", ""),
            "by-tag", statement("Deny", ",\"Condition\":{\"StringEquals\":{\"aws:ResourceTag/team\":\"red\"}}"),
            "by-account", statement("Deny", ",\"Condition\":{\"Null\":{\"aws:ResourceAccount\":\"false\"}}"),
            "no-tags", statement("Deny", "").replace("sts:*", "sts:TagSession"));

    private final StsScene scene = new StsScene();

    ForeignRolesOverHttpTest() throws Exception {
        scene.make(new IdentityRecord.Account(new Stamp(0, 0, 0), ACCOUNT, true, Instant.EPOCH));
        scene.make(role("tagged", StsScene.trust("{\"AWS\":\"" + StsScene.arn("user/team/alice") + "\"}", "")));
        scene.make(role("closed", StsScene.trust("\"*\"", "").replace("\"Allow\"", "\"Deny\"")));
        scene.make(role("broken", "{}"));
        scene.make(role("path/app2", StsScene.trust("{\"AWS\":\"" + StsScene.arn("user/team/alice") + "\"}", "")));
        for (var policy : POLICIES.entrySet()) {
            var name = policy.getKey();
            makeUser(ACCOUNT, name, policy.getValue());
            makeUser(StsScene.ACCOUNT, name, policy.getValue());
        }
    }

    private static String statement(String effect, String more) {
        return "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:*\",\"Resource\":\"*\"},{\"Effect\":\"" + effect
                + "\",\"Action\":\"sts:*\",\"Resource\":\"*\"" + more + "}]}";
    }

    private static IdentityRecord role(String name, String trust) {
        var id = "AROA" + (name.replaceAll("[^a-z]", "").toUpperCase(Locale.ROOT) + "A".repeat(16)).substring(0, 16);
        return principal(StsScene.arn("role/" + name), id, "", Optional.of(new IdentityRecord.RoleTerms(trust, 7_200)));
    }

    private static IdentityRecord principal(
            String arn, String id, String policy, Optional<IdentityRecord.RoleTerms> role) {
        var policies = policy.isEmpty() ? Map.<String, String>of() : Map.of("p", policy);
        return new IdentityRecord.Principal(
                new HolderRecord(new Stamp(0, 0, 0), arn, id, Map.of("team", "red"), policies),
                Instant.EPOCH,
                List.of(),
                Optional.empty(),
                role);
    }

    private void makeUser(String account, String name, String policy) throws Exception {
        var arn = "arn:aws:iam::" + account + ":user/" + name;
        var letters = name.replace("-", "").toUpperCase(Locale.ROOT) + (account.equals(ACCOUNT) ? "B" : "C").repeat(16);
        scene.make(principal(arn, "AIDA" + letters.substring(0, 16), policy, Optional.empty()));
        scene.administer(new IdentityCommand.CreateAccessKey(
                UUID.randomUUID(),
                accessKeyId(account, name),
                account,
                arn,
                Plaintext.wrap("secret".getBytes(US_ASCII))));
    }

    private static String accessKeyId(String account, String name) {
        var letters = name.replace("-", "").toUpperCase(Locale.ROOT) + (account.equals(ACCOUNT) ? "B" : "C").repeat(16);
        return "AKIA" + letters.substring(0, 16);
    }

    static Stream<Arguments> callersAndRoles() {
        return Stream.of(ACCOUNT, StsScene.ACCOUNT)
                .flatMap(account -> POLICIES.keySet().stream()
                        .flatMap(name -> Stream.of("tagged", "app", "chained", "web", "closed", "broken", "app2")
                                .map(role -> Arguments.of(account, name, role))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("callersAndRoles")
    void aRoleThatIsNotTheirsReadsLikeOneThatIsNotThere(String account, String name, String role) {
        var caller = AwsBasicCredentials.create(accessKeyId(account, name), "secret");
        for (var more : List.<Consumer<AssumeRoleRequest.Builder>>of(
                asked -> {},
                asked -> asked.tags(Tag.builder().key("a").value("b").build()),
                asked -> asked.sourceIdentity("somebody"),
                asked -> asked.externalId("e-17").durationSeconds(43_000),
                asked -> asked.policy("{}"))) {
            assertEquals(
                    "403 AccessDenied User: arn:aws:iam::" + account + ":user/" + name
                            + " is not authorized to perform: sts:AssumeRole on resource: <role>",
                    answer(caller, role, more));
            assertEquals(answer(caller, "nothing", more), answer(caller, role, more));
        }
    }

    private String answer(AwsCredentials caller, String role, Consumer<AssumeRoleRequest.Builder> more) {
        try (var sts = scene.sts(caller)) {
            var refusal = StsScene.refused(() -> {
                var asked = StsScene.ask(role);
                more.accept(asked);
                var unused = sts.assumeRole(asked.build());
            });
            return refusal.statusCode() + " " + refusal.awsErrorDetails().errorCode() + " "
                    + refusal.awsErrorDetails().errorMessage().replace(StsScene.arn("role/" + role), "<role>");
        }
    }

    @Override
    @AfterAll
    public void close() {
        scene.close();
    }
}
