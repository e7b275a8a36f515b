package dev.strongroom.hsm.node.vault;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.seal.DomainKeyring;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.store.MemoryRecordStore;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.SealedRecord;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.Scope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyVaultTest {

    private static final UUID COMMAND = new UUID(1, 2);
    private static final Bytes BACKING_KEY = SampleContents.BACKING_KEY_ID;

    private final RootKey rootKey = RootKey.create(TestEntropy.shared());
    private final MemoryRecordStore store = new MemoryRecordStore();
    private final KeyVault vault = new KeyVault(rootKey, TestEntropy.shared());

    @BeforeEach
    void oneRecordOfEveryKind() {
        store.subscribe(vault);
        try (var keyring = DomainKeyring.create(TestEntropy.shared());
                var material = TestEntropy.key(5);
                var secret = KeyMaterial.takeFrom("a secret key".getBytes(StandardCharsets.US_ASCII))) {
            var sealer = new RecordSealer(rootKey.lineage(), vault.names(), keyring);
            var writes = new ArrayList<Write>();
            writes.add(vault.firstKeyring(keyring));
            for (var content : SampleContents.of(sealer, material, secret)) {
                writes.add(sealer.create(content, COMMAND));
            }
            apply(new Transaction(COMMAND, writes));
        }
    }

    private void apply(Transaction transaction) {
        assertInstanceOf(
                Outcome.Applied.class,
                store.commit(transaction).toCompletableFuture().join());
    }

    private SealedRecord record(RecordKind kind) {
        return store.records().stream()
                .filter(item -> item.kind() == kind.number())
                .findFirst()
                .orElseThrow();
    }

    private List<SealedRecord> allBut(RecordId id) {
        return store.records().stream().filter(item -> !item.id().equals(id)).collect(toCollection(ArrayList::new));
    }

    private void replay(SealedRecord instead) {
        var records = allBut(instead.id());
        records.add(instead);
        store.replayed(records);
    }

    private int unreadable() {
        return vault.read(VaultIndex::unreadableRecords);
    }

    /** Whether the record of that kind is served under its name. */
    private boolean serves(RecordKind kind) {
        return vault.read(index -> switch (kind) {
            case KEY -> index.key(SampleContents.KEY).isPresent();
            case BACKING_KEY -> index.backingKey(BACKING_KEY).isPresent();
            case ALIAS -> index.alias(SampleContents.ALIAS).isPresent();
            case KEY_ALIASES -> index.keyAliases(SampleContents.KEY).isPresent();
            case ACCESS_KEY -> index.accessKey(SampleContents.ACCESS_KEY_ID).isPresent();
            case ACCOUNT -> index.identities().isOpen(SampleContents.SCOPE.accountId());
            case USER -> has(index, IdentityKind.USER, "ann");
            case ROLE -> has(index, IdentityKind.ROLE, "READER");
            case MANAGED_POLICY -> has(index, IdentityKind.POLICY, "Read");
            case OIDC_PROVIDER -> has(index, IdentityKind.OIDC_PROVIDER, "issuer.example.com/a");
            case HSM_USER -> index.user("gateway-1").isPresent();
            case CLUSTER -> index.find(vault.names().cluster()).isPresent();
            case KEYRING -> vault.isOpen();
            case NODE_CLOCK -> !index.nodeClocks().isEmpty();
            case KEY_USAGE -> index.keyUsage(SampleContents.KEY).isPresent();
            case GRANT ->
                index.grants().find(SampleContents.KEY, SampleContents.GRANT_ID).isPresent();
            case MULTI_REGION_KEY ->
                index.multiRegionKey(SampleContents.SCOPE.accountId(), SampleContents.MULTI_REGION_ID)
                        .isPresent();
        });
    }

    private static boolean has(VaultIndex index, IdentityKind kind, String name) {
        return index.identities()
                .find(new IdentityName(kind, SampleContents.SCOPE.accountId(), name))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void everyKindIsFoundUnderItsName(RecordKind kind) {
        assertTrue(serves(kind));
        assertEquals(0, unreadable());
    }

    @ParameterizedTest
    @EnumSource
    void everyKindIsFoundAgainAfterARestart(RecordKind kind) {
        try (var restarted = new KeyVault(rootKey, TestEntropy.shared())) {
            restarted.reset(store.records(), store.appliedIndex());

            assertTrue(restarted.isOpen());
            int broken = restarted.read(VaultIndex::unreadableRecords);
            assertEquals(0, broken);
            var id = record(kind).id();
            Optional<Stored<?>> before = vault.read(index -> index.find(id));
            Optional<Stored<?>> after = restarted.read(index -> index.find(id));
            assertEquals(before, after);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KEYRING")
    void aRecordWithAChangedByteIsNotServedAndTheOthersAre(RecordKind kind) {
        var item = record(kind);
        for (int octet = 0; octet < item.payload().length(); octet++) {
            replay(MemoryRecordStore.flipped(item, octet * 8 + octet % 8));

            assertFalse(serves(kind), "byte " + octet);
            assertEquals(1, unreadable(), "byte " + octet);
        }
        replay(item);
        assertTrue(serves(kind));
    }

    @Test
    void withoutItsKeyringTheVaultIsShut() {
        var item = record(RecordKind.KEYRING);
        for (int octet = 0; octet < item.payload().length(); octet++) {
            replay(MemoryRecordStore.flipped(item, octet * 8 + octet % 8));

            assertFalse(vault.isOpen(), "byte " + octet);
            assertThrows(IllegalStateException.class, vault::sealer);
        }
        store.replayed(allBut(item.id()));
        assertFalse(vault.isOpen());
        assertFalse(serves(RecordKind.KEY));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KEYRING")
    void aRecordUnderAnotherIdIsNotServed(RecordKind kind) {
        var item = record(kind);
        var records = allBut(item.id());
        records.add(new SealedRecord(
                new RecordId(item.id().high(), item.id().low() ^ 1),
                item.revision(),
                item.base(),
                kind.number(),
                item.payload()));
        store.replayed(records);

        assertFalse(serves(kind));
        assertEquals(1, unreadable());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KEYRING")
    void aRecordOfAnotherKindOrBaseIsNotServed(RecordKind kind) {
        var item = record(kind);
        var other = kind == RecordKind.KEY ? RecordKind.ALIAS : RecordKind.KEY;
        for (var changed : List.of(
                new SealedRecord(item.id(), item.revision(), item.base(), other.number(), item.payload()),
                new SealedRecord(item.id(), item.revision(), item.base(), 99, item.payload()),
                new SealedRecord(item.id(), item.revision(), item.base() + 1, item.kind(), item.payload()))) {
            replay(changed);

            assertFalse(serves(kind));
            assertEquals(1, unreadable());
        }
    }

    @Test
    void payloadsThatWereSwappedAreNotServed() {
        for (var one : RecordKind.values()) {
            for (var other : RecordKind.values()) {
                if (one.number() >= other.number() || one == RecordKind.KEYRING || other == RecordKind.KEYRING) {
                    continue;
                }
                var a = record(one);
                var b = record(other);
                var records = allBut(a.id());
                records.removeIf(item -> item.id().equals(b.id()));
                records.add(MemoryRecordStore.withPayload(a, b.payload()));
                records.add(MemoryRecordStore.withPayload(b, a.payload()));
                store.replayed(records);

                assertFalse(serves(one), one + " and " + other);
                assertFalse(serves(other), one + " and " + other);
            }
        }
    }

    @Test
    void anOlderVersionOfARecordDoesNotPassForTheNewer() {
        var user = vault.read(index -> index.user("gateway-1")).orElseThrow();
        var old = record(RecordKind.HSM_USER);
        apply(new Transaction(new UUID(3, 4), List.of(vault.sealer().replace(user, user.content(), COMMAND))));
        var now = record(RecordKind.HSM_USER);

        replay(MemoryRecordStore.withPayload(now, old.payload()));

        assertFalse(serves(RecordKind.HSM_USER));
    }

    @Test
    void aRecordSealedForAPathThatItDoesNotHoldIsNotServed() {
        // Somebody with the keyring, but wrong: authentic, under an id that is not its own.
        var id = vault.names().hsmUser("somebody-else");
        try (var keyring = DomainKeyring.create(TestEntropy.shared())) {
            var sealer = new RecordSealer(rootKey.lineage(), vault.names(), keyring);
            var content = new Content.User(user("gateway-1"));
            var clear = ContentCodec.write(content, COMMAND, COMMAND);
            var payload =
                    keyring.sealRecord(RecordSealer.aad(rootKey.lineage(), id, RecordKind.HSM_USER.number(), 0), clear);
            var item = new SealedRecord(id, 9, 0, RecordKind.HSM_USER.number(), Bytes.wrap(payload));

            assertThrows(UnsealException.class, () -> sealer.open(item));
        }
    }

    @Test
    void materialIsOpenedAtFirstUseAndClosedWithItsRecord() throws UnsealException {
        var loaded = vault.read(index -> index.backingKey(BACKING_KEY)).orElseThrow();
        var material = loaded.material().orElseThrow();
        try (var planted = TestEntropy.key(5)) {
            assertTrue(material.sameAs(planted));
        }

        var item = record(RecordKind.BACKING_KEY);
        apply(new Transaction(new UUID(3, 4), List.of(new Transaction.Delete(item.id(), item.revision()))));

        assertFalse(serves(RecordKind.BACKING_KEY));
        assertEquals(Optional.empty(), loaded.material());
        try (var planted = TestEntropy.key(5)) {
            assertThrows(IllegalStateException.class, () -> material.sameAs(planted));
        }
    }

    @Test
    void closingOverwritesEveryKeyAndServesNothing() throws UnsealException {
        var loaded = vault.read(index -> index.backingKey(BACKING_KEY)).orElseThrow();
        var material = loaded.material().orElseThrow();
        var sealer = vault.sealer();
        var stored = record(RecordKind.HSM_USER);

        vault.close();

        try (var planted = TestEntropy.key(5)) {
            assertThrows(IllegalStateException.class, () -> material.sameAs(planted));
        }
        assertThrows(IllegalStateException.class, () -> sealer.open(stored));
        for (var kind : RecordKind.values()) {
            if (kind != RecordKind.CLUSTER) {
                assertFalse(serves(kind), kind.name());
            }
        }
        store.replayed(store.records());
        assertFalse(vault.isOpen(), "what the log still says is not looked at");
    }

    @Test
    void aKeyringThatWasRotatedOpensOldAndSealsNew() throws UnsealException {
        var item = record(RecordKind.HSM_USER);
        var stored = vault.read(index -> index.user("gateway-1")).orElseThrow();
        assertEquals(1, DomainKeyring.numberOf(item.payload().readOnlyArray()));
        assertEquals(stored, vault.sealer().open(item));
    }

    @Test
    void readersSeeWholeTransactionsOnly() throws Exception {
        var scope = new Scope("111122223333", "eu-west-1");
        var left = new AliasName(scope, "alias/left");
        var right = new AliasName(scope, "alias/right");
        var done = new AtomicBoolean();
        var reader = Executors.newSingleThreadExecutor();
        try {
            var looks = reader.submit(() -> {
                long seen = 0;
                while (!done.get()) {
                    var pair = vault.read(index -> List.of(
                            index.alias(left).map(Stored::revision).orElse(0L),
                            index.alias(right).map(Stored::revision).orElse(0L),
                            index.appliedIndex()));
                    assertEquals(pair.get(0), pair.get(1), "two records of one transaction");
                    assertTrue(pair.get(0) <= pair.get(2));
                    seen++;
                }
                return seen;
            });
            Optional<Stored<Content.Alias>> a = Optional.empty();
            Optional<Stored<Content.Alias>> b = Optional.empty();
            for (int i = 0; i < 3_000; i++) {
                apply(new Transaction(new UUID(7, i), List.of(put(a, left), put(b, right))));
                a = vault.read(index -> index.alias(left));
                b = vault.read(index -> index.alias(right));
            }
            done.set(true);
            assertTrue(looks.get() > 0);
        } finally {
            reader.shutdownNow();
        }
    }

    private Put put(Optional<Stored<Content.Alias>> former, AliasName name) {
        var content = SampleContents.alias(name);
        return former.map(stored -> vault.sealer().replace(stored, content, COMMAND))
                .orElseGet(() -> vault.sealer().create(content, COMMAND));
    }

    @Test
    void idsSayNothingAndDoNotMeet() {
        var names = vault.names();
        var scope = new Scope("111122223333", "eu-west-1");
        var ids = Stream.of(
                        names.key(new KeyName(scope, "x")),
                        names.keyAliases(new KeyName(scope, "x")),
                        names.alias(new AliasName(scope, "x")),
                        names.accessKey("x"),
                        names.hsmUser("x"),
                        names.keyring(),
                        names.cluster(),
                        names.key(new KeyName(new Scope("111122223333", "eu-west-1x"), "")))
                .distinct();
        assertEquals(8, ids.count());
        try (var other = new RecordNames(RootKey.create(TestEntropy.shared()))) {
            assertFalse(names.hsmUser("x").equals(other.hsmUser("x")), "another cluster names them otherwise");
        }
    }

    private static HsmUser user(String name) {
        return SampleContents.user(name);
    }

    @Test
    void kindsHaveNumbersOfTheirOwn() {
        var pinned = """
                KEY 1
                BACKING_KEY 2
                ALIAS 3
                KEY_ALIASES 4
                ACCESS_KEY 5
                HSM_USER 6
                KEYRING 7
                CLUSTER 8
                MULTI_REGION_KEY 9
                NODE_CLOCK 10
                KEY_USAGE 11
                ACCOUNT 12
                USER 13
                ROLE 14
                MANAGED_POLICY 15
                OIDC_PROVIDER 16
                GRANT 17
                """;
        var numbers = Arrays.stream(RecordKind.values())
                .map(kind -> kind.name() + " " + kind.number() + "\n")
                .collect(Collectors.joining());
        assertEquals(pinned, numbers, "they stand in every log for ever");
    }
}
