package dev.strongroom.gateway.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.strongroom.gateway.authz.AccessDecision;
import dev.strongroom.gateway.authz.AccessRequest;
import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.gateway.authz.CallerPrincipal;
import dev.strongroom.gateway.authz.DenialReason;
import dev.strongroom.gateway.authz.RequestEnvironment;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.gateway.authz.Verdict;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.SessionRecord;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The HSM's records of a caller and what decisions make of them. */
class CallersTest {

    private static final String ACCOUNT = "111122223333";
    private static final Stamp KEY = new Stamp(1, 1, 1);
    private static final Stamp HOLDER = new Stamp(2, 2, 2);
    private static final Stamp MANAGED = new Stamp(3, 3, 3);
    private static final Stamp BOUNDARY = new Stamp(4, 4, 4);
    private static final Stamp OF_SESSION = new Stamp(5, 5, 5);
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final SessionRecord SESSION = new SessionRecord(
            NOW,
            NOW.plusSeconds(900),
            Optional.empty(),
            Map.of("team", "red"),
            List.of("team"),
            Optional.of("arn:aws:iam::111122223333:oidc-provider/issuer.example"),
            Optional.of("me"),
            List.of(),
            List.of());

    private final CompiledPolicies policies = new CompiledPolicies();
    private final Callers callers = new Callers(policies);

    private static CallerIdentity identity(String arn) {
        return new CallerIdentity(KEY, "AKIAEXAMPLE", ACCOUNT, arn);
    }

    private static HolderRecord holder(String arn, String uniqueId, Map<String, String> inline) {
        return new HolderRecord(HOLDER, arn, uniqueId, Map.of("dept", "it"), inline);
    }

    private static String policy(String effect, String action) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"" + effect + "\",\"Action\":\"" + action
                + "\",\"Resource\":\"*\"}}";
    }

    private static Verdict may(Caller caller, String action) {
        var environment = new RequestEnvironment(
                NOW, Optional.empty(), true, Optional.empty(), Optional.empty(), "eu-west-1", Optional.empty());
        return AccessDecision.decide(caller, new AccessRequest(action, new Resource.Any(ACCOUNT), environment));
    }

    private static DenialReason why(Caller caller, String action) {
        return assertInstanceOf(Verdict.Denied.class, may(caller, action)).reason();
    }

    @Test
    void aRootIsNobodyElse() {
        var root = callers.of(CallerRecords.of(identity("arn:aws:iam::111122223333:root"), true));

        assertEquals(CallerPrincipal.Kind.ROOT, root.principal().kind());
        assertEquals(List.of(KEY), root.stamps());
        assertInstanceOf(Verdict.Allowed.class, may(root, "kms:CreateKey"));
    }

    @Test
    void aUserHasItsPoliciesWithinItsBoundaryAndAYesRestsOnAllOfThem() {
        var arn = "arn:aws:iam::111122223333:user/team/alice";
        var user = callers.of(new CallerRecords(
                identity(arn),
                false,
                Optional.of(holder(arn, "AIDAALICE", Map.of("a", policy("Allow", "kms:CreateKey")))),
                List.of(new PolicyRecord(MANAGED, "m", policy("Allow", "kms:List*"))),
                Optional.of(new PolicyRecord(BOUNDARY, "b", policy("Allow", "kms:*Keys"))),
                Optional.empty()));

        assertEquals(CallerPrincipal.Kind.USER, user.principal().kind());
        assertEquals("AIDAALICE", user.principal().uniqueId());
        assertEquals(Map.of("dept", "it"), user.principal().tags());
        var allowed = assertInstanceOf(Verdict.Allowed.class, may(user, "kms:ListKeys"));
        assertEquals(List.of(KEY, HOLDER, MANAGED, BOUNDARY), allowed.others());
        assertEquals(DenialReason.NO_BOUNDARY, why(user, "kms:CreateKey"));
        assertEquals(DenialReason.NO_IDENTITY, why(user, "kms:GenerateRandom"));
    }

    @Test
    void aSessionActsForItsRoleWithinItsSessionPolicies() {
        var session = new SessionRecord(
                SESSION.issued(),
                SESSION.expires(),
                Optional.of(NOW),
                SESSION.tags(),
                SESSION.transitiveTagKeys(),
                SESSION.provider(),
                SESSION.sourceIdentity(),
                List.of(policy("Allow", "kms:CreateKey")),
                List.of(new PolicyRecord(OF_SESSION, "s", policy("Allow", "kms:ListAliases"))));
        var role = "arn:aws:iam::111122223333:role/service-role/app";
        var caller = callers.of(new CallerRecords(
                identity("arn:aws:sts::111122223333:assumed-role/app/s1"),
                false,
                Optional.of(holder(role, "AROAAPP", Map.of("a", policy("Allow", "kms:*")))),
                List.of(),
                Optional.empty(),
                Optional.of(session)));

        var principal = caller.principal();
        assertEquals(CallerPrincipal.Kind.ASSUMED_ROLE, principal.kind());
        assertEquals(Optional.of(role), principal.issuer());
        assertEquals("AROAAPP:s1", principal.uniqueId());
        assertEquals(Map.of("team", "red"), principal.session().orElseThrow().tags());
        assertEquals(List.of("team"), principal.session().orElseThrow().transitiveTagKeys());
        assertEquals(Optional.of(NOW), principal.session().orElseThrow().multiFactor());
        assertInstanceOf(Verdict.Allowed.class, may(caller, "kms:CreateKey"));
        var allowed = assertInstanceOf(Verdict.Allowed.class, may(caller, "kms:ListAliases"));
        assertEquals(List.of(KEY, HOLDER, OF_SESSION), allowed.others());
        assertEquals(DenialReason.NO_SESSION, why(caller, "kms:ListKeys"));
    }

    @Test
    void sessionsOfUsersAndRootsAreStillThose() {
        var arn = "arn:aws:iam::111122223333:user/alice";
        var user = callers.of(new CallerRecords(
                identity(arn),
                false,
                Optional.of(holder(arn, "AIDAALICE", Map.of())),
                List.of(),
                Optional.empty(),
                Optional.of(SESSION)));
        var root = callers.of(new CallerRecords(
                identity("arn:aws:iam::111122223333:root"),
                false,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.of(SESSION)));

        assertEquals(CallerPrincipal.Kind.USER, user.principal().kind());
        assertEquals(Optional.empty(), user.principal().issuer());
        assertEquals(NOW, user.principal().session().orElseThrow().issued());
        assertEquals(CallerPrincipal.Kind.ROOT, root.principal().kind());
        assertEquals(NOW, root.principal().session().orElseThrow().issued());
    }

    @Test
    void aPolicyThatCannotBeReadDeniesEverything() {
        var arn = "arn:aws:iam::111122223333:user/alice";
        var user = callers.of(new CallerRecords(
                identity(arn),
                false,
                Optional.of(
                        holder(arn, "AIDAALICE", Map.of("good", policy("Allow", "kms:*"), "bad", "{\"Statement\":1}"))),
                List.of(),
                Optional.empty(),
                Optional.empty()));

        assertEquals(DenialReason.EXPLICIT_IDENTITY, why(user, "kms:ListKeys"));
    }

    @Test
    void aPolicyIsReadOnceWhereverItHangs() {
        var text = policy("Allow", "kms:*");
        assertSame(policies.ofIdentity(text), policies.ofIdentity(String.valueOf(text.toCharArray())));
    }
}
