package dev.strongroom.gateway.http;

import static dev.strongroom.gateway.http.GrantScene.ALICE;
import static dev.strongroom.gateway.http.GrantScene.BOB;
import static dev.strongroom.gateway.http.GrantScene.CONTEXT;
import static dev.strongroom.gateway.http.GrantScene.ROLE;
import static dev.strongroom.gateway.http.GrantScene.ROOT;
import static dev.strongroom.gateway.http.GrantScene.SESSION;
import static dev.strongroom.gateway.http.GrantScene.STRANGER;
import static dev.strongroom.gateway.http.GrantScene.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.GrantOperation;

/** Grants as the SDK sees them: what they give, to whom, and when it ends. */
@TestInstance(Lifecycle.PER_CLASS)
class GrantsOverHttpTest {

    private GrantScene scene;

    @BeforeAll
    void open() throws Exception {
        scene = new GrantScene();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @BeforeEach
    void newKey() {
        scene.newKey();
    }

    // ---- what a grant gives

    @Test
    void aGrantGivesItsOperationsToItsGranteeAndNothingElse() {
        assertEquals(scene.noIdentity(ALICE, "Encrypt"), refused(() -> scene.encrypt(scene.of(ALICE))));
        var made = scene.grant(ALICE, GrantOperation.ENCRYPT, GrantOperation.DESCRIBE_KEY);

        assertTrue(made.grantId().matches("[0-9a-f]{64}"), made.grantId());
        var blob = scene.encrypted(scene.of(ALICE), CONTEXT);
        assertEquals(
                scene.key(),
                scene.of(ALICE)
                        .describeKey(asked -> asked.keyId(scene.key()))
                        .keyMetadata()
                        .arn());
        assertEquals(
                scene.noIdentity(ALICE, "Decrypt"),
                refused(() -> scene.of(ALICE)
                        .decrypt(asked ->
                                asked.keyId(scene.key()).ciphertextBlob(blob).encryptionContext(CONTEXT))));
        assertEquals(scene.noIdentity(BOB, "Encrypt"), refused(() -> scene.encrypt(scene.of(BOB))));
        assertEquals(scene.noResource(STRANGER, "Encrypt"), refused(() -> scene.encrypt(scene.of(STRANGER))));
    }

    @Test
    void aGrantToARoleIsForItsSessions() {
        assertEquals(scene.noIdentity(SESSION, "Encrypt"), refused(() -> scene.encrypt(scene.of(SESSION))));
        var unused = scene.grant(ROLE, GrantOperation.ENCRYPT);
        scene.encrypt(scene.of(SESSION));
    }

    @Test
    void aGrantLetsAnotherAccountIn() {
        assertEquals(scene.noResource(STRANGER, "GenerateDataKey"), refused(() -> dataKey(STRANGER, CONTEXT)));
        var made = scene.grant(STRANGER, GrantOperation.GENERATE_DATA_KEY, GrantOperation.RETIRE_GRANT);

        dataKey(STRANGER, CONTEXT);
        // Those of its members who have no policy of their own are not let in with it.
        var member = "arn:aws:iam::444455556666:user/mallory";
        assertEquals(scene.noIdentity(member, "GenerateDataKey"), refused(() -> dataKey(member, CONTEXT)));

        var unused = scene.of(STRANGER).retireGrant(asked -> asked.grantToken(made.grantToken()));
        assertEquals(scene.noResource(STRANGER, "GenerateDataKey"), refused(() -> dataKey(STRANGER, CONTEXT)));
    }

    private void dataKey(String caller, Map<String, String> context) {
        var unused = scene.of(caller)
                .generateDataKey(
                        asked -> asked.keyId(scene.key()).numberOfBytes(32).encryptionContext(context));
    }

    @Test
    void constraintsBindTheEncryptionContext() {
        var unused = scene.grant(terms -> terms.operations(GrantOperation.ENCRYPT, GrantOperation.DESCRIBE_KEY)
                .constraints(only -> only.encryptionContextSubset(Map.of("volume", "vol-1"))));
        var more = scene.grant(terms -> terms.granteePrincipal(BOB)
                .operations(GrantOperation.ENCRYPT)
                .constraints(only -> only.encryptionContextEquals(CONTEXT)));

        assertNotEquals("", more.grantId());
        scene.encrypt(scene.of(ALICE));
        scene.encrypt(scene.of(BOB));
        var other = Map.of("Volume", "vol-2", "tier", "gold");
        assertEquals(scene.noIdentity(ALICE, "Encrypt"), refused(() -> scene.encrypted(scene.of(ALICE), other)));
        assertEquals(scene.noIdentity(ALICE, "Encrypt"), refused(() -> scene.encrypted(scene.of(ALICE), Map.of())));
        assertEquals(
                scene.noIdentity(BOB, "Encrypt"),
                refused(() -> scene.encrypted(scene.of(BOB), Map.of("Volume", "vol-1"))));
        // It has no context.
        var described = scene.of(ALICE).describeKey(asked -> asked.keyId(scene.key()));
        assertEquals(scene.key(), described.keyMetadata().arn());
    }

    @Test
    void reEncryptionTakesAGrantOnEitherSide() {
        var from = scene.key();
        var blob = scene.encrypted(scene.root, Map.of());
        scene.newKey();
        var unused = scene.grant(ALICE, GrantOperation.RE_ENCRYPT_TO);
        Runnable call = () ->
                scene.of(ALICE).reEncrypt(asked -> asked.ciphertextBlob(blob).destinationKeyId(scene.key()));
        assertTrue(refused(call).startsWith("AccessDeniedException: "));

        var source = scene.root.createGrant(
                asked -> asked.keyId(from).granteePrincipal(ALICE).operations(GrantOperation.RE_ENCRYPT_FROM));
        assertNotEquals("", source.grantId());
        call.run();
    }

    @Test
    void anExplicitDenyIsStrongerThanAGrant() {
        var unused = scene.grant(ALICE, GrantOperation.ENCRYPT);
        scene.encrypt(scene.of(ALICE));
        var deny = """
                {"Version":"2012-10-17","Statement":[
                {"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"kms:*","Resource":"*"},
                {"Effect":"Deny","Principal":{"AWS":"%s"},"Action":"kms:Encrypt","Resource":"*"}]}""";
        var put = scene.root.putKeyPolicy(asked -> asked.keyId(scene.key()).policy(deny.formatted(ROOT, ALICE)));
        assertEquals(200, put.sdkHttpResponse().statusCode());
        assertTrue(refused(() -> scene.encrypt(scene.of(ALICE)))
                .endsWith("with an explicit deny in a resource-based policy"));
    }

    @Test
    void nobodyIsGrantedWhoDoesNotExist() {
        var nobody = "arn:aws:iam::111122223333:user/nobody";
        var refusal = "InvalidArnException: ARN does not refer to a valid principal: " + nobody;
        assertEquals(refusal, refused(() -> scene.grant(nobody, GrantOperation.ENCRYPT)));
        assertEquals(
                refusal,
                refused(() -> scene.grant(
                        terms -> terms.operations(GrantOperation.ENCRYPT).retiringPrincipal(nobody))));
        var session = scene.grant(SESSION, GrantOperation.ENCRYPT);
        assertNotEquals("", session.grantId());
        scene.encrypt(scene.of(SESSION));
    }

    // ---- tokens

    @Test
    void tokensAreTakenAndATokenAloneGivesNothing() {
        var made = scene.grant(ALICE, GrantOperation.ENCRYPT);
        var other = scene.grant(BOB, GrantOperation.DECRYPT);

        scene.encryptWith(ALICE, made.grantToken());
        scene.encryptWith(ALICE, made.grantToken(), other.grantToken());
        assertEquals(scene.noIdentity(BOB, "Encrypt"), refused(() -> scene.encryptWith(BOB, made.grantToken())));
        assertEquals(scene.noIdentity(BOB, "Encrypt"), refused(() -> scene.encryptWith(BOB, other.grantToken())));
        assertEquals(
                scene.noResource(STRANGER, "Encrypt"), refused(() -> scene.encryptWith(STRANGER, made.grantToken())));
    }

    @Test
    void aTokenThatIsNoneIsRefusedAlsoOfWhoeverNeedsNone() {
        var token = scene.grant(ALICE, GrantOperation.ENCRYPT).grantToken();
        var end = token.charAt(20) == 'A' ? 'B' : 'A';
        for (var wrong : List.of(
                "x", "AAAA", "no base64!", token.substring(4), token.substring(0, 20) + end + token.substring(21))) {
            assertTrue(
                    refused(() -> scene.encryptWith(ALICE, wrong)).startsWith("InvalidGrantTokenException: "), wrong);
            assertTrue(refused(() -> scene.encryptWith(ROOT, wrong)).startsWith("InvalidGrantTokenException: "), wrong);
            assertTrue(refused(() -> scene.of(ROOT)
                            .describeKey(asked -> asked.keyId(scene.key()).grantTokens(wrong)))
                    .startsWith("InvalidGrantTokenException: "));
        }
        scene.encryptWith(ROOT, token);
    }

    // ---- the end

    @Test
    void aRevokedGrantIsOverOnTheNextRequestThroughEveryGateway() {
        var made = scene.grant(ALICE, GrantOperation.ENCRYPT);
        var alice = scene.callers.elsewhere(ALICE);
        for (int i = 0; i < 3; i++) {
            scene.encrypt(alice);
        }

        var unused = scene.root.revokeGrant(asked -> asked.keyId(scene.key()).grantId(made.grantId()));

        assertEquals(scene.noIdentity(ALICE, "Encrypt"), refused(() -> scene.encrypt(alice)));
        assertTrue(
                refused(() -> scene.encryptWith(ALICE, made.grantToken())).startsWith("InvalidGrantTokenException: "));
        assertEquals(List.of(), scene.list());
        assertEquals(
                "NotFoundException: Grant ID " + made.grantId() + " not found",
                refused(() ->
                        scene.root.revokeGrant(asked -> asked.keyId(scene.key()).grantId(made.grantId()))));
    }

    @Test
    void anotherGrantTakesThePlaceOfARevokedOne() {
        var first = scene.grant(ALICE, GrantOperation.ENCRYPT);
        scene.encrypt(scene.of(ALICE));
        var second = scene.grant(ALICE, GrantOperation.ENCRYPT, GrantOperation.DECRYPT);
        var unused = scene.root.revokeGrant(asked -> asked.keyId(scene.key()).grantId(first.grantId()));

        scene.encrypt(scene.of(ALICE));
        assertNotEquals(first.grantId(), second.grantId());
    }

    @Test
    void whoeverMayRetireAGrantIsInTheGrant() {
        var operations = List.of(GrantOperation.ENCRYPT, GrantOperation.RETIRE_GRANT);
        var byRetirer =
                scene.grant(terms -> terms.operations(GrantOperation.ENCRYPT).retiringPrincipal(BOB));
        var byGrantee = scene.grant(terms -> terms.operations(operations));
        var byIssuer = scene.grant(terms -> terms.operations(GrantOperation.ENCRYPT));

        assertEquals(
                scene.noResource(ALICE, "RetireGrant").replace("no resource", "no identity"),
                refused(() -> retire(ALICE, byRetirer)));
        assertEquals(scene.noIdentity(ALICE, "RetireGrant"), refused(() -> retire(ALICE, byIssuer)));
        assertEquals(scene.noIdentity(BOB, "RetireGrant"), refused(() -> retire(BOB, byGrantee)));
        assertEquals(scene.noResource(STRANGER, "RetireGrant"), refused(() -> retire(STRANGER, byRetirer)));
        assertEquals(3, scene.list().size());
        retire(BOB, byRetirer);
        retire(ALICE, byGrantee);
        retire(ROOT, byIssuer);
        assertEquals(List.of(), scene.list());
        assertTrue(refused(() -> retire(ROOT, byIssuer)).startsWith("NotFoundException: "));
    }

    private void retire(String caller, CreateGrantResponse grant) {
        var unused =
                scene.of(caller).retireGrant(asked -> asked.keyId(scene.key()).grantId(grant.grantId()));
    }

    @Test
    void aGrantIsRetiredByItsTokenOnce() {
        var made = scene.grant(terms -> terms.operations(GrantOperation.ENCRYPT).retiringPrincipal(BOB));
        Runnable call = () -> scene.of(BOB).retireGrant(asked -> asked.grantToken(made.grantToken()));

        call.run();
        assertTrue(refused(call).startsWith("InvalidGrantTokenException: "));
        assertEquals(List.of(), scene.list());
    }
}
