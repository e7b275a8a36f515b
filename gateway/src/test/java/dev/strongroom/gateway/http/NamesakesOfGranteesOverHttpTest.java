package dev.strongroom.gateway.http;

import static dev.strongroom.gateway.http.GrantScene.ALICE;
import static dev.strongroom.gateway.http.GrantScene.ROLE;
import static dev.strongroom.gateway.http.GrantScene.SESSION;
import static dev.strongroom.gateway.http.GrantScene.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.GrantListEntry;
import software.amazon.awssdk.services.kms.model.GrantOperation;

/** Grants and those who come to have a name that somebody in them had, through two gateways before one node. */
class NamesakesOfGranteesOverHttpTest {

    private static final String ACCOUNT = "111122223333";

    private GrantScene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new GrantScene();
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private void replace(String principal) {
        scene.callers.replace(principal);
        scene.callers.forget(SESSION);
    }

    private void assertMayEncrypt(String caller) {
        scene.encrypt(scene.of(caller));
        scene.encrypt(scene.callers.elsewhere(caller));
    }

    private void assertMayNot(String caller) {
        assertEquals(scene.noIdentity(caller, "Encrypt"), refused(() -> scene.encrypt(scene.of(caller))));
        assertEquals(
                scene.noIdentity(caller, "Encrypt"), refused(() -> scene.encrypt(scene.callers.elsewhere(caller))));
    }

    private List<String> grantees() {
        return scene.list().stream()
                .map(GrantListEntry::granteePrincipal)
                .sorted()
                .toList();
    }

    private List<String> listed(String grantee) {
        return scene.root.listGrants(asked -> asked.keyId(scene.key()).granteePrincipal(grantee)).grants().stream()
                .map(GrantListEntry::grantId)
                .toList();
    }

    @Test
    void aUsersGrantIsNotInherited() {
        var former = scene.grant(ALICE, GrantOperation.ENCRYPT);
        assertMayEncrypt(ALICE);
        assertEquals(List.of(ALICE), grantees());
        assertEquals(List.of(former.grantId()), listed(ALICE));
        var id = scene.callers.uniqueId(ALICE);

        replace(ALICE);

        assertMayNot(ALICE);
        assertEquals(
                scene.noIdentity(ALICE, "Encrypt"),
                refused(() -> scene.encryptWith(ALICE, former.grantToken())),
                "with its token neither");
        assertEquals(List.of(id), grantees());
        assertEquals(List.of(), listed(ALICE), "who has the name now has no grant");

        var latter = scene.grant(ALICE, GrantOperation.ENCRYPT);
        assertMayEncrypt(ALICE);
        assertEquals(List.of(id, ALICE), grantees());
        assertEquals(List.of(latter.grantId()), listed(ALICE));
        scene.root.revokeGrant(end -> end.keyId(scene.key()).grantId(former.grantId()));
        assertEquals(List.of(ALICE), grantees(), "it is ended by its id, as any");
    }

    @ParameterizedTest
    @ValueSource(strings = {ROLE, SESSION})
    void aRolesGrantIsNotInherited(String grantee) {
        scene.grant(grantee, GrantOperation.ENCRYPT);
        assertMayEncrypt(SESSION);
        assertEquals(List.of(grantee), grantees());
        var id = scene.callers.uniqueId(ROLE);

        replace(ROLE);

        assertMayNot(SESSION);
        assertEquals(List.of(grantee.equals(ROLE) ? id : id + ":today"), grantees());
    }

    @Test
    void theSameNameForSomebodyElseIsAnotherGrant() {
        var first =
                scene.grant(terms -> terms.operations(GrantOperation.ENCRYPT).name("once"));
        var again =
                scene.grant(terms -> terms.operations(GrantOperation.ENCRYPT).name("once"));
        assertEquals(first.grantId(), again.grantId());
        var id = scene.callers.uniqueId(ALICE);

        replace(ALICE);
        var other =
                scene.grant(terms -> terms.operations(GrantOperation.ENCRYPT).name("once"));

        assertNotEquals(first.grantId(), other.grantId());
        assertMayEncrypt(ALICE);
        assertEquals(List.of(id, ALICE), grantees());
    }

    @Test
    void theRightToRetireIsNotInherited() {
        var grant = scene.grant(
                terms -> terms.granteePrincipal(ROLE).retiringPrincipal(ALICE).operations(GrantOperation.ENCRYPT));
        var other = scene.grant(
                terms -> terms.granteePrincipal(ROLE).retiringPrincipal(ALICE).operations(GrantOperation.ENCRYPT));
        assertEquals(2, retirable(ALICE).size());
        scene.of(ALICE).retireGrant(end -> end.grantToken(other.grantToken()));
        var id = scene.callers.uniqueId(ALICE);

        replace(ALICE);

        assertTrue(refused(() -> retire(scene.of(ALICE), grant)).startsWith("AccessDeniedException: User: " + ALICE));
        assertEquals(List.of(), retirable(ALICE));
        assertEquals(id, scene.list().get(0).retiringPrincipal());
        retire(scene.root, grant);
        assertEquals(List.of(), scene.list());
    }

    private static void retire(KmsClient kms, CreateGrantResponse grant) {
        kms.retireGrant(end -> end.grantToken(grant.grantToken()));
    }

    private List<GrantListEntry> retirable(String principal) {
        return scene.root
                .listRetirableGrants(asked -> asked.retiringPrincipal(principal))
                .grants();
    }

    @Test
    void theRightToHandOnIsNotInherited() {
        scene.grant(ALICE, GrantOperation.ENCRYPT, GrantOperation.CREATE_GRANT);
        replace(ALICE);

        assertEquals(
                scene.noIdentity(ALICE, "CreateGrant"),
                refused(() -> scene.of(ALICE)
                        .createGrant(asked ->
                                asked.keyId(scene.key()).granteePrincipal(ALICE).operations(GrantOperation.ENCRYPT))));
    }

    @Test
    void inAnOpenAccountWhomNobodyMadeIsMeantByName() {
        var open = "777788889999";
        scene.callers.makeOpen(open);
        var later = "arn:aws:iam::" + open + ":user/later";
        var mayEncrypt = """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}}""";
        var before = scene.grant(
                terms -> terms.granteePrincipal(later).retiringPrincipal(later).operations(GrantOperation.ENCRYPT));
        scene.callers.give(later, mayEncrypt);
        assertMayEncrypt(later);

        replace(later);
        scene.callers.give(later, mayEncrypt);

        assertMayEncrypt(later);
        assertEquals(List.of(later), grantees());
        assertEquals(List.of(before.grantId()), listed(later));
        assertEquals(1, retirable(later).size());
    }

    @Test
    void aConditionOnTheGranteeIsAboutItsName() {
        var deputy = "arn:aws:iam::" + ACCOUNT + ":user/deputy";
        scene.callers.give(deputy, """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:CreateGrant","Resource":"*",
                 "Condition":{"StringEquals":{"kms:GranteePrincipal":"%s","kms:RetiringPrincipal":"%s"}}}}""".formatted(ALICE, ROLE));

        var made = scene.of(deputy)
                .createGrant(asked -> asked.keyId(scene.key())
                        .granteePrincipal(ALICE)
                        .retiringPrincipal(ROLE)
                        .operations(GrantOperation.ENCRYPT));

        assertEquals(List.of(made.grantId()), listed(ALICE));
        assertMayEncrypt(ALICE);
    }
}
