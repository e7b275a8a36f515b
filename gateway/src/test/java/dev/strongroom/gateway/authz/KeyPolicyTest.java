package dev.strongroom.gateway.authz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.Condition.Quantifier;
import dev.strongroom.gateway.authz.PolicyDocument.Version;
import dev.strongroom.gateway.authz.Selection.Sense;
import dev.strongroom.gateway.authz.Statement.Effect;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies in JSON with apostrophes for quotes. */
class KeyPolicyTest {
    private static final String KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private static final Caller ROOT = caller("arn:aws:iam::111122223333:root");
    private static final Caller ALICE = caller("arn:aws:iam::111122223333:user/alice");

    private static final String INVALID_PRINCIPAL =
            "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.";
    private static final String INVALID_ARN = "InvalidArnException: An ARN in the specified key policy is invalid.";
    private static final String LOCKED_OUT =
            "MalformedPolicyDocumentException: The new key policy will not allow you to"
                    + " update the key policy in the future.";

    /** A policy that says everything once. */
    private static final String FULL = """
            {
              'Version': '2012-10-17',
              'Id': 'key policy',
              'Statement': [
                {
                  'Sid': 'Allow use, but not everything',
                  'Effect': 'Allow',
                  'Principal': {
                    'AWS': ['111122223333', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/a/b', '*'],
                    'Service': 'logs.eu-central-1.amazonaws.com',
                    'Federated': ['cognito-identity.amazonaws.com', 'arn:aws:iam::111122223333:saml-provider/x']
                  },
                  'Action': ['kms:Encrypt', 'kms:Describe*'],
                  'Resource': '*',
                  'Condition': {
                    'StringEquals': {'kms:CallerAccount': '111122223333', 'kms:ViaService': ['a', 'b']},
                    'ForAnyValue:StringLikeIfExists': {'kms:EncryptionContextKeys': []},
                    'NumericLessThan': {'kms:RotationPeriodInDays': 365},
                    'Bool': {'kms:MultiRegion': true}
                  }
                },
                {'Effect': 'Deny', 'NotPrincipal': '*', 'NotAction': 'kms:*', 'NotResource': 'arn:aws:kms:*:*:key/x'}
              ]
            }
            """;

    @Test
    void aPolicyIsUnderstoodWhole() {
        var policy = parse(FULL);
        assertEquals(Version.V2012_10_17, policy.version());
        assertEquals("key policy", policy.id());
        var allow = policy.statements().get(0);
        assertEquals("Allow use, but not everything", allow.sid());
        assertEquals(Effect.ALLOW, allow.effect());
        var account = new Principal(Principal.Kind.ACCOUNT, "111122223333");
        assertEquals(
                new Selection<>(
                        Sense.LISTED,
                        List.of(
                                account,
                                account,
                                new Principal(Principal.Kind.IDENTITY, "arn:aws:iam::111122223333:role/a/b"),
                                new Principal(Principal.Kind.ANYONE, "*"),
                                new Principal(Principal.Kind.SERVICE, "logs.eu-central-1.amazonaws.com"),
                                new Principal(Principal.Kind.FEDERATED, "cognito-identity.amazonaws.com"),
                                new Principal(Principal.Kind.FEDERATED, "arn:aws:iam::111122223333:saml-provider/x"))),
                allow.principals());
        assertEquals(patterns(Sense.LISTED, "kms:encrypt", "kms:describe*"), allow.actions());
        assertEquals(patterns(Sense.LISTED, "*"), allow.resources());
        assertEquals(
                List.of(
                        condition(
                                Quantifier.SINGLE_VALUE,
                                ConditionOperator.STRING_EQUALS,
                                false,
                                "kms:CallerAccount",
                                "111122223333"),
                        condition(
                                Quantifier.SINGLE_VALUE,
                                ConditionOperator.STRING_EQUALS,
                                false,
                                "kms:ViaService",
                                "a",
                                "b"),
                        condition(
                                Quantifier.FOR_ANY_VALUE,
                                ConditionOperator.STRING_LIKE,
                                true,
                                "kms:EncryptionContextKeys"),
                        condition(
                                Quantifier.SINGLE_VALUE,
                                ConditionOperator.NUMERIC_LESS_THAN,
                                false,
                                "kms:RotationPeriodInDays",
                                "365"),
                        condition(Quantifier.SINGLE_VALUE, ConditionOperator.BOOL, false, "kms:MultiRegion", "true")),
                allow.conditions());
        var deny = policy.statements().get(1);
        assertEquals(Effect.DENY, deny.effect());
        assertEquals(Sense.ALL_BUT_LISTED, deny.principals().sense());
        assertEquals(patterns(Sense.ALL_BUT_LISTED, "kms:*"), deny.actions());
        assertEquals(patterns(Sense.ALL_BUT_LISTED, "arn:aws:kms:*:*:key/x"), deny.resources());
    }

    @Test
    void theDefaultPolicyIsOneThatMayBePut() {
        var policy = KeyPolicy.parse(KeyPolicy.defaultText("111122223333"));
        KeyPolicy.requireUpdatable(policy, ROOT, KEY);
        assertEquals("key-default-1", policy.id());
        assertEquals("Enable IAM User Permissions", policy.statements().get(0).sid());
    }

    @Test
    void aStatementWithoutActionOrResourceIsAcceptedAndSelectsNothing() {
        var policy = parse("{'Statement':{'Effect':'Allow','Principal':'*'}}");
        assertEquals(Version.V2008_10_17, policy.version());
        assertEquals(Selection.nothing(), policy.statements().get(0).actions());
        assertEquals(Selection.nothing(), policy.statements().get(0).resources());
        assertEquals(LOCKED_OUT, outcome("{'Statement':{'Effect':'Allow','Principal':'*'}}", ROOT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "[]",
                "{}",
                "{'Statement':[]}",
                "{'Statement':null}",
                "{'Statement':'x'}",
                "{'Statement':[[]]}",
                "{'Version':'2012-10-17'}",
                "{'Version':'2020-01-01','Statement':OK}",
                "{'Version':1,'Statement':OK}",
                "{'Id':{},'Statement':OK}",
                "{'statement':OK}",
                "{'Statement':OK,'Foo':1}",
                "{'Statement':OK,'Statement':OK}",
                "{'Statement':OK} {}",
                "{'Statement':OK",
                "{'Statement':[OK,]}",
                "{'Statement':OK, // comment\n}",
                "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}",
                "{'Statement':{'Principal':'*','Action':'*','Resource':'*'}}",
                "{'Statement':{'Effect':'allow','Principal':'*'}}",
                "{'Statement':{'Effect':['Allow'],'Principal':'*'}}",
                "{'Statement':{'Effect':'Allow','Effect':'Deny','Principal':'*'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','NotPrincipal':'*'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'*','NotAction':'*'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','NotResource':'*','Resource':'*'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Actions':'*'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Sid':7}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'Encrypt'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'kms:'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'kms:En crypt'}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':''}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':[]}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':[['*']]}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Action':[1]}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':[]}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'StringEquals':'x'}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'Foo':{'aws:a':'b'}}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'NullIfExists':{'aws:a':'true'}}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'Some:StringEquals':{'aws:a':'b'}}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'StringEquals':{'a':'b'}}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'StringEquals':{'aws:a':null}}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'StringEquals':{'aws:a':{}}}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'StringEquals':{'aws:a':[['b']]}}}}",
                "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'Bool':{'aws:a':'b','aws:a':'c'}}}}"
            })
    void whatIsNotInTheGrammarIsMalformed(String text) {
        var policy = text.replace("OK", "{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'}");
        var e = assertThrows(KmsException.class, () -> parse(policy));
        assertEquals(KmsError.MALFORMED_POLICY_DOCUMENT, e.error());
        assertTrue(e.getMessage().contains("(line "), e::getMessage);
    }

    @ParameterizedTest
    @MethodSource("principalRows")
    void principalsAreAccountsIdentitiesServicesAndProviders(String principal, String outcome) {
        var text = "{'Statement':{'Effect':'Allow','Principal':" + principal + "}}";
        if (outcome.equals("ok")) {
            assertDoesNotThrow(() -> parse(text));
        } else {
            assertEquals(
                    outcome, assertThrows(KmsException.class, () -> parse(text)).getMessage());
        }
    }

    private static Stream<Object[]> principalRows() {
        return rows("""
                ok   '*'
                ok   {'AWS':'*'}
                ok   {'AWS':'111122223333'}
                ok   {'AWS':'arn:aws:iam::444455556666:root'}
                ok   {'AWS':'arn:aws:iam::111122223333:user/division_abc/alice@example.com'}
                ok   {'AWS':'arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/Role+=,.@-'}
                ok   {'AWS':'arn:aws:sts::111122223333:assumed-role/role/session'}
                ok   {'AWS':'arn:aws:sts::111122223333:federated-user/bob'}
                ok   {'Service':['cloudtrail.amazonaws.com','logs.eu-central-1.amazonaws.com']}
                ok   {'Federated':'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'}
                ok   {'Federated':'www.amazon.com'}
                who  'arn:aws:iam::111122223333:root'
                who  ['*']
                who  7
                who  null
                who  {}
                who  {'AWS':''}
                who  {'AWS':'alice'}
                who  {'AWS':'1111222233334'}
                who  {'AWS':'AIDACKCEVSQ6C2EXAMPLE'}
                who  {'AWS':'arn:aws:iam::111122223333:group/admins'}
                who  {'AWS':'arn:aws:iam::111122223333:role/*'}
                who  {'AWS':'arn:aws:iam::111122223333:user/'}
                who  {'AWS':'arn:aws:iam::111122223333:ROOT'}
                who  {'AWS':'arn:aws:iam::1111:root'}
                who  {'AWS':'arn:aws:iam:eu-central-1:111122223333:root'}
                who  {'AWS':'arn:aws:sts::111122223333:assumed-role/role'}
                who  {'AWS':'arn:aws:s3:::bucket'}
                who  {'Service':'*'}
                who  {'Service':'kms'}
                who  {'Federated':'arn:aws:iam::111122223333:role/x'}
                who  {'Federated':'nobody'}
                who  {'CanonicalUser':'79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'}
                who  {'aws':'*'}
                arn  {'AWS':'arn:aws:iam'}
                arn  {'AWS':'arn:'}
                arn  {'AWS':'arn:aws-cn:iam::111122223333:root'}
                arn  {'Federated':'arn:aws:iam::111122223333'}
                """);
    }

    @ParameterizedTest
    @MethodSource("resourceRows")
    void resourcesAreArnsOrAll(String resource, String outcome) {
        var text = "{'Statement':{'Effect':'Allow','Principal':'*','Resource':" + resource + "}}";
        if (outcome.equals("ok")) {
            assertDoesNotThrow(() -> parse(text));
        } else {
            assertEquals(
                    outcome, assertThrows(KmsException.class, () -> parse(text)).getMessage());
        }
    }

    private static Stream<Object[]> resourceRows() {
        return rows("""
                ok   '*'
                ok   'arn:aws:kms:eu-central-1:111122223333:key/*'
                ok   ['*','arn:aws:kms:*:*:key/1234abcd-12ab-34cd-56ef-1234567890ab']
                arn  'key/1234abcd-12ab-34cd-56ef-1234567890ab'
                arn  'arn:aws:kms'
                arn  ['*','']
                """);
    }

    /** Columns: whether root may update, whether Alice may, statements. */
    @ParameterizedTest
    @MethodSource("lockoutRows")
    void whoPutsAPolicyMustBeAbleToPutTheNext(String root, String alice, String statements) {
        var policy = "{'Statement':["
                + statements
                        .replace("ALLOW", "'Effect':'Allow'")
                        .replace("DENY", "'Effect':'Deny'")
                        .replace("ANY", "'Principal':'*'")
                        .replace("ALL", "'Action':'kms:*'")
                        .replace("KEY", "'Resource':'*'")
                + "]}";
        assertEquals(root.equals("may") ? "ok" : LOCKED_OUT, outcome(policy, ROOT));
        assertEquals(alice.equals("may") ? "ok" : LOCKED_OUT, outcome(policy, ALICE));
    }

    private static Stream<Object[]> lockoutRows() {
        return """
                may not {ALLOW,ALL,KEY,'Principal':{'AWS':'arn:aws:iam::444455556666:root'}},{ALLOW,ALL,KEY,'NotPrincipal':{'AWS':'arn:aws:iam::111122223333:user/alice'}}
                may may {ALLOW,ALL,KEY,'Principal':{'AWS':'arn:aws:iam::111122223333:root'}}
                may may {ALLOW,ALL,KEY,'Principal':{'AWS':'111122223333'}}
                may may {ALLOW,ALL,KEY,ANY}
                may may {ALLOW,ALL,KEY,'Principal':{'AWS':'*'}}
                not may {ALLOW,ALL,KEY,'Principal':{'AWS':['arn:aws:iam::444455556666:root','arn:aws:iam::111122223333:user/alice']}}
                not not {ALLOW,ALL,KEY,'Principal':{'AWS':'arn:aws:iam::111122223333:user/bob'}}
                not not {ALLOW,ALL,KEY,'Principal':{'AWS':'444455556666'}}
                not not {ALLOW,ALL,KEY,'Principal':{'Service':'logs.amazonaws.com','Federated':'www.amazon.com'}}
                may may {ALLOW,ALL,KEY,'NotPrincipal':{'AWS':'444455556666'}}
                not not {ALLOW,ALL,KEY,'NotPrincipal':{'AWS':'111122223333'}}
                may may {ALLOW,ANY,KEY,'Action':'*'}
                may may {ALLOW,ANY,KEY,'Action':'kms:Put*'}
                may may {ALLOW,ANY,KEY,'Action':['kms:Encrypt','KMS:putkeypolicy']}
                may may {ALLOW,ANY,KEY,'Action':'kms:Put???Policy'}
                may may {ALLOW,ANY,KEY,'NotAction':'kms:Encrypt'}
                not not {ALLOW,ANY,KEY,'Action':['kms:Get*','kms:PutKeyPolicyX','s3:*']}
                not not {ALLOW,ANY,KEY,'NotAction':['kms:Encrypt','kms:Put*']}
                not not {ALLOW,ANY,KEY}
                may may {ALLOW,ANY,ALL,'Resource':'arn:aws:kms:eu-central-1:111122223333:key/*'}
                not not {ALLOW,ANY,ALL,'Resource':'arn:aws:kms:eu-central-1:111122223333:key/other'}
                not not {ALLOW,ANY,ALL,'NotResource':'*'}
                not not {ALLOW,ANY,ALL}
                may may {ALLOW,ANY,ALL,KEY,'Condition':{}}
                not not {ALLOW,ANY,ALL,KEY,'Condition':{'Bool':{'aws:MultiFactorAuthPresent':'true'}}}
                not not {DENY,ANY,ALL,KEY}
                not not {ALLOW,ANY,ALL,KEY},{DENY,ANY,ALL,KEY}
                not not {DENY,ANY,KEY,'Action':'kms:PutKeyPolicy'},{ALLOW,ANY,ALL,KEY}
                not not {ALLOW,ANY,ALL,KEY},{DENY,ANY,KEY,'NotAction':'kms:Encrypt'}
                may not {ALLOW,ANY,ALL,KEY},{DENY,ALL,KEY,'Principal':{'AWS':'arn:aws:iam::111122223333:user/alice'}}
                may may {ALLOW,ANY,ALL,KEY},{DENY,ANY,KEY,'Action':'kms:Delete*'}
                may may {ALLOW,ANY,ALL,KEY},{DENY,ANY,ALL,KEY,'Condition':{'Bool':{'aws:SecureTransport':'false'}}}
                may not {ALLOW,ANY,ALL,KEY},{DENY,ALL,KEY,'NotPrincipal':{'AWS':'111122223333'}}
                may may {ALLOW,ANY,ALL,KEY},{DENY,ALL,KEY,'NotPrincipal':{'AWS':['111122223333','arn:aws:iam::111122223333:user/alice']}}
                not not {ALLOW,ANY,ALL,KEY},{DENY,ALL,KEY,'NotPrincipal':{'AWS':'444455556666'}}
                """.lines().map(line -> line.split(" ", 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kms:EncryptionContext:AppName",
                "KMS:encryptioncontext:AppName",
                "aws:RequestTag/Project",
                "aws:ResourceTag/Project",
                "aws:PrincipalTag/Project"
            })
    void forAllValuesOfASingleValueIsTooMuch(String key) {
        var text = "{'Statement':{'Effect':'Allow','Principal':'*','Condition':{'ForAllValues:StringLike':{'" + key
                + "':'x'}}}}";
        var e = assertThrows(KmsException.class, () -> parse(text));
        assertEquals(KmsError.MALFORMED_POLICY_DOCUMENT, e.error());
        assertTrue(e.getMessage().contains("OverlyPermissiveCondition"), e::getMessage);
        assertDoesNotThrow(() -> parse(text.replace("ForAllValues:", "")));
        assertDoesNotThrow(() -> parse(text.replace(key, "kms:EncryptionContextKeys")));
    }

    @Test
    void thirtyTwoKibibytesAreTheLimit() {
        var start = "{'Statement':{'Effect':'Allow','Principal':'*','Action':'kms:*','Resource':'*','Sid':'";
        int room = 32_768 - start.length() - "'}}".length();
        assertDoesNotThrow(() -> parse(start + "x".repeat(room) + "'}}"));
        for (var tooLong : List.of("x".repeat(room + 1), "é".repeat(room / 2 + 1))) {
            var e = assertThrows(KmsException.class, () -> parse(start + tooLong + "'}}"));
            assertEquals(KmsError.LIMIT_EXCEEDED, e.error());
        }
    }

    private static Stream<Object[]> rows(String table) {
        return table.lines().map(line -> line.split(" +", 2)).map(columns -> new Object[] {
            columns[1],
            switch (columns[0]) {
                case "ok" -> "ok";
                case "who" -> INVALID_PRINCIPAL;
                case "arn" -> INVALID_ARN;
                default -> throw new IllegalArgumentException(columns[0]);
            }
        });
    }

    private static String outcome(String policy, Caller caller) {
        try {
            KeyPolicy.requireUpdatable(parse(policy), caller, KEY);
            return "ok";
        } catch (KmsException e) {
            return e.getMessage();
        }
    }

    private static PolicyDocument parse(String text) {
        return KeyPolicy.parse(text.replace('\'', '"'));
    }

    private static Selection<WildcardPattern> patterns(Sense sense, String... patterns) {
        return new Selection<>(
                sense, Stream.of(patterns).map(WildcardPattern::new).collect(Collectors.toList()));
    }

    private static Condition condition(
            Quantifier quantifier, ConditionOperator operator, boolean ifExists, String key, String... values) {
        return new Condition(quantifier, operator, ifExists, key, List.of(values));
    }

    private static Caller caller(String arn) {
        return new Caller(new CallerIdentity(new Stamp(7, 7, 1), "AKIAIOSFODNN7EXAMPLE", "111122223333", arn));
    }
}
