package dev.strongroom.gateway.authz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.IdentityPolicy.Use;
import java.util.List;
import org.junit.jupiter.api.Test;
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

    private static PolicyDocument identity(String text) {
        return IdentityPolicy.parse(
                text.replace("OK", "{'Effect':'Allow','Action':'kms:*','Resource':'*'}")
                        .replace('\'', '"'),
                Use.MANAGED);
    }
}
