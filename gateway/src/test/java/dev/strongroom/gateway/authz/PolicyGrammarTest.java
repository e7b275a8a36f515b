package dev.strongroom.gateway.authz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.IdentityPolicy.Use;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammars of identity and trust policies, and principals that do not exist. Apostrophes stand for quotes. */
class PolicyGrammarTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'Statement':OK}",
                "{'Version':'2012-10-17','Statement':[OK,OK]}",
                "{'Statement':{'Sid':'abc123','Effect':'Allow','Action':'*','Resource':'*'}}",
                "{'Statement':[{'Sid':'a','Effect':'Allow','Action':'*','Resource':'*'},{'Sid':'b','Effect':'Deny','Action':'*','Resource':'*'}]}",
                "{'Statement':{'Effect':'Allow','NotAction':'kms:*','NotResource':['arn:aws:kms:*:*:key/*']}}",
                "{'Statement':{'Effect':'Allow','Action':'*','Resource':'arn:aws:kms:*:${aws:PrincipalAccount}:key/*'}}",
                "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'ForAllValues:StringEquals':{'aws:RequestTag/x':'y'}}}}"
            })
    void identityPoliciesSayWhatAndOnWhat(String text) {
        assertDoesNotThrow(() -> identity(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'Statement':{'Effect':'Allow','Action':'*'}}",
                "{'Statement':{'Effect':'Allow','Resource':'*'}}",
                "{'Statement':{'Action':'*','Resource':'*'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'}}",
                "{'Statement':{'Effect':'Allow','NotPrincipal':{'AWS':'111122223333'},'Action':'*','Resource':'*'}}",
                "{'Statement':{'Sid':'a b','Effect':'Allow','Action':'*','Resource':'*'}}",
                "{'Statement':{'Sid':'a-b','Effect':'Allow','Action':'*','Resource':'*'}}",
                "{'Statement':[{'Sid':'a','Effect':'Allow','Action':'*','Resource':'*'},{'Sid':'a','Effect':'Deny','Action':'*','Resource':'*'}]}",
                "{'Statement':{'Effect':'Allow','Action':'*','Resource':'key/1'}}",
                "{'Statement':{'Effect':'Allow','Action':'*','Resource':'arn:aws:kms'}}",
                "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Foo':{'aws:a':'b'}}}}",
                "{'Statement':[]}",
                "[]"
            })
    void whatElseAnIdentityPolicySaysIsMalformed(String text) {
        assertEquals(
                KmsError.MALFORMED_POLICY_DOCUMENT,
                assertThrows(KmsException.class, () -> identity(text)).error());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ok; {'Statement':{'Effect':'Allow','Principal':{'AWS':'111122223333'},'Action':'sts:AssumeRole'}}",
                "ok; {'Statement':{'Effect':'Allow','Principal':{'Federated':'arn:aws:iam::111122223333:oidc-provider/x.example'},'Action':'sts:AssumeRoleWithWebIdentity','Condition':{'StringEquals':{'x.example:aud':'me'}}}}",
                "no; {'Statement':{'Effect':'Allow','Principal':'*','Action':'sts:AssumeRole','Resource':'*'}}",
                "no; {'Statement':{'Effect':'Allow','Action':'sts:AssumeRole'}}",
                "no; {'Statement':{'Effect':'Allow','Principal':'*'}}"
            })
    void trustPoliciesSayWhoAndWhat(String outcome, String text) {
        if (outcome.equals("ok")) {
            assertDoesNotThrow(() -> IdentityPolicy.parse(text.replace('\'', '"'), Use.TRUST));
        } else {
            assertThrows(KmsException.class, () -> IdentityPolicy.parse(text.replace('\'', '"'), Use.TRUST));
        }
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void theirLengthIsLimitedAndWhiteSpaceIsFree(Use use) {
        int limit = switch (use) {
            case MANAGED -> 6_144;
            case USER_INLINE, SESSION, TRUST -> 2_048;
            case GROUP_INLINE -> 5_120;
            case ROLE_INLINE -> 10_240;
        };
        var start = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\","
                + (use == Use.TRUST ? "\"Principal\":\"*\"" : "\"Resource\":\"*\"") + ",\"Sid\":\"";
        int room = limit - start.length() - "\"}}".length();
        assertDoesNotThrow(
                () -> IdentityPolicy.parse(start + "x".repeat(room) + "\" \n }" + " ".repeat(9_999) + "}", use));
        var e = assertThrows(
                KmsException.class, () -> IdentityPolicy.parse(start + "x".repeat(room + 1) + "\"}}", use));
        assertEquals(KmsError.LIMIT_EXCEEDED, e.error());
        assertThrows(KmsException.class, () -> IdentityPolicy.parse(start + "\"}" + " ".repeat(40_000) + "}", use));
    }

    @Test
    void aKeyPolicyNamesOnlyWhoExists() {
        var policy =
                "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"arn:aws:iam::111122223333:role/x\","
                        + "\"111122223333\",\"*\"],\"Service\":\"s3.amazonaws.com\",\"Federated\":\"www.amazon.com\"}}}";
        var role = new Principal(Principal.Kind.IDENTITY, "arn:aws:iam::111122223333:role/x");
        var account = new Principal(Principal.Kind.ACCOUNT, "111122223333");
        assertDoesNotThrow(() -> KeyPolicy.parse(policy, principal -> true));
        assertDoesNotThrow(
                () -> KeyPolicy.parse(policy, principal -> principal.equals(role) || principal.equals(account)));
        for (var only : List.of(role, account)) {
            var e = assertThrows(KmsException.class, () -> KeyPolicy.parse(policy, only::equals));
            assertEquals(
                    "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.",
                    e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DateLessThan, tomorrow",
        "DateLessThan, 2026-13-01T00:00:00Z",
        "DateGreaterThan, 2026-02-30",
        "DateGreaterThanEquals, 01.03.2026",
        "DateEquals, ''",
        "DateNotEquals, *",
        "DateLessThanEquals, 1700000000000",
        "NumericLessThan, ten",
        "NumericLessThanEquals, 1e9999",
        "NumericEquals, 0x10",
        "NumericNotEquals, '1,5'",
        "NumericGreaterThan, ''",
        "NumericGreaterThanEquals, 1*",
        "Bool, yes",
        "Bool, 1",
        "Bool, ''",
        "Null, present",
        "IpAddress, 10.0.0",
        "IpAddress, 10.0.0.0/33",
        "IpAddress, 010.0.0.1",
        "NotIpAddress, 10.0.0.*",
        "NotIpAddress, localhost",
        "IpAddress, 2001:db8::/129",
        "BinaryEquals, 'a b'",
        "BinaryEquals, YQ=",
        "DateLessThanIfExists, tomorrow",
        "ForAnyValue:NumericEquals, ten",
        "ForAllValues:IpAddressIfExists, everywhere",
        "DateLessThan, ${*}",
        "DateLessThan, ${aws:CurrentTime"
    })
    void aValueThatItsOperatorCannotReadIsRefusedInEveryPolicy(String operator, String value) {
        for (var written : List.of("'" + value + "'", "['" + readable(operator) + "','" + value + "']")) {
            var condition = ",'Condition':{'" + operator + "':{'aws:x':" + written + "}}}}";
            for (var effect : List.of("Allow", "Deny")) {
                assertMalformed(() -> KeyPolicy.parse(document(effect, "'Principal':'*'", condition)));
                for (var use : Use.values()) {
                    var about = use == Use.TRUST ? "'Principal':'*'" : "'Resource':'*'";
                    assertMalformed(() -> IdentityPolicy.parse(document(effect, about, condition), use));
                }
            }
        }
    }

    private static String readable(String operator) {
        return operator.contains("Date")
                ? "2026-03-01"
                : operator.contains("Numeric")
                        ? "10"
                        : operator.contains("Ip") ? "10.0.0.1" : operator.contains("Binary") ? "YQ==" : "true";
    }

    private static String document(String effect, String about, String end) {
        return ("{'Version':'2012-10-17','Statement':{'Effect':'" + effect + "','Action':'*'," + about + end)
                .replace('\'', '"');
    }

    private static void assertMalformed(Executable parsing) {
        var e = assertThrows(KmsException.class, parsing);
        assertEquals(KmsError.MALFORMED_POLICY_DOCUMENT, e.error());
        assertEquals(
                "The policy cannot be used: a condition has a value that its operator cannot read (line 1).", e.text());
    }

    @ParameterizedTest
    @CsvSource({
        "DateLessThan, '\"2026\"'",
        "DateLessThan, '\"2026-03\"'",
        "DateLessThan, '\"2026-03-01T12:00Z\"'",
        "DateLessThan, '\"2026-03-01T12:00:00.5+01:00\"'",
        "DateLessThan, 1700000000",
        "NumericEquals, 10",
        "NumericEquals, 1.5",
        "NumericEquals, '\"-1e3\"'",
        "Bool, true",
        "Bool, '\"FALSE\"'",
        "Null, false",
        "IpAddress, '[\"10.0.0.0/8\",\"2001:db8::/32\",\"::1\"]'",
        "BinaryEquals, '\"\"'",
        "BinaryEquals, '\"YWJj\"'",
        "StringEquals, '\"tomorrow\"'",
        "ArnLike, '\"*\"'"
    })
    void aValueThatItsOperatorCanReadIsKept(String operator, String json) {
        var condition = ",'Condition':{'" + operator + "':{'aws:x':";
        assertDoesNotThrow(() -> KeyPolicy.parse(document("Deny", "'Principal':'*'", condition) + json + "}}}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DateLessThan", "NumericEquals", "Bool", "Null", "IpAddress", "BinaryEquals"})
    void whatAVariableBringsIsKnownOnlyWhenThereIsARequest(String operator) {
        var statement = "'Statement':{'Effect':'Deny','Principal':'*','Action':'*','Condition':{'" + operator
                + "':{'aws:x':'${aws:PrincipalTag/limit}'}}}";
        assertDoesNotThrow(() -> key("{'Version':'2012-10-17'," + statement + "}"));
        assertDoesNotThrow(() -> key("{" + statement + ",'Version':'2012-10-17'}"));
        // In the older version it is no variable, but a text that is no date, number or address.
        for (var text : List.of(
                "{'Version':'2008-10-17'," + statement + "}",
                "{" + statement + ",'Version':'2008-10-17'}",
                "{" + statement + "}")) {
            assertEquals(
                    KmsError.MALFORMED_POLICY_DOCUMENT,
                    assertThrows(KmsException.class, () -> key(text)).error());
        }
    }

    private static PolicyDocument key(String text) {
        return KeyPolicy.parse(text.replace('\'', '"'));
    }

    private static PolicyDocument identity(String text) {
        return IdentityPolicy.parse(
                text.replace("OK", "{'Effect':'Allow','Action':'kms:*','Resource':'*'}")
                        .replace('\'', '"'),
                Use.MANAGED);
    }
}
