package dev.strongroom.gateway.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.strongroom.gateway.authz.IdentityPolicy.Use;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the decision table cannot show: the records a yes rests on, sub-grants and who may retire a grant. */
class AccessDecisionTest {

    private static final String ALICE = "arn:aws:iam::111122223333:user/alice";
    private static final String BOB = "arn:aws:iam::111122223333:user/bob";
    private static final String ROLE = "arn:aws:iam::111122223333:role/app";

    private final PolicyMix mix = new PolicyMix(0);

    /** Stamps are told apart by the first half of their record id: 1 key, 2 aliases, 7 access key; others as given. */
    @Test
    void aYesRestsOnTheKeyTheCallerAndEveryPolicyThatCounts() {
        var caller = new Caller(
                identity(ALICE),
                CallerPrincipal.of("111122223333", ALICE),
                List.of(stamp(20), stamp(21)),
                new CallerPolicies(
                        List.of(attached("Allow", "*", 30, 31), attached("Deny", "s3:*", 32, 20)),
                        Optional.of(attached("Allow", "*", 33)),
                        List.of(attached("Allow", "*"), attached("Allow", "s3:*", 34))));
        var allowed = allowed(caller, request("kms:Encrypt", key(delegating(), GrantIndex.empty())));
        assertEquals(Optional.of(stamp(1)), allowed.key());
        assertEquals(List.of(7L, 20L, 21L, 30L, 31L, 32L, 33L, 34L), ids(allowed));
        assertEquals(Optional.empty(), allowed.grant());
    }

    @Test
    void theAliasThatLedToTheKeyIsOneOfThem() {
        var alias = new AliasRecord(
                stamp(40),
                new AliasName(PolicyMix.SCOPE, "alias/x"),
                PolicyMix.KEY.keyId(),
                PolicyMix.NOW,
                PolicyMix.NOW);
        var key = key(KeyPolicy.parse(policy(ALICE, "kms:*")), GrantIndex.empty());
        var request = new AccessRequest(
                "kms:Encrypt",
                new Resource.Key(key, Optional.of(alias), Resource.Naming.BY_REFERENCE),
                PolicyMix.environment(Optional.empty()));
        assertEquals(List.of(7L, 40L), ids(allowed(caller(ALICE), request)));
    }

    @Test
    void theSetOfAliasesIsOneOfThemOnlyIfAPolicyAskedForIt() {
        var asking = IdentityPolicy.parse(
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
                        + "{\"ForAnyValue:StringLike\":{\"kms:ResourceAliases\":\"alias/*\"}}}}",
                Use.MANAGED);
        var key = key(delegating(), GrantIndex.empty());
        var policies = CallerPolicies.of(List.of(new AttachedPolicy(List.of(stamp(30)), CompiledPolicy.of(asking))));
        var caller = new Caller(identity(ALICE), CallerPrincipal.of("111122223333", ALICE), List.of(), policies);
        assertEquals(List.of(7L, 30L, 2L), ids(allowed(caller, request("kms:Encrypt", key))));
        assertEquals(List.of(7L, 31L), ids(allowed(withPolicy("Allow", "*", 31), request("kms:Encrypt", key))));
    }

    @Test
    void theGrantReliedOnIsOneOfThemAndNoOther() {
        var grants = GrantIndex.of(List.of(
                grant("g1", 50, ALICE, GrantConstraints.containing(Map.of("k", "v")), GrantOperation.ENCRYPT),
                grant("g2", 51, ALICE, GrantConstraints.containing(Map.of("k", "w")), GrantOperation.ENCRYPT)));
        var request = new AccessRequest(
                "kms:Encrypt",
                Resource.Key.of(key(KeyPolicy.parse(policy(BOB, "kms:*")), grants)),
                PolicyMix.environment(Optional.empty()),
                Map.of("k", "w"),
                ConditionKeys.NONE);
        var allowed = allowed(caller(ALICE), request);
        assertEquals(List.of(7L, 51L), ids(allowed));
        assertEquals("g2", allowed.grant().orElseThrow().id());
    }

    @Test
    void withoutAKeyThereIsNoKeysStamp() {
        var request = new AccessRequest(
                "kms:CreateKey", new Resource.Any("111122223333"), PolicyMix.environment(Optional.empty()));
        var allowed = allowed(withPolicy("Allow", "*", 30), request);
        assertEquals(Optional.empty(), allowed.key());
        assertEquals(List.of(7L, 30L), ids(allowed));
    }

    @Test
    void whoMayMakeGrantsByAGrantMayMakeNoWiderOnes() {
        var parent = grant(
                "g1",
                50,
                ALICE,
                GrantConstraints.containing(Map.of("k", "v")),
                GrantOperation.ENCRYPT,
                GrantOperation.CREATE_GRANT);
        var narrow = terms(BOB, GrantConstraints.containing(Map.of("k", "v", "l", "w")), GrantOperation.ENCRYPT);
        var wide = terms(BOB, GrantConstraints.none(), GrantOperation.ENCRYPT);
        var byGrant = key(KeyPolicy.parse(policy(BOB, "kms:*")), GrantIndex.of(List.of(parent)));
        assertEquals(
                "g1",
                allowed(caller(ALICE), creating(narrow, byGrant))
                        .grant()
                        .orElseThrow()
                        .id());
        var denied =
                assertInstanceOf(Verdict.Denied.class, AccessDecision.decide(caller(ALICE), creating(wide, byGrant)));
        assertEquals(DenialReason.NO_RESOURCE, denied.reason());
        var byPolicy = key(KeyPolicy.parse(policy(ALICE, "kms:CreateGrant")), GrantIndex.of(List.of(parent)));
        assertEquals(
                Optional.empty(),
                allowed(caller(ALICE), creating(wide, byPolicy)).grant());
    }

    /** A grant that Alice retires, Bob may use, and a member of account 1111 made; the key's policy allows nobody. */
    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::111122223333:user/alice, '', allow",
        "arn:aws:iam::111122223333:user/bob, '', no",
        "arn:aws:iam::111122223333:user/bob, RetireGrant, allow",
        "arn:aws:iam::111122223333:user/dora, '', no",
        "arn:aws:iam::111122223333:root, '', allow",
        "arn:aws:iam::444455556666:root, '', no",
        "arn:aws:iam::444455556666:user/alice, RetireGrant, no"
    })
    void aGrantIsRetiredByWhomItNames(String arn, String operation, String outcome) {
        var operations = operation.isEmpty()
                ? new GrantOperation[] {GrantOperation.ENCRYPT}
                : new GrantOperation[] {GrantOperation.ENCRYPT, GrantOperation.RETIRE_GRANT};
        var terms = new GrantTerms(
                Principal.ofGrant(BOB),
                Optional.of(Principal.ofGrant(ALICE)),
                Set.of(operations),
                GrantConstraints.none(),
                "");
        assertEquals(outcome, retire(caller(arn), terms, policy("arn:aws:iam::111122223333:user/nobody", "kms:*")));
    }

    @Test
    void theAccountThatMadeAGrantLetsItsPeopleRetireIt() {
        var terms = terms(BOB, GrantConstraints.none(), GrantOperation.ENCRYPT);
        var nobody = policy("arn:aws:iam::111122223333:user/nobody", "kms:*");
        assertEquals("allow", retire(withPolicy("Allow", "kms:RetireGrant", 30), terms, nobody));
        assertEquals("no", retire(withPolicy("Allow", "kms:RevokeGrant", 30), terms, nobody));
    }

    @Test
    void aKeyPolicyCannotAllowItAndCanDenyIt() {
        var terms = terms(BOB, GrantConstraints.none(), GrantOperation.ENCRYPT);
        assertEquals("no", retire(caller(ALICE), terms, policy(ALICE, "kms:*")));
        var root = caller("arn:aws:iam::111122223333:root");
        assertEquals(
                "no",
                retire(
                        root,
                        terms,
                        policy(ALICE, "kms:*").replace("Allow", "Deny").replace(ALICE, "*")));
        assertEquals("no", retire(withPolicy("Deny", "kms:*", 30), terms, policy(ALICE, "kms:*")));
    }

    @Test
    void aRoleThatMayRetireDoesSoWithinItsBoundary() {
        var session = "arn:aws:sts::111122223333:assumed-role/app/s1";
        var terms = new GrantTerms(
                Principal.ofGrant(BOB),
                Optional.of(Principal.ofGrant(ROLE)),
                Set.of(GrantOperation.ENCRYPT),
                GrantConstraints.none(),
                "");
        var principal = CallerPrincipal.of("111122223333", session);
        var nobody = policy("arn:aws:iam::111122223333:user/nobody", "kms:*");
        for (var action : List.of("kms:RetireGrant", "s3:*")) {
            var policies = new CallerPolicies(List.of(), Optional.of(attached("Allow", action, 33)), List.of());
            assertEquals(
                    action.startsWith("kms") ? "allow" : "no",
                    retire(new Caller(identity(session), principal, List.of(), policies), terms, nobody));
        }
    }

    private String retire(Caller caller, GrantTerms terms, String keyPolicy) {
        var grant = new Grant(stamp(50), "g1", terms, "111122223333", PolicyMix.NOW);
        var key = key(KeyPolicy.parse(keyPolicy), GrantIndex.of(List.of(grant)));
        var verdict = AccessDecision.decideRetire(caller, request("kms:RetireGrant", key), grant);
        if (verdict instanceof Verdict.Allowed allowed) {
            assertEquals(50L, ids(allowed).get(ids(allowed).size() - 1));
            return "allow";
        }
        return "no";
    }

    private static AccessRequest creating(GrantTerms terms, KeyFacts key) {
        return new AccessRequest(
                "kms:CreateGrant",
                Resource.Key.of(key),
                PolicyMix.environment(Optional.empty()),
                terms.constraints().context(),
                GrantRules.keys(terms),
                parent -> GrantRules.isNoWider(terms, parent.terms()));
    }

    private static AccessRequest request(String action, KeyFacts key) {
        return new AccessRequest(action, Resource.Key.of(key), PolicyMix.environment(Optional.empty()));
    }

    private KeyFacts key(PolicyDocument policy, GrantIndex grants) {
        return mix.key(policy.statements(), grants);
    }

    private static PolicyDocument delegating() {
        return KeyPolicy.parse(KeyPolicy.defaultText("111122223333"));
    }

    private static String policy(String principal, String action) {
        return "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + principal + "\"},\"Action\":\""
                + action + "\",\"Resource\":\"*\"}}";
    }

    private static AttachedPolicy attached(String effect, String action, long... records) {
        var text = "{\"Statement\":{\"Effect\":\"" + effect + "\",\"Action\":\"" + action + "\",\"Resource\":\"*\"}}";
        return new AttachedPolicy(
                LongStream.of(records).mapToObj(AccessDecisionTest::stamp).toList(),
                CompiledPolicy.of(IdentityPolicy.parse(text, Use.MANAGED)));
    }

    private static Caller caller(String arn) {
        return new Caller(identity(arn));
    }

    private static Caller withPolicy(String effect, String action, long record) {
        return new Caller(
                identity(ALICE),
                CallerPrincipal.of("111122223333", ALICE),
                List.of(),
                CallerPolicies.of(List.of(attached(effect, action, record))));
    }

    private static CallerIdentity identity(String arn) {
        return new CallerIdentity(stamp(7), "AKIA", arn.split(":", -1)[4], arn);
    }

    private static Grant grant(
            String id, long record, String grantee, GrantConstraints constraints, GrantOperation... operations) {
        return new Grant(stamp(record), id, terms(grantee, constraints, operations), "111122223333", PolicyMix.NOW);
    }

    private static GrantTerms terms(String grantee, GrantConstraints constraints, GrantOperation... operations) {
        return new GrantTerms(
                Principal.ofGrant(grantee),
                Optional.empty(),
                Arrays.stream(operations).collect(Collectors.toSet()),
                constraints,
                "");
    }

    private static Stamp stamp(long record) {
        return new Stamp(record, record, record == 7 ? 1 : record);
    }

    private static List<Long> ids(Verdict.Allowed allowed) {
        return new ArrayList<>(allowed.others().stream().map(Stamp::idHigh).toList());
    }

    private static Verdict.Allowed allowed(Caller caller, AccessRequest request) {
        return assertInstanceOf(Verdict.Allowed.class, AccessDecision.decide(caller, request));
    }
}
