package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetSessionTokenRequest;

/**
 * Whoever is taken away is refused by STS on the next request, whatever it asks for and whatever else would be said about
 * that, by a gateway that has just seen its credentials be good (invariant I4).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhoeverIsGoneOverHttpTest implements AutoCloseable {

    /** What is done, past the gateway, to whoever calls. */
    enum Way {
        ACCESS_KEY_OF_USER_DELETED,
        ACCESS_KEY_OF_USER_SWITCHED_OFF,
        ACCESS_KEY_OF_ROOT_DELETED,
        USER_DELETED,
        USER_MADE_ANEW,
        ROLE_OF_SESSION_DELETED,
        ROLE_OF_SESSION_MADE_ANEW
    }

    enum Request {
        GET_CALLER_IDENTITY,
        GET_SESSION_TOKEN,
        ASSUME_ROLE_THAT_IS_OPEN,
        ASSUME_ROLE_THAT_IS_CLOSED,
        ASSUME_ROLE_THAT_IS_NOT_THERE
    }

    private final StsScene scene = new StsScene();
    /** Its seconds are as long as anybody's, and so is what it remembers. */
    private final Gateway gateway = new Gateway(scene.node.gateway(), null, AuditLog.none(), System::nanoTime);

    private int made;

    WhoeverIsGoneOverHttpTest() throws Exception {
        scene.make(StsScene.role("open", StsScene.trust("\"*\"", "")));
    }

    static Stream<Arguments> everyWayAndRequest() {
        return Arrays.stream(Way.values())
                .flatMap(way -> Arrays.stream(Request.values()).map(request -> Arguments.of(way, request)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everyWayAndRequest")
    void whoeverIsGoneIsNobodyOnTheNextRequest(Way way, Request request) throws Exception {
        // Unique ids and ids of access keys, which have it in them, know few digits.
        var name = "gone" + (char) ('a' + made / 26) + (char) ('a' + made++ % 26);
        var caller = caller(way, name);
        try (var sts = client(caller)) {
            assertEquals(StsScene.ACCOUNT, sts.getCallerIdentity().account());

            takeAway(way, name, caller.accessKeyId());

            var refusal = StsScene.refused(() -> ask(sts, request));
            assertEquals(
                    "403 InvalidClientTokenId: The security token included in the request is invalid.",
                    refusal.statusCode() + " " + refusal.awsErrorDetails().errorCode() + ": "
                            + refusal.awsErrorDetails().errorMessage());
        }
    }

    private AwsCredentials caller(Way way, String name) throws Exception {
        return switch (way) {
            case ROLE_OF_SESSION_DELETED, ROLE_OF_SESSION_MADE_ANEW -> {
                scene.make(StsScene.role(name, StsScene.trust("\"*\"", "")));
                yield scene.assumed(StsScene.ALICE, name);
            }
            case ACCESS_KEY_OF_ROOT_DELETED -> accessKey(name, StsScene.arn("root"));
            default -> {
                makeUser(name, "A");
                yield accessKey(name, StsScene.arn("user/" + name));
            }
        };
    }

    private void makeUser(String name, String filler) throws Exception {
        scene.make(StsScene.principal("user/" + name, "AIDA" + padded(name, filler), Optional.empty()));
    }

    private static String padded(String name, String filler) {
        return (name.toUpperCase(Locale.ROOT) + filler.repeat(16)).substring(0, 16);
    }

    private AwsCredentials accessKey(String name, String holder) throws Exception {
        var id = "AKIA" + padded(name, "A");
        scene.accessKey(id, holder, "secret-of-" + name);
        return AwsBasicCredentials.create(id, "secret-of-" + name);
    }

    private void takeAway(Way way, String name, String accessKeyId) throws Exception {
        var accessKey = new IdentityName(IdentityKind.ACCESS_KEY, StsScene.ACCOUNT, accessKeyId);
        switch (way) {
            case ACCESS_KEY_OF_USER_DELETED, ACCESS_KEY_OF_ROOT_DELETED -> delete(accessKey);
            case ACCESS_KEY_OF_USER_SWITCHED_OFF -> switchOff(accessKey);
            case USER_DELETED -> delete(name(StsScene.arn("user/" + name)));
            case USER_MADE_ANEW -> {
                delete(name(StsScene.arn("user/" + name)));
                makeUser(name, "B");
            }
            case ROLE_OF_SESSION_DELETED -> delete(name(StsScene.arn("role/" + name)));
            case ROLE_OF_SESSION_MADE_ANEW -> {
                delete(name(StsScene.arn("role/" + name)));
                scene.make(StsScene.principal(
                        "role/" + name,
                        "AROA" + padded(name, "B"),
                        Optional.of(new IdentityRecord.RoleTerms(StsScene.trust("\"*\"", ""), 7_200))));
            }
        }
    }

    private static IdentityName name(String arn) {
        return IdentityArn.parse(arn).orElseThrow();
    }

    private void delete(IdentityName name) throws Exception {
        scene.administer(new IdentityCommand.DeleteIdentity(UUID.randomUUID(), name));
    }

    private void switchOff(IdentityName name) throws Exception {
        var found = (IdentityRecord.AccessKey) scene.node
                .identityAdmin()
                .call(new IdentityCommand.FindIdentity(name, Freshness.QUORUM))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .identity();
        scene.administer(new IdentityCommand.ReplaceIdentity(
                UUID.randomUUID(), new IdentityRecord.AccessKey(found.identity(), false, found.created())));
    }

    private static void ask(StsClient sts, Request request) {
        var unused = switch (request) {
            case GET_CALLER_IDENTITY ->
                sts.getCallerIdentity(GetCallerIdentityRequest.builder().build());
            case GET_SESSION_TOKEN ->
                sts.getSessionToken(GetSessionTokenRequest.builder().build());
            case ASSUME_ROLE_THAT_IS_OPEN -> sts.assumeRole(StsScene.ask("open").build());
            case ASSUME_ROLE_THAT_IS_CLOSED ->
                sts.assumeRole(StsScene.ask("chained").build());
            case ASSUME_ROLE_THAT_IS_NOT_THERE ->
                sts.assumeRole(StsScene.ask("nobody").build());
        };
    }

    private StsClient client(AwsCredentials credentials) {
        return StsScene.sts(gateway, StaticCredentialsProvider.create(credentials));
    }

    @Override
    @AfterAll
    public void close() {
        gateway.close();
        scene.close();
    }
}
