package dev.strongroom.gateway.authz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is put as a policy is a policy or is refused, in a time that its length bounds. */
class KeyPolicyProperties {

    private static final Set<KmsError> REFUSALS =
            Set.of(KmsError.MALFORMED_POLICY_DOCUMENT, KmsError.INVALID_ARN, KmsError.LIMIT_EXCEEDED);

    private static final Caller CALLER = new Caller(new CallerIdentity(
            new Stamp(7, 7, 1), "AKIAIOSFODNN7EXAMPLE", "111122223333", "arn:aws:iam::111122223333:root"));

    @Property
    void anyTextIsAPolicyOrRefused(@ForAll String text) {
        assertUnderstoodOrRefused(text);
    }

    @Property(tries = 5000)
    void anyJsonIsAPolicyOrRefused(@ForAll("json") String json) {
        assertUnderstoodOrRefused(json);
        assertUnderstoodOrRefused("{\"Statement\":" + json + "}");
    }

    @Property(tries = 3000)
    void aDamagedPolicyIsAPolicyOrRefused(@ForAll long seed) {
        var random = new Random(seed);
        var bytes = KeyPolicy.defaultText("111122223333").getBytes(UTF_8);
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) (' ' + random.nextInt(95));
        }
        assertUnderstoodOrRefused(new String(bytes, UTF_8));
    }

    /** The limit ends what would never end; it is far beyond what any of these takes. */
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "~[~",
                "~{'Statement':~",
                "{'Statement':~[~",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':~{'a':~",
                "{'Statement':[~{'Effect':'Allow','Principal':'*'},~{}]}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Resource':'*','Action':'kms:~*?~'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Resource':'*','Action':[~'kms:*?*?*?*x',~'*']}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'*','Resource':'arn:aws:kms:::~*1~'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'*','Resource':'arn:~:~'}}",
                "{'Statement':{'Effect':'Allow','Principal':{'Service':'~a.~'}}}",
                "{'Statement':{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111122223333:role/~a/~'}}}",
                "{'Statement':{'Effect':'Allow','Principal':{'AWS':[~'*',~'*']}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'~ForAllValues:~':{}}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'Bool':{'a:b':~9~}}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'Bool':{'a:b':1e~9~}}}}",
                "{~'a':1,~'b':2}"
            })
    void aBombDoesNotGoOff(String pattern) {
        var parts = pattern.replace('\'', '"').split("~", -1);
        int room = 32_768 - parts[0].length() - parts[2].length();
        var bomb = parts[0] + parts[1].repeat(room / parts[1].length()) + parts[2];
        assertUnderstoodOrRefused(bomb);
    }

    @Provide
    Arbitrary<String> json() {
        var names = Arbitraries.of(
                "Version",
                "Id",
                "Statement",
                "Sid",
                "Effect",
                "Principal",
                "NotPrincipal",
                "Action",
                "NotAction",
                "Resource",
                "NotResource",
                "Condition",
                "AWS",
                "Service",
                "Federated",
                "StringEquals",
                "ForAllValues:Bool",
                "aws:SourceIp",
                "kms:EncryptionContext:a",
                "x");
        var leaves = Arbitraries.of(
                "null",
                "true",
                "0",
                "-1",
                "1e400",
                "\"\"",
                "\"*\"",
                "\"Allow\"",
                "\"Deny\"",
                "\"2012-10-17\"",
                "\"kms:*\"",
                "\"111122223333\"",
                "\"arn:aws:iam::111122223333:root\"",
                "\"arn:aws\"",
                "\"\\ud800\"",
                "{}",
                "[]");
        var values = Arbitraries.recursive(
                () -> leaves,
                inner -> Combinators.combine(names, inner, names, inner, Arbitraries.of("{}", "[]"))
                        .as((n1, v1, n2, v2, form) -> form.equals("[]")
                                ? "[" + v1 + "," + v2 + "]"
                                : "{\"" + n1 + "\":" + v1 + ",\"" + n2 + "\":" + v2 + "}"),
                0,
                5);
        return Combinators.combine(values, leaves, leaves, values)
                .as((principal, action, resource, more) -> "{\"Effect\":\"Allow\",\"Principal\":" + principal
                        + ",\"Action\":" + action + ",\"Resource\":" + resource + ",\"Condition\":" + more + "}");
    }

    private static void assertUnderstoodOrRefused(String text) {
        try {
            KeyPolicy.requireUpdatable(KeyPolicy.parse(text), CALLER, "arn:aws:kms:eu-central-1:111122223333:key/1");
        } catch (KmsException e) {
            assertTrue(REFUSALS.contains(e.error()), e::getMessage);
        }
    }
}
