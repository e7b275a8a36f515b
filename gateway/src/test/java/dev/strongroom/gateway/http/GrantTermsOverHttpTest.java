package dev.strongroom.gateway.http;

import static dev.strongroom.gateway.http.GrantScene.ALICE;
import static dev.strongroom.gateway.http.GrantScene.BOB;
import static dev.strongroom.gateway.http.GrantScene.CONTEXT;
import static dev.strongroom.gateway.http.GrantScene.ROOT;
import static dev.strongroom.gateway.http.GrantScene.STRANGER;
import static dev.strongroom.gateway.http.GrantScene.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.GrantOperation;

/** Grants as the SDK sees them: handed on, named, listed, tried. */
@TestInstance(Lifecycle.PER_CLASS)
class GrantTermsOverHttpTest {

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

    // ---- handing on

    @Test
    void whoeverMayHandOnAGrantCannotWidenIt() {
        var unused = scene.grant(
                terms -> terms.operations(GrantOperation.ENCRYPT, GrantOperation.DECRYPT, GrantOperation.CREATE_GRANT)
                        .constraints(only -> only.encryptionContextSubset(Map.of("volume", "vol-1"))));
        var refusal = scene.noIdentity(ALICE, "CreateGrant");
        for (var wider : List.<Consumer<CreateGrantRequest.Builder>>of(
                terms -> terms.operations(GrantOperation.ENCRYPT),
                terms -> terms.operations(GrantOperation.ENCRYPT)
                        .constraints(only -> only.encryptionContextSubset(Map.of("tier", "gold"))),
                terms -> terms.operations(GrantOperation.ENCRYPT)
                        .constraints(only -> only.encryptionContextEquals(Map.of("volume", "vol-2"))),
                terms -> terms.operations(GrantOperation.ENCRYPT, GrantOperation.DESCRIBE_KEY)
                        .constraints(only -> only.encryptionContextSubset(Map.of("volume", "vol-1"))))) {
            assertEquals(refusal, refused(() -> handOn(wider)));
        }

        handOn(terms ->
                terms.operations(GrantOperation.ENCRYPT).constraints(only -> only.encryptionContextEquals(CONTEXT)));
        scene.encrypt(scene.of(BOB));
        assertEquals(
                scene.noIdentity(BOB, "Encrypt"),
                refused(() -> scene.encrypted(scene.of(BOB), Map.of("volume", "vol-1"))));
        assertEquals(ROOT, scene.list().get(0).issuingAccount());
    }

    private void handOn(Consumer<CreateGrantRequest.Builder> terms) {
        var unused = scene.of(ALICE)
                .createGrant(asked -> terms.accept(asked.keyId(scene.key()).granteePrincipal(BOB)));
    }

    @Test
    void aParentThatFitsIsFoundAmongMany() {
        for (int i = 0; i < 40; i++) {
            var volume = Map.of("volume", "vol-" + i);
            var unused = scene.grant(terms -> terms.operations(GrantOperation.ENCRYPT, GrantOperation.CREATE_GRANT)
                    .constraints(only -> only.encryptionContextSubset(volume)));
        }
        handOn(terms -> terms.operations(GrantOperation.ENCRYPT)
                .constraints(only -> only.encryptionContextSubset(Map.of("volume", "vol-39", "a", "b"))));
        assertEquals(
                scene.noIdentity(ALICE, "CreateGrant"),
                refused(() -> handOn(terms -> terms.operations(GrantOperation.ENCRYPT)
                        .constraints(only -> only.encryptionContextSubset(Map.of("volume", "vol-40"))))));
    }

    /** Grants that can carry less than {@code Encrypt} in every context that holds the pair {@code a=1}. */
    private static Stream<Consumer<CreateGrantRequest.Builder>> narrower() {
        return IntStream.range(0, 1_000)
                .boxed()
                .flatMap(i -> Stream.of(
                        terms -> terms.operations(GrantOperation.ENCRYPT, GrantOperation.CREATE_GRANT)
                                .constraints(only -> only.encryptionContextEquals(Map.of("a", "1", "b", "2"))),
                        terms -> terms.operations(GrantOperation.ENCRYPT, GrantOperation.CREATE_GRANT)
                                .constraints(only -> only.encryptionContextSubset(Map.of("a", "1", "c", "" + i))),
                        terms -> terms.operations(GrantOperation.DECRYPT, GrantOperation.CREATE_GRANT)
                                .constraints(only -> only.encryptionContextSubset(Map.of("a", "1"))),
                        terms -> terms.operations(GrantOperation.ENCRYPT, GrantOperation.DESCRIBE_KEY)));
    }

    @Test
    void aParentThatFitsIsFoundAmongThousandsOfNarrowerOnes() {
        narrower().forEach(scene::grant);
        Consumer<CreateGrantRequest.Builder> child = terms -> terms.operations(GrantOperation.ENCRYPT)
                .constraints(only -> only.encryptionContextSubset(Map.of("a", "1", "b", "2")));
        assertEquals(scene.noIdentity(ALICE, "CreateGrant"), refused(() -> handOn(child)));

        var parent = scene.grant(terms -> terms.operations(GrantOperation.ENCRYPT, GrantOperation.CREATE_GRANT)
                .constraints(only -> only.encryptionContextSubset(Map.of("a", "1"))));
        handOn(child);
        handOn(terms -> terms.operations(GrantOperation.ENCRYPT)
                .constraints(only -> only.encryptionContextEquals(Map.of("a", "1", "b", "2"))));

        var unused = scene.root.revokeGrant(asked -> asked.keyId(scene.key()).grantId(parent.grantId()));
        assertEquals(scene.noIdentity(ALICE, "CreateGrant"), refused(() -> handOn(child)));
        handOn(terms -> terms.operations(GrantOperation.ENCRYPT)
                .constraints(only -> only.encryptionContextEquals(Map.of("a", "1", "b", "2"))));
    }

    // ---- names and lists

    @Test
    void theSameRequestWithANameIsTheSameGrantWithATokenOfItsOwn() {
        Consumer<CreateGrantRequest.Builder> terms = asked ->
                asked.operations(GrantOperation.ENCRYPT, GrantOperation.DECRYPT).name("nightly");
        var first = scene.grant(terms);
        var again = scene.root.createGrant(asked -> asked.keyId(scene.key())
                .granteePrincipal(ALICE)
                .operations(GrantOperation.DECRYPT, GrantOperation.ENCRYPT)
                .name("nightly"));

        assertEquals(first.grantId(), again.grantId());
        assertNotEquals(first.grantToken(), again.grantToken());
        scene.encryptWith(ALICE, first.grantToken(), again.grantToken());
        assertNotEquals(
                first.grantId(),
                scene.grant(terms.andThen(asked -> asked.name("weekly"))).grantId());
        assertEquals(2, scene.list().size());
    }

    @Test
    void aListShowsWhatWasAsked() {
        var made = scene.grant(terms -> terms.operations(GrantOperation.DECRYPT, GrantOperation.RETIRE_GRANT)
                .retiringPrincipal(ROOT)
                .name("nightly")
                .constraints(only -> only.encryptionContextEquals(CONTEXT)));
        var entry = scene.list().get(0);

        assertEquals(scene.key(), entry.keyId());
        assertEquals(made.grantId(), entry.grantId());
        assertEquals("nightly", entry.name());
        assertEquals(ALICE, entry.granteePrincipal());
        assertEquals(ROOT, entry.retiringPrincipal());
        assertEquals(ROOT, entry.issuingAccount());
        assertEquals(List.of(GrantOperation.DECRYPT, GrantOperation.RETIRE_GRANT), entry.operations());
        assertEquals(CONTEXT, entry.constraints().encryptionContextEquals());
        assertTrue(entry.creationDate().isAfter(Instant.EPOCH));

        scene.newKey();
        var bare = scene.grant(terms -> terms.operations(GrantOperation.DECRYPT));
        assertEquals("", scene.list().get(0).name());
        assertNull(scene.list().get(0).constraints());
        assertNull(scene.list().get(0).retiringPrincipal());
        assertEquals(bare.grantId(), scene.list().get(0).grantId());
    }

    @Test
    void listsComeInPagesAndCanBeNarrowed() {
        var ids = new HashSet<String>();
        for (int i = 0; i < 7; i++) {
            ids.add(scene.grant(i == 3 ? BOB : ALICE, GrantOperation.ENCRYPT).grantId());
        }
        var seen = new ArrayList<String>();
        scene.root
                .listGrantsPaginator(asked -> asked.keyId(scene.key()).limit(3))
                .grants()
                .forEach(entry -> seen.add(entry.grantId()));
        assertEquals(7, seen.size());
        assertEquals(ids, new HashSet<>(seen));

        var ofBob = scene.root.listGrants(asked -> asked.keyId(scene.key()).granteePrincipal(BOB));
        assertEquals(1, ofBob.grants().size());
        assertEquals(false, ofBob.truncated());
        assertNull(ofBob.nextMarker());
        var one = scene.root.listGrants(asked -> asked.keyId(scene.key()).grantId(seen.get(2)));
        assertEquals(seen.get(2), one.grants().get(0).grantId());
        var marker = scene.root
                .listGrants(asked -> asked.keyId(scene.key()).limit(3))
                .nextMarker();
        assertTrue(refused(() -> scene.root.listGrants(
                        asked -> asked.keyId(scene.key()).marker(marker).granteePrincipal(BOB)))
                .startsWith("InvalidMarkerException: "));
        assertTrue(refused(() ->
                        scene.root.listGrants(asked -> asked.keyId(scene.key()).grantId("x")))
                .startsWith("InvalidGrantIdException: "));
    }

    @Test
    void retirableGrantsAreListedOverAllKeys() {
        var retirer = "arn:aws:iam::111122223333:user/retirer-"
                + scene.key().substring(scene.key().length() - 12);
        scene.callers.make(retirer);
        var ids = new HashSet<String>();
        for (int i = 0; i < 3; i++) {
            scene.newKey();
            ids.add(scene.grant(
                            terms -> terms.operations(GrantOperation.ENCRYPT).retiringPrincipal(retirer))
                    .grantId());
        }
        var seen = new HashSet<String>();
        scene.root
                .listRetirableGrantsPaginator(
                        asked -> asked.retiringPrincipal(retirer).limit(2))
                .grants()
                .forEach(entry -> seen.add(entry.grantId()));
        assertEquals(ids, seen);
        assertEquals(
                List.of(),
                scene.of(STRANGER)
                        .listRetirableGrants(asked -> asked.retiringPrincipal(retirer))
                        .grants());
        assertTrue(refused(() -> scene.of(ALICE).listRetirableGrants(asked -> asked.retiringPrincipal(ALICE)))
                .endsWith("on resource: * because no identity-based policy allows the kms:ListRetirableGrants action"));
    }

    // ---- dry runs

    @Test
    void aDryRunChangesNothing() {
        var made = scene.grant(ALICE, GrantOperation.ENCRYPT);
        var would = "DryRunOperationException: The request would have succeeded, but the DryRun option is set.";

        assertEquals(
                would,
                refused(() -> scene.grant(
                        terms -> terms.operations(GrantOperation.DECRYPT).dryRun(true))));
        assertEquals(
                would,
                refused(() -> scene.root.revokeGrant(asked ->
                        asked.keyId(scene.key()).grantId(made.grantId()).dryRun(true))));
        assertEquals(
                would,
                refused(() -> scene.root.retireGrant(
                        asked -> asked.grantToken(made.grantToken()).dryRun(true))));
        assertEquals(
                scene.noIdentity(BOB, "RevokeGrant"),
                refused(() -> scene.of(BOB)
                        .revokeGrant(asked ->
                                asked.keyId(scene.key()).grantId(made.grantId()).dryRun(true))));
        assertEquals(1, scene.list().size());
        scene.encrypt(scene.of(ALICE));
    }
}
