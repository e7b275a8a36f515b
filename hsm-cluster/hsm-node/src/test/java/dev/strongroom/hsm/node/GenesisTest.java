package dev.strongroom.hsm.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.store.MemoryRecordStore;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordState;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.user.CredentialVerifier;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Role;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GenesisTest {

    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");

    private final RootKey rootKey = RootKey.create(TestEntropy.shared());
    private final byte[] file = genesis();

    private byte[] genesis() {
        var user = new HsmUser("gateway-1", Role.CRYPTO_USER, Set.of(), Set.of(), CredentialVerifier.NONE);
        try (var secret = Plaintext.wrap("wJalrXUtnFEMI".getBytes(StandardCharsets.US_ASCII))) {
            var accessKey = new Genesis.FirstAccessKey(
                    "AKIAIOSFODNN7EXAMPLE", "111122223333", "arn:aws:iam::111122223333:root", secret);
            return Genesis.create(rootKey, TestEntropy.shared(), NOW, List.of(user), List.of(accessKey));
        }
    }

    @Test
    void beginsAClusterWithAllThatWasGiven() throws NodeStartException {
        var store = new MemoryRecordStore();
        try (var vault = new KeyVault(rootKey, TestEntropy.shared())) {
            store.subscribe(vault);
            assertFalse(vault.isOpen());

            assertInstanceOf(Outcome.Applied.class, commit(store, Genesis.read(file, rootKey)));

            assertTrue(vault.isOpen());
            assertTrue(vault.read(index -> index.user("gateway-1")).isPresent());
            assertTrue(
                    vault.read(index -> index.accessKey("AKIAIOSFODNN7EXAMPLE")).isPresent());
            assertTrue(vault.read(index -> index.find(vault.names().cluster())).isPresent());
            assertTrue(vault.read(index -> index.identities().account("111122223333"))
                    .isPresent());
            int unreadable = vault.read(index -> index.unreadableRecords());
            assertEquals(0, unreadable);
        }
    }

    @Test
    void isOneTransactionThatExpectsNothing() throws NodeStartException {
        var transaction = Genesis.read(file, rootKey);

        assertEquals(5, transaction.writes().size());
        assertTrue(transaction.writes().stream().allMatch(write -> write.expected() == 0));
        assertEquals(transaction, Genesis.read(file, rootKey));
    }

    @Test
    void committedAgainChangesNothing() throws NodeStartException {
        var store = new MemoryRecordStore();
        var first = commit(store, Genesis.read(file, rootKey));
        var before = store.records();

        assertEquals(first, commit(store, Genesis.read(file, rootKey)), "every node that leads may try");
        assertEquals(before, store.records());
    }

    @Test
    void committedAgainAfterItWasForgottenChangesNothing() throws NodeStartException {
        // The log remembers the last commands only; the expectations hold for ever.
        var first = new RecordState();
        var genesis = Genesis.read(file, rootKey);
        assertInstanceOf(Outcome.Applied.class, first.apply(1, genesis).outcome());
        var forgotten = new Transaction(new UUID(1, 1), genesis.writes());

        assertInstanceOf(Outcome.Conflict.class, first.apply(2, forgotten).outcome());
    }

    @Test
    void anyChangeOfTheFileIsSeen() {
        for (int octet = 0; octet < file.length; octet++) {
            var changed = file.clone();
            changed[octet] ^= (byte) (1 << octet % 8);
            assertThrows(NodeStartException.class, () -> Genesis.read(changed, rootKey), "byte " + octet);
        }
        for (int length = 0; length < file.length; length += 7) {
            var cut = Arrays.copyOf(file, length);
            assertThrows(NodeStartException.class, () -> Genesis.read(cut, rootKey));
        }
    }

    @Test
    void theFileOfAnotherClusterIsRefusedInOneLine() {
        var other = RootKey.create(TestEntropy.shared());

        var refused = assertThrows(NodeStartException.class, () -> Genesis.read(file, other));

        var message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("of another cluster"), message);
        assertFalse(message.contains("\n"));
    }

    @Test
    void theFileShowsNoSecretAndNoName() {
        var text = new String(file, StandardCharsets.ISO_8859_1);

        for (var word : List.of("wJalrXUtnFEMI", "gateway-1", "AKIAIOSFODNN7EXAMPLE", "111122223333")) {
            assertFalse(text.contains(word), word);
        }
    }

    private static Outcome commit(MemoryRecordStore store, Transaction transaction) {
        return store.commit(transaction).toCompletableFuture().join();
    }
}
