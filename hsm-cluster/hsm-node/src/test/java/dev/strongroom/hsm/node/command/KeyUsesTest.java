package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static dev.strongroom.hsm.node.command.TestNode.plaintext;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.UseCommand.DataKeyForm;
import dev.strongroom.hsm.protocol.UseCommand.Side;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyUsesTest {

    private final TestNode node = new TestNode();
    private final KeyRecord key = node.createKey();

    @Test
    void whatWasEncryptedIsDecrypted() {
        var blob = node.encrypt(key, "a secret");

        assertEquals("a secret", node.decrypt(key, blob));
        assertEquals(
                key.currentBackingKey().map(KeyRecord.BackingKey::id),
                CiphertextBlob.backingKeyId(blob.readOnlyArray()));
    }

    @Test
    void theAnswersNameTheMaterial() {
        var materialId = key.currentBackingKey().orElseThrow().materialId();
        var encrypted = node.call(new UseCommand.Encrypt(authority(key), plaintext("x"), AAD));
        var decrypted = node.call(new UseCommand.Decrypt(authority(key), encrypted.blob(), AAD));
        var dataKey = node.call(
                new UseCommand.GenerateDataKey(authority(key), 32, AAD, DataKeyForm.PLAINTEXT_AND_CIPHERTEXT));

        assertEquals(materialId, encrypted.materialId());
        assertEquals(materialId, decrypted.materialId());
        assertEquals(materialId, dataKey.materialId());
    }

    @Test
    void symmetricWorkIsDoneWhenTheCallReturns() {
        var stage = node.executor.execute(
                node.gateway, new UseCommand.Encrypt(authority(key), plaintext("x"), AAD), Hsm.NO_REQUEST);

        assertTrue(stage.toCompletableFuture().isDone());
    }

    @Test
    void theSecretOfACommandIsOverwritten() {
        var plaintext = plaintext("a secret");
        var unused = node.call(new UseCommand.Encrypt(authority(key), plaintext, AAD));
        assertEquals(Plaintext.wrap(new byte[8]), plaintext);

        var refused = plaintext("a secret");
        var no = node.refusal(Session.inProcess("nobody"), new UseCommand.Encrypt(authority(key), refused, AAD));
        assertEquals(Refusal.LOGIN_REQUIRED, no);
        assertEquals(Plaintext.wrap(new byte[8]), refused);
    }

    @Test
    void nothingButTheSameContextAndEveryByteOfTheBlobOpensIt() {
        var blob = node.encrypt(key, "a secret");

        assertEquals(
                Refusal.INVALID_CIPHERTEXT, node.refusal(new UseCommand.Decrypt(authority(key), blob, Bytes.empty())));
        for (int i = 0; i < blob.length(); i++) {
            var changed = blob.toArray();
            changed[i] ^= 1;
            assertEquals(
                    Refusal.INVALID_CIPHERTEXT,
                    node.refusal(new UseCommand.Decrypt(authority(key), Bytes.wrap(changed), AAD)),
                    "byte " + i);
        }
        for (int length : new int[] {0, 4, CiphertextBlob.HEADER_BYTES, blob.length() - 1}) {
            var cut = Bytes.wrap(Arrays.copyOf(blob.toArray(), length));
            assertEquals(Refusal.INVALID_CIPHERTEXT, node.refusal(new UseCommand.Decrypt(authority(key), cut, AAD)));
        }
    }

    @Test
    void aBlobOfAnotherKeyIsNotOpened() {
        var other = node.createKey();
        var elsewhere = node.createKey(new Scope("999999999999", "eu-west-1"));

        assertEquals(
                Refusal.INCORRECT_KEY,
                node.refusal(new UseCommand.Decrypt(authority(key), node.encrypt(other, "x"), AAD)));
        var foreign = new UseCommand.Decrypt(authority(key), node.encrypt(elsewhere, "x"), AAD);
        assertEquals(Refusal.INCORRECT_KEY, node.refusal(foreign));
        assertEquals(
                Refusal.INVALID_CIPHERTEXT,
                node.refusal(Session.inProcess("small"), foreign),
                "who is not made for the other account cannot tell its blobs from noise");
    }

    @Test
    void dataKeysComeInTheWantedFormAndLength() {
        var both = node.call(
                new UseCommand.GenerateDataKey(authority(key), 1_024, AAD, DataKeyForm.PLAINTEXT_AND_CIPHERTEXT));
        var sealed = node.call(new UseCommand.GenerateDataKey(authority(key), 16, AAD, DataKeyForm.CIPHERTEXT_ONLY));

        assertEquals(1_024, both.plaintext().length());
        assertEquals(both.plaintext(), opened(both.blob()));
        assertEquals(0, sealed.plaintext().length());
        assertEquals(16, opened(sealed.blob()).length());
        assertNotEquals(Plaintext.wrap(new byte[16]), opened(sealed.blob()));
    }

    private Plaintext opened(Bytes blob) {
        return node.call(new UseCommand.Decrypt(authority(key), blob, AAD)).plaintext();
    }

    @Test
    void reEncryptMovesABlobToAnotherKeyAndContext() {
        var other = node.createKey();
        var moved = node.call(new UseCommand.ReEncrypt(
                new Side(authority(key), AAD),
                node.encrypt(key, "a secret"),
                new Side(authority(other), Bytes.empty())));

        assertEquals(key.currentBackingKey().orElseThrow().materialId(), moved.sourceMaterialId());
        assertEquals(other.currentBackingKey().orElseThrow().materialId(), moved.destinationMaterialId());
        var opened = node.call(new UseCommand.Decrypt(authority(other), moved.blob(), Bytes.empty()));
        assertEquals(plaintext("a secret"), opened.plaintext());
    }

    @Test
    void lengthsOutOfRangeAreMalformed() {
        var no = Stream.of(
                new UseCommand.Encrypt(authority(key), Plaintext.none(), AAD),
                new UseCommand.Encrypt(authority(key), Plaintext.wrap(new byte[4_097]), AAD),
                new UseCommand.GenerateDataKey(authority(key), 0, AAD, DataKeyForm.CIPHERTEXT_ONLY),
                new UseCommand.GenerateDataKey(authority(key), 1_025, AAD, DataKeyForm.CIPHERTEXT_ONLY),
                new UseCommand.GenerateRandom(0),
                new UseCommand.GenerateRandom(1_025));

        assertTrue(no.allMatch(command -> node.refusal(command) == Refusal.MALFORMED));
        assertEquals(
                4_096,
                opened(node.call(new UseCommand.Encrypt(authority(key), Plaintext.wrap(new byte[4_096]), AAD))
                                .blob())
                        .length());
        assertEquals(
                1_024, node.call(new UseCommand.GenerateRandom(1_024)).octets().length());
    }

    /** Every command that uses a key, on a given authority. */
    static Stream<Function<Authority, Command<?>>> uses() {
        var blob = Bytes.wrap(new byte[120]);
        return Stream.of(
                on -> new UseCommand.Encrypt(on, plaintext("x"), AAD),
                on -> new UseCommand.Decrypt(on, blob, AAD),
                on -> new UseCommand.GenerateDataKey(on, 32, AAD, DataKeyForm.CIPHERTEXT_ONLY),
                on -> new UseCommand.ReEncrypt(new Side(on, AAD), blob, new Side(on, AAD)));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void aKeyIsUsedOnlyInTheStateForIt(Function<Authority, Command<?>> use) {
        var disabled = change(new KeyChange.SetState(KeyState.DISABLED));
        assertEquals(Refusal.KEY_DISABLED, node.refusal(use.apply(authority(disabled))));

        var pending = change(new KeyChange.ScheduleDeletion(7));
        assertEquals(Refusal.KEY_PENDING_DELETION, node.refusal(use.apply(authority(pending))));

        node.now = node.now.plusSeconds(7 * 86_400);
        assertEquals(Refusal.NOT_FOUND, node.refusal(use.apply(authority(pending))), "by the clock, not by a sweeper");
    }

    @ParameterizedTest
    @MethodSource("uses")
    void aStaleKeyIsRefusedAndTheFreshOneComesAlong(Function<Authority, Command<?>> use) {
        var changed = change(new KeyChange.SetDescription("other"));

        var no = node.refused(node.gateway, use.apply(authority(key)));

        assertEquals(Refusal.STALE, no.refusal());
        assertEquals(Optional.of(changed), no.fresh());
    }

    @ParameterizedTest
    @MethodSource("uses")
    void whateverElseTheDecisionRestedOnMustBeAsItWas(Function<Authority, Command<?>> use) {
        var other = node.createKey();
        var decided = new Authority(key.stamp(), List.of(other.stamp()));
        var unused = node.change(other, new KeyChange.SetPolicy("{}"));

        var no = node.refused(node.gateway, use.apply(decided));

        assertEquals(Refusal.STALE, no.refusal());
        assertEquals(Optional.of(other.name()), no.fresh().map(KeyRecord::name));
        var gone = new Authority(key.stamp(), List.of(new Stamp(1, 2, 1)));
        assertEquals(Refusal.STALE, node.refusal(use.apply(gone)));
        var neverKey = new Authority(new Stamp(1, 2, 1), List.of());
        assertEquals(Refusal.NOT_FOUND, node.refusal(use.apply(neverKey)));
    }

    @Test
    void aNodeThatIsBehindCatchesUpFirst() {
        node.store.hold();
        // A majority has agreed on it; this node has not been shown it yet.
        var unused = node.call(
                new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), new KeyChange.SetDescription("other")));
        var seen = new Stamp(key.stamp().idHigh(), key.stamp().idLow(), node.store.appliedIndex());

        var answer = node.executor
                .execute(
                        node.gateway,
                        new UseCommand.Encrypt(new Authority(seen, List.of()), plaintext("x"), AAD),
                        Hsm.NO_REQUEST)
                .toCompletableFuture();

        assertFalse(answer.isDone());
        node.store.release();
        assertEquals("x", node.decrypt(node.key(key), answer.join().blob()));
    }

    @Test
    void aStampFromNowhereIsStaleOnceAMajorityKnowsOfNothingNewer() {
        var future =
                new Stamp(key.stamp().idHigh(), key.stamp().idLow(), key.stamp().revision() + 1_000);

        var encrypt = new UseCommand.Encrypt(new Authority(future, List.of()), plaintext("x"), AAD);
        assertEquals(Refusal.STALE, node.refusal(encrypt));

        node.store.majority(false);
        assertEquals(Refusal.NO_QUORUM, node.refusal(encrypt));
    }

    @Test
    void theStampOfAnotherThingThanAKeyIsMalformed() {
        node.createAlias("orders", key);
        var alias =
                node.call(new LookupCommand.FindAlias(TestNode.alias("orders"))).alias();

        assertEquals(
                Refusal.MALFORMED,
                node.refusal(new UseCommand.Encrypt(new Authority(alias.stamp(), List.of()), plaintext("x"), AAD)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void withoutALeaseNothingLeavesTheNode(int statesBeforeFence) {
        var blob = node.encrypt(key, "a secret");
        var asked = new AtomicInteger();
        node.state = () -> asked.incrementAndGet() < statesBeforeFence ? NodeState.OPERATIONAL : NodeState.FENCED;

        var no = node.refused(node.gateway, new UseCommand.Decrypt(authority(key), blob, AAD));

        assertEquals(Refusal.NOT_OPERATIONAL, no.refusal());
        assertEquals("FENCED", no.detail());
    }

    @Test
    void aUserIsHeldToItsAccountsAndRegions() {
        var command = new UseCommand.GenerateDataKey(authority(key), 32, AAD, DataKeyForm.CIPHERTEXT_ONLY);

        assertTrue(node.call(Session.inProcess("small"), command).blob().length() > 0);
        assertEquals(Refusal.NOT_PERMITTED, node.refusal(Session.inProcess("elsewhere"), command));
        assertEquals(Refusal.NOT_PERMITTED, node.refusal(Session.inProcess("far"), command));
    }

    private KeyRecord change(KeyChange change) {
        return node.change(node.key(key), change);
    }
}
