package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.Tag;

/** Policies as callers put them, and permissions that one request needs several of. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoliciesOverHttpTest {

    private static final String ACCOUNT = "111122223333";
    private static final String ROOT = "arn:aws:iam::" + ACCOUNT + ":root";
    private static final String ALICE = "arn:aws:iam::" + ACCOUNT + ":user/alice";
    private static final String BOB = "arn:aws:iam::" + ACCOUNT + ":user/bob";
    private static final String OTHER_ROOT = "arn:aws:iam::444455556666:root";
    private static final SdkBytes DATA = SdkBytes.fromUtf8String("attack at dawn");
    private static final String LOCKED_OUT =
            "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the"
                    + " future.";
    private static final String NOBODY =
            "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.";

    private LiveCallers callers;

    @BeforeAll
    void open() throws Exception {
        callers = new LiveCallers();
        callers.make(ROOT);
        callers.make(OTHER_ROOT);
    }

    @AfterAll
    void close() {
        callers.close();
    }

    private String newKey() {
        return callers.of(ROOT).createKey(key -> {}).keyMetadata().arn();
    }

    private static String outcome(Runnable call) {
        try {
            call.run();
            return "ok";
        } catch (KmsException e) {
            return e.awsErrorDetails().errorCode() + ": " + e.awsErrorDetails().errorMessage();
        }
    }

    private static String statement(String effect, String principals, String actions) {
        return "{\"Effect\":\"" + effect + "\""
                + (principals.isEmpty() ? "" : ",\"Principal\":{\"AWS\":" + principals + "}") + ",\"Action\":" + actions
                + ",\"Resource\":\"*\"}";
    }

    private static String policy(String... statements) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}";
    }

    /** What leaves the account in charge, and says something of others. */
    private static String naming(String principals) {
        return policy(
                statement("Allow", "\"" + ROOT + "\"", "\"kms:*\""), statement("Allow", principals, "\"kms:Encrypt\""));
    }

    private String put(KmsClient client, String key, String policy) {
        return outcome(() -> client.putKeyPolicy(put -> put.keyId(key).policy(policy)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:iam::111122223333:user/nobody",
                "arn:aws:iam::111122223333:role/nothing",
                "arn:aws:iam::999900001111:root",
                "999900001111",
                "arn:aws:sts::999900001111:assumed-role/app/s1"
            })
    void whoIsNamedInAClosedAccountHasToExist(String principal) {
        var key = newKey();
        var policy = naming("\"" + principal + "\"");

        assertEquals(NOBODY, put(callers.of(ROOT), key, policy));
        assertEquals(NOBODY, outcome(() -> callers.of(ROOT).createKey(make -> make.policy(policy))));
        assertEquals(
                "ok",
                put(callers.of(ROOT), key, naming("\"" + OTHER_ROOT + "\"")),
                "the root of an account that there is");
    }

    @Test
    void whoIsMadeCanBeNamedAtOnce() {
        var key = newKey();
        var dora = "arn:aws:iam::" + ACCOUNT + ":user/division/team/dora";
        assertEquals(NOBODY, put(callers.of(ROOT), key, naming("\"" + dora + "\"")));

        callers.make(dora);

        assertEquals("ok", put(callers.of(ROOT), key, naming("\"" + dora + "\"")));
        assertEquals(
                NOBODY,
                put(callers.of(ROOT), key, naming("\"arn:aws:iam::" + ACCOUNT + ":user/dora\"")),
                "a path is part of a name");
    }

    @Test
    void aPolicyMayNameMoreThanANodeIsAskedForAtATime() {
        var key = newKey();
        var many = IntStream.range(0, 1_500)
                .mapToObj(number -> "\"%012d\"".formatted(number))
                .collect(Collectors.joining(",", "[", "]"));

        assertEquals(NOBODY, put(callers.of(ROOT), key, naming(many)));
    }

    @Test
    void nobodyLocksTheirOwnHandsOutUnlessTheySaySo() {
        callers.give(ALICE, policy(statement("Allow", "", "\"kms:*\"")));
        callers.make(BOB);
        var key = newKey();
        var bobs = policy(statement("Allow", "\"" + BOB + "\"", "\"kms:*\""));
        var alices = policy(statement("Allow", "\"" + ALICE + "\"", "\"kms:*\""));

        assertEquals(LOCKED_OUT, put(callers.of(ALICE), key, bobs));
        assertEquals("ok", put(callers.of(ALICE), key, alices));
        assertEquals(
                "AccessDeniedException: User: " + ROOT + " is not authorized to perform: kms:GetKeyPolicy on resource: "
                        + key + " because no resource-based policy allows the kms:GetKeyPolicy action",
                outcome(() -> callers.of(ROOT).getKeyPolicy(get -> get.keyId(key))));
        assertEquals(
                "ok",
                outcome(() -> callers.of(ALICE)
                        .putKeyPolicy(put -> put.keyId(key).policy(bobs).bypassPolicyLockoutSafetyCheck(true))));
    }

    @Test
    void whoMayNotSkipTheLockoutCheckDoesNot() {
        var key = newKey();
        callers.give(
                ALICE,
                policy(
                        statement("Allow", "", "\"kms:*\""),
                        "{\"Effect\":\"Deny\",\"Action\":\"kms:PutKeyPolicy\",\"Resource\":\"*\",\"Condition\":{\"Bool\":"
                                + "{\"kms:BypassPolicyLockoutSafetyCheck\":\"true\"}}}"));
        var policy = naming("\"" + ALICE + "\"");

        assertEquals("ok", put(callers.of(ALICE), key, policy));
        assertEquals(
                denied("kms:PutKeyPolicy", key, "with an explicit deny in an identity-based policy"),
                outcome(() -> callers.of(ALICE)
                        .putKeyPolicy(put -> put.keyId(key).policy(policy).bypassPolicyLockoutSafetyCheck(true))));
    }

    private static String denied(String action, String resource, String reason) {
        return "AccessDeniedException: User: " + ALICE + " is not authorized to perform: " + action + " on resource: "
                + resource + " " + reason;
    }

    @Test
    void tagsOfANewKeyAreAPermissionOfTheirOwn() {
        var team = Tag.builder().tagKey("team").tagValue("red").build();
        callers.give(ALICE, policy(statement("Allow", "", "\"kms:CreateKey\"")));
        assertEquals("ok", outcome(() -> callers.of(ALICE).createKey(key -> {})));
        var refused = outcome(() -> callers.of(ALICE).createKey(key -> key.tags(team)));
        assertEquals(
                denied(
                        "kms:TagResource",
                        "arn:aws:kms:eu-west-1:" + ACCOUNT + ":key/…",
                        "because no identity-based policy allows the kms:TagResource action"),
                refused.replaceFirst("key/[0-9a-f-]{36}", "key/…"));

        callers.give(
                ALICE,
                policy(
                        statement("Allow", "", "\"kms:CreateKey\""),
                        "{\"Effect\":\"Allow\",\"Action\":\"kms:TagResource\",\"Resource\":\"arn:aws:kms:*:" + ACCOUNT
                                + ":key/*\",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/team\":\"red\"}}}"));
        assertEquals("ok", outcome(() -> callers.of(ALICE).createKey(key -> key.tags(team))));
    }

    @Test
    void anAliasAndTheKeysItLeavesAndComesToAreAllAskedFor() {
        var one = newKey();
        var other = newKey();
        var alias = "arn:aws:kms:eu-west-1:" + ACCOUNT + ":alias/three";
        callers.give(ALICE, onResources("kms:*Alias", alias, one));
        Runnable create = () -> callers.of(ALICE)
                .createAlias(make -> make.aliasName("alias/three").targetKeyId(one));
        Runnable update = () -> callers.of(ALICE)
                .updateAlias(move -> move.aliasName("alias/three").targetKeyId(other));
        Runnable delete = () -> callers.of(ALICE).deleteAlias(end -> end.aliasName("alias/three"));

        assertEquals("ok", outcome(create));
        assertEquals(
                denied("kms:UpdateAlias", other, "because no identity-based policy allows the kms:UpdateAlias action"),
                outcome(update));
        callers.give(ALICE, onResources("kms:*Alias", alias, other));
        assertEquals(
                denied("kms:UpdateAlias", one, "because no identity-based policy allows the kms:UpdateAlias action"),
                outcome(update));
        callers.give(ALICE, onResources("kms:*Alias", one, other));
        assertEquals(
                denied("kms:DeleteAlias", alias, "because no identity-based policy allows the kms:DeleteAlias action"),
                outcome(delete));
        callers.give(ALICE, onResources("kms:*Alias", alias, one, other));
        assertEquals("ok", outcome(update));
        assertEquals("ok", outcome(delete));
    }

    private static String onResources(String action, String... resources) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"" + action
                + "\",\"Resource\":[\"" + String.join("\",\"", resources) + "\"]}}";
    }

    @Test
    void aReplicaIsAKeyThatIsMadeInItsRegion() {
        var primary = callers.of(ROOT)
                .createKey(key -> key.multiRegion(true))
                .keyMetadata()
                .arn();
        callers.give(
                ALICE,
                policy(
                        statement("Allow", "", "[\"kms:ReplicateKey\",\"kms:CreateKey\"]"),
                        "{\"Effect\":\"Deny\",\"Action\":\"kms:CreateKey\",\"Resource\":\"*\",\"Condition\":{"
                                + "\"StringEquals\":{\"aws:RequestedRegion\":\"us-east-1\"}}}"));

        assertEquals(
                denied("kms:CreateKey", "*", "with an explicit deny in an identity-based policy"),
                outcome(() -> callers.of(ALICE)
                        .replicateKey(make -> make.keyId(primary).replicaRegion("us-east-1"))));
        assertEquals(
                "ok",
                outcome(() -> callers.of(ALICE)
                        .replicateKey(make -> make.keyId(primary).replicaRegion("us-west-2"))));
    }

    @Test
    void theDataOfAnotherAccountIsNotOpenedByWritingItsNumber() {
        var ours = newKey();
        var theirs = callers.of(OTHER_ROOT).createKey(key -> {}).keyMetadata().arn();
        var blob = callers.of(OTHER_ROOT)
                .encrypt(request -> request.keyId(theirs).plaintext(DATA))
                .ciphertextBlob();
        var swapped = ours.replace(ACCOUNT, "444455556666");
        var alsoSwapped = theirs.replace("444455556666", ACCOUNT);
        for (var key : new String[] {theirs, swapped}) {
            assertEquals(
                    "AccessDeniedException: User: " + ROOT + " is not authorized to perform: kms:Encrypt on resource: "
                            + key + " because no resource-based policy allows the kms:Encrypt action",
                    outcome(() -> callers.of(ROOT)
                            .encrypt(request -> request.keyId(key).plaintext(DATA))));
        }
        assertEquals(
                "NotFoundException: Key '" + alsoSwapped + "' does not exist",
                outcome(() -> callers.of(ROOT)
                        .encrypt(request -> request.keyId(alsoSwapped).plaintext(DATA))));
        assertEquals(
                "AccessDeniedException: User: " + ROOT + " is not authorized to perform: kms:Decrypt on the resource"
                        + " associated with this ciphertext because the resource does not exist in this Region, no"
                        + " resource-based policies allow access, or a resource-based policy explicitly denies access",
                outcome(() -> callers.of(ROOT).decrypt(request -> request.ciphertextBlob(blob))));
    }

    @Test
    void aPolicyMadeToCostTimeEndsInARefusalAndNobodyElseWaits() {
        var key = newKey();
        var stars = "a*".repeat(500);
        var patterns = IntStream.range(0, 28)
                .mapToObj(number -> "\"" + stars + number + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        var bomb = policy(
                statement("Allow", "\"" + ROOT + "\"", "\"kms:*\""),
                "{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"kms:Encrypt\",\"Resource\":\"*\",\"Condition\":{"
                        + "\"StringLike\":{\"kms:EncryptionContext:a\":" + patterns + "}}}");
        var value = "a".repeat(7_000);
        assertEquals("ok", put(callers.of(ROOT), key, bomb));

        var first = outcome(() -> callers.of(ROOT)
                .encrypt(request -> request.keyId(key).plaintext(DATA).encryptionContext(Map.of("a", value))));
        assertEquals(
                "ok",
                first.startsWith("AccessDeniedException")
                                && first.endsWith("because its policies take too long to evaluate")
                        ? "ok"
                        : first);
        assertEquals("ok", put(callers.of(ROOT), key, naming("\"" + ROOT + "\"")), "whoever made it can undo it");
    }

    @Test
    void aDenialThatCouldNeverApplyIsNotStored() {
        var idle = policy(
                statement("Allow", "\"" + ROOT + "\"", "\"kms:*\""),
                "{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"kms:Encrypt\",\"Resource\":\"*\",\"Condition\":{"
                        + "\"DateGreaterThan\":{\"aws:CurrentTime\":\"31.12.2026\"}}}");
        var refused = "MalformedPolicyDocumentException: The policy cannot be used: a condition has a value that its"
                + " operator cannot read (line 1).";
        var root = callers.of(ROOT);
        var key = newKey();
        assertEquals(refused, put(root, key, idle));
        assertEquals(refused, outcome(() -> root.createKey(request -> request.policy(idle))));
        var primary = root.createKey(request -> request.multiRegion(true))
                .keyMetadata()
                .keyId();
        assertEquals(
                refused,
                outcome(() -> root.replicateKey(request ->
                        request.keyId(primary).replicaRegion("eu-west-3").policy(idle))));
    }

    @Test
    void aDeepDocumentIsNoPolicy() {
        var key = newKey();
        var deep = "{\"Statement\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";

        var refusal = assertThrows(
                KmsException.class,
                () -> callers.of(ROOT).putKeyPolicy(put -> put.keyId(key).policy(deep)));

        assertEquals(
                "MalformedPolicyDocumentException", refusal.awsErrorDetails().errorCode());
    }
}
