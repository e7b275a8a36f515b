package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.Tag;

/**
 * What is changed through one gateway, or past all of them, counts for the next request through the other, which remembers
 * otherwise: a refusal as well as a permission (invariant I4).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangesBiteTest {

    private static final String ACCOUNT = "111122223333";
    private static final String ROOT = "arn:aws:iam::" + ACCOUNT + ":root";
    private static final String ALICE = "arn:aws:iam::" + ACCOUNT + ":user/alice";
    private static final SdkBytes DATA = SdkBytes.fromUtf8String("attack at dawn");

    private LiveCallers callers;

    @BeforeAll
    void open() throws Exception {
        callers = new LiveCallers();
    }

    @AfterAll
    void close() {
        callers.close();
    }

    private KmsClient root() {
        return callers.of(ROOT);
    }

    private String newKey() {
        return root().createKey(key -> {}).keyMetadata().arn();
    }

    @CanIgnoreReturnValue
    private static String encrypt(KmsClient client, String key) {
        return client.encrypt(request -> request.keyId(key).plaintext(DATA)).keyId();
    }

    private static String refusal(Runnable call) {
        var details = assertThrows(KmsException.class, call::run).awsErrorDetails();
        return details.errorCode() + ": " + details.errorMessage();
    }

    private static String allow(String... actions) {
        return policy("Allow", actions);
    }

    private static String policy(String effect, String... actions) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"" + effect + "\",\"Action\":[\""
                + String.join("\",\"", actions) + "\"],\"Resource\":\"*\"}}";
    }

    private static String denied(String action, String resource, String reason) {
        return "AccessDeniedException: User: " + ALICE + " is not authorized to perform: " + action + " on resource: "
                + resource + " " + reason;
    }

    @Test
    void aKeyPolicyIsTheNewOneEverywhere() {
        callers.give(ALICE);
        var key = newKey();
        var open = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + ROOT
                + "\"},\"Action\":\"kms:*\",\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + ALICE
                + "\"},\"Action\":\"kms:Encrypt\",\"Resource\":\"*\"}]}";
        var closed = open.replace("kms:Encrypt", "kms:Decrypt");
        var there = callers.elsewhere(ALICE);
        for (int i = 0; i < 5; i++) {
            var unused = root().putKeyPolicy(put -> put.keyId(key).policy(open));
            assertEquals(key, encrypt(there, key));

            unused = root().putKeyPolicy(put -> put.keyId(key).policy(closed));
            assertEquals(
                    denied("kms:Encrypt", key, "because no identity-based policy allows the kms:Encrypt action"),
                    refusal(() -> encrypt(there, key)));
        }
    }

    @Test
    void aDisabledKeyIsDisabledEverywhere() {
        var key = newKey();
        var there = callers.elsewhere(ROOT);
        for (int i = 0; i < 5; i++) {
            assertEquals(key, encrypt(there, key));
            var unused = root().disableKey(disable -> disable.keyId(key));
            assertEquals("DisabledException: " + key + " is disabled.", refusal(() -> encrypt(there, key)));
            var unusedToo = root().enableKey(enable -> enable.keyId(key));
        }
    }

    @Test
    void anAliasLeadsWhereItWasPointedLast() {
        var one = newKey();
        var other = newKey();
        var there = callers.elsewhere(ROOT);
        var unusedMade =
                root().createAlias(alias -> alias.aliasName("alias/swung").targetKeyId(one));
        for (int i = 0; i < 5; i++) {
            assertEquals(one, encrypt(there, "alias/swung"));
            var unused =
                    root().updateAlias(alias -> alias.aliasName("alias/swung").targetKeyId(other));
            assertEquals(other, encrypt(there, "alias/swung"));
            unused = root().updateAlias(alias -> alias.aliasName("alias/swung").targetKeyId(one));
        }
        var unusedGone = root().deleteAlias(alias -> alias.aliasName("alias/swung"));
        assertEquals(
                "NotFoundException: Alias arn:aws:kms:eu-west-1:" + ACCOUNT + ":alias/swung is not found.",
                refusal(() -> encrypt(there, "alias/swung")));
    }

    @Test
    void permissionByTagsEndsWithTheTag() {
        var key = newKey();
        callers.give(
                ALICE,
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kms:Encrypt\",\"Resource\":\"*\",\"Condition\":"
                        + "{\"StringEquals\":{\"aws:ResourceTag/team\":\"red\"}}}}");
        var there = callers.elsewhere(ALICE);
        var team = Tag.builder().tagKey("team").tagValue("red").build();
        for (int i = 0; i < 5; i++) {
            var unused = root().tagResource(tag -> tag.keyId(key).tags(team));
            assertEquals(key, encrypt(there, key));
            var unusedToo = root().untagResource(tag -> tag.keyId(key).tagKeys("team"));
            assertEquals(
                    denied("kms:Encrypt", key, "because no identity-based policy allows the kms:Encrypt action"),
                    refusal(() -> encrypt(there, key)));
        }
    }

    @Test
    void permissionByAliasesEndsWithTheAlias() {
        var key = newKey();
        callers.give(
                ALICE,
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kms:Encrypt\",\"Resource\":\"*\",\"Condition\":"
                        + "{\"ForAnyValue:StringEquals\":{\"kms:ResourceAliases\":\"alias/named\"}}}}");
        var there = callers.elsewhere(ALICE);
        for (int i = 0; i < 5; i++) {
            var unused =
                    root().createAlias(alias -> alias.aliasName("alias/named").targetKeyId(key));
            assertEquals(key, encrypt(there, key));
            var unusedToo = root().deleteAlias(alias -> alias.aliasName("alias/named"));
            assertEquals(
                    denied("kms:Encrypt", key, "because no identity-based policy allows the kms:Encrypt action"),
                    refusal(() -> encrypt(there, key)));
        }
    }

    /** One operation of each way in which a command, or an answer without one, rests on the caller's policies. */
    private static Stream<Object[]> ways() {
        return Stream.of(
                way("kms:Encrypt", "key", client -> key -> encrypt(client, key)),
                way("kms:DescribeKey", "key", client -> key -> client.describeKey(get -> get.keyId(key))),
                way("kms:GetKeyPolicy", "key", client -> key -> client.getKeyPolicy(get -> get.keyId(key))),
                way("kms:EnableKey", "key", client -> key -> client.enableKey(enable -> enable.keyId(key))),
                way("kms:ListGrants", "key", client -> key -> client.listGrants(list -> list.keyId(key))),
                way("kms:ListKeys", "*", client -> key -> client.listKeys()),
                way("kms:ListAliases", "*", client -> key -> client.listAliases()),
                way("kms:GenerateRandom", "*", client -> key -> client.generateRandom(get -> get.numberOfBytes(1))),
                way("kms:CreateKey", "*", client -> key -> client.createKey(make -> {})));
    }

    private static Object[] way(String action, String resource, Function<KmsClient, Consumer<String>> call) {
        return new Object[] {action, resource, call};
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void identityPoliciesCountAsTheyAre(String action, String resource, Function<KmsClient, Consumer<String>> call) {
        var key = newKey();
        var there = call.apply(callers.elsewhere(ALICE));
        var shown = resource.equals("key") ? key : resource;
        for (int i = 0; i < 3; i++) {
            callers.give(ALICE, allow(action));
            there.accept(key);

            callers.give(ALICE, allow("kms:CancelKeyDeletion"));
            assertEquals(
                    denied(action, shown, "because no identity-based policy allows the " + action + " action"),
                    refusal(() -> there.accept(key)));

            callers.give(ALICE, allow("kms:*"));
            there.accept(key);

            callers.give(ALICE, allow("kms:*"), policy("Deny", action));
            assertEquals(
                    denied(action, shown, "with an explicit deny in an identity-based policy"),
                    refusal(() -> there.accept(key)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void anAccessKeyThatWasTakenAwayOpensNothing(
            String action, String resource, Function<KmsClient, Consumer<String>> call) {
        var key = newKey();
        var user = "arn:aws:iam::" + ACCOUNT + ":user/taken-" + action.substring(4);
        callers.give(user, allow("kms:*"));
        var there = call.apply(callers.elsewhere(user));
        there.accept(key);

        callers.takeAccessKey(user);

        assertEquals(
                "UnrecognizedClientException: The security token included in the request is invalid.",
                refusal(() -> there.accept(key)),
                resource);
    }

    @Test
    void aRequestThatIsTurnedDownManyTimesIsNotHeldAgainstOthers() {
        callers.give(ALICE);
        var key = newKey();
        var there = callers.elsewhere(ALICE);
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    "AccessDeniedException", refusal(() -> encrypt(there, key)).split(":", 2)[0]);
        }
        assertEquals(key, encrypt(callers.elsewhere(ROOT), key));
    }
}
