package dev.strongroom.gateway.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What policies and requests made to hurt cost, in steps; a step is a few nanoseconds. */
class DecisionCostTest {

    private static final Caller ALICE = new Caller(
            new CallerIdentity(new Stamp(7, 7, 1), "AKIA", "111122223333", "arn:aws:iam::111122223333:user/alice"));

    /** Bytes of a key policy beyond what stands around {@code ~…~} in it. */
    private static final int POLICY_BYTES = 32_768;

    /** Characters of the longest encryption context. */
    private static final int CONTEXT_CHARACTERS = 8_192;

    @ParameterizedTest
    @CsvSource({
        "*~a~b, 16000, ~a~, 8000",
        "*~a~b*, 16000, ~a~, 8000",
        "*~a*~b, 8000, ~a~, 8000",
        "*~*a~, 8000, ~a~b, 8000",
        "~a*~*z, 4000, ~a~, 8000",
        "*~ab~c*, 8000, ~ab~, 4000",
        "*~aab~*, 5000, ~aab~, 2700",
        "*~a~b*~a~b*, 8000, ~a~, 8000",
        "~*~, 32000, ~a~, 8000",
        "~?*~, 8000, ~a~, 8000"
    })
    void matchingIsLinearInPatternAndName(String pattern, int patternTimes, String name, int nameTimes) {
        var effort = Effort.unlimited();
        var text = times(pattern, patternTimes);
        var value = times(name, nameTimes);
        var unused = new WildcardPattern(text).matches(value, effort);
        assertTrue(effort.spent() <= 2L * (text.length() + value.length()), () -> effort.spent() + " steps");
    }

    /** Question marks between stars are matched 64 at a time. */
    @ParameterizedTest
    @CsvSource({"*~a?~b*, 16000, ~a~, 8000", "*~?a~b*, 2000, ~a~, 8000", "*?~a~b*, 4000, ~a~, 8000"})
    void questionMarksBetweenStarsCostASixtyFourth(String pattern, int patternTimes, String name, int nameTimes) {
        var effort = Effort.unlimited();
        var text = times(pattern, patternTimes);
        var value = times(name, nameTimes);
        var unused = new WildcardPattern(text).matches(value, effort);
        int words = 2 + text.length() / 64;
        assertTrue(effort.spent() <= (long) value.length() * words + text.length(), () -> effort.spent() + " steps");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'Statement':[~{'Effect':'Deny','Principal':'*','Action':'*','Resource':'arn:aws:kms:::x*'},~{STAR}]}",
                "{'Statement':{'Effect':'Deny','Principal':'*','Resource':'*','Action':'kms:~*?~'}}",
                "{'Statement':{'Effect':'Deny','Principal':'*','Resource':'*','Action':[~'kms:*?*?*?*x',~'*']}}",
                "{'Statement':{'Effect':'Deny','Principal':{'AWS':[~'111122223333',~'*']},STARS}}",
                "{'Statement':{'Effect':'Deny','NotPrincipal':{'AWS':[~'444455556666',~'*']},STARS}}",
                "{'Statement':{STARS,'Effect':'Deny','Principal':'*','Condition':{'StringLike':{'kms:EncryptionContext:x':'*~a~b*'}}}}",
                "{'Statement':{STARS,'Effect':'Deny','Principal':'*','Condition':{'StringLike':{'kms:EncryptionContext:x':'*~a?~b*'}}}}",
                "{'Statement':{STARS,'Effect':'Deny','Principal':'*','Condition':{'StringLike':{'kms:EncryptionContext:x':[~'*a*a*b*',~'*']}}}}",
                "{'Statement':{STARS,'Effect':'Deny','Principal':'*','Condition':{'StringLike':{'kms:EncryptionContext:x':[~'*aa?*b',~'*']}}}}",
                "{'Version':'2012-10-17','Statement':{STARS,'Effect':'Deny','Principal':'*','Condition':{'StringEquals':{'aws:Referer':'~${kms:EncryptionContext:x}~'}}}}",
                "{'Version':'2012-10-17','Statement':{STARS,'Effect':'Deny','Principal':'*','Condition':{'StringNotLike':{'kms:EncryptionContext:x':[~'*${kms:EncryptionContext:x}b',~'x']}}}}",
                "{'Statement':{STARS,'Effect':'Deny','Principal':'*','Condition':{'Null':{~'kms:EncryptionContext:y#':'true',~'a:b':'true'}}}}",
                "{'Statement':{STARS,'Effect':'Deny','Principal':'*','Condition':{'ForAllValues:StringNotEquals':{'kms:EncryptionContextKeys':[~'nosuchkey',~'x']}}}}"
            })
    void aBombIsDecidedWithinItsMeans(String pattern) {
        for (var context : List.of(Map.of("x", "a".repeat(CONTEXT_CHARACTERS)), manyPairs())) {
            var key = new PolicyMix(0).key(List.of(), GrantIndex.empty());
            var effort = Effort.forOneDecision();
            var request = new AccessRequest(
                    "kms:Encrypt",
                    Resource.Key.of(new KeyFacts(
                            key.record(),
                            CompiledPolicy.of(bomb(pattern)),
                            GrantIndex.empty(),
                            KeyAliases::none,
                            Optional.empty())),
                    PolicyMix.environment(Optional.empty()),
                    context,
                    ConditionKeys.NONE);
            assertInstanceOf(Verdict.Denied.class, AccessDecision.decide(ALICE, request, effort));
            // The search that goes over the limit is the last, and none is longer than this.
            long longest = (long) CONTEXT_CHARACTERS * POLICY_BYTES / 64;
            assertTrue(effort.spent() <= Effort.ENOUGH + longest, () -> effort.spent() + " steps");
        }
    }

    @Test
    void whatCostsTooMuchIsRefused() {
        var value = "a".repeat(CONTEXT_CHARACTERS);
        var policy = bomb(
                "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':'*',STARS},{STARS,'Effect':"
                        + "'Deny','Principal':'*','Condition':{'StringLike':{'kms:EncryptionContext:x':[~'*?b*',~'b']}}}]}");
        var key = new PolicyMix(0).key(policy.statements(), GrantIndex.empty());
        var request = new AccessRequest(
                "kms:Encrypt",
                Resource.Key.of(key),
                PolicyMix.environment(Optional.empty()),
                Map.of("x", value),
                ConditionKeys.NONE);
        var denied = assertInstanceOf(Verdict.Denied.class, AccessDecision.decide(ALICE, request));
        assertEquals(DenialReason.TOO_COSTLY, denied.reason());
        assertInstanceOf(
                Verdict.Allowed.class,
                AccessDecision.decide(
                        ALICE,
                        new AccessRequest(
                                "kms:Encrypt", Resource.Key.of(key), PolicyMix.environment(Optional.empty()))));
    }

    /** Whoever writes long policies and means no harm is far from the limit. */
    @Test
    void aLongHonestPolicyIsCheap() {
        var statements = IntStream.range(0, 130)
                .mapToObj(i -> "{'Sid':'s" + i
                        + "','Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111122223333:user/u"
                        + i + "'},'Action':['kms:Encrypt','kms:Decrypt','kms:ReEncrypt*','kms:GenerateDataKey*',"
                        + "'kms:DescribeKey'],'Resource':'*'}")
                .collect(Collectors.joining(",", "{'Statement':[", "]}"));
        assertTrue(statements.length() > 20_000);
        var effort = Effort.forOneDecision();
        var key = new PolicyMix(0)
                .key(KeyPolicy.parse(statements.replace('\'', '"')).statements(), GrantIndex.empty());
        var denied = AccessDecision.decide(
                ALICE,
                new AccessRequest("kms:Encrypt", Resource.Key.of(key), PolicyMix.environment(Optional.empty())),
                effort);
        assertEquals(DenialReason.NO_RESOURCE, ((Verdict.Denied) denied).reason());
        assertTrue(effort.spent() < Effort.ENOUGH / 1000, () -> effort.spent() + " steps");
    }

    private static PolicyDocument bomb(String pattern) {
        var parts = pattern.replace("{STAR}", "{'Effect':'Deny','Principal':'*'}")
                .replace("STARS", "'Action':'*','Resource':'*'")
                .replace('\'', '"')
                .split("~", -1);
        int room = POLICY_BYTES - parts[0].length() - parts[2].length();
        var filling = new StringBuilder();
        for (int i = 0; filling.length() + parts[1].length() + 6 < room; i++) {
            filling.append(parts[1].replace("#", Integer.toString(i)));
        }
        return KeyPolicy.parse(parts[0] + filling + parts[2]);
    }

    private static Map<String, String> manyPairs() {
        var pairs = new HashMap<String, String>();
        for (int i = 0; i < CONTEXT_CHARACTERS / 6; i++) {
            pairs.put("k" + i, "v");
        }
        pairs.put("x", "aaaa");
        return pairs;
    }

    private static String times(String text, int times) {
        var parts = text.split("~", -1);
        var repeated = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            repeated.append(i % 2 == 1 ? parts[i].repeat(times) : parts[i]);
        }
        return repeated.toString();
    }
}
