package dev.strongroom.hsm.node.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.seal.DomainKeyring;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.store.MemoryRecordStore;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.ImportedMaterial;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Scope;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MultiRegionKeysTest {

    private static final UUID COMMAND = new UUID(1, 2);
    private static final String ACCOUNT = SampleContents.SCOPE.accountId();
    private static final Content.Key HERE = SampleContents.regionalKey("eu-west-1");
    private static final Content.Key THERE = SampleContents.regionalKey("us-east-1");
    private static final Content.MultiRegionKey SHARE = SampleContents.multiRegionKey();

    private final RootKey rootKey = RootKey.create(TestEntropy.shared());
    private final MemoryRecordStore store = new MemoryRecordStore();
    private final KeyVault vault = new KeyVault(rootKey, TestEntropy.shared());

    @BeforeEach
    void anEmptyCluster() {
        store.subscribe(vault);
        try (var keyring = DomainKeyring.create(TestEntropy.shared())) {
            apply(vault.firstKeyring(keyring));
        }
    }

    private void apply(Write... writes) {
        var outcome = store.commit(new Transaction(UUID.randomUUID(), List.of(writes)));
        assertEquals(Outcome.Applied.class, outcome.toCompletableFuture().join().getClass());
    }

    private void create(Content... contents) {
        for (var content : contents) {
            apply(vault.sealer().create(content, COMMAND));
        }
    }

    private Optional<KeyRecord> key(String region) {
        var name = new KeyName(new Scope(ACCOUNT, region), SampleContents.MULTI_REGION_ID);
        return vault.read(
                index -> index.key(name).map(stored -> stored.content().key()));
    }

    private Stored<Content.MultiRegionKey> share() {
        return vault.read(index -> index.multiRegionKey(ACCOUNT, SampleContents.MULTI_REGION_ID))
                .orElseThrow();
    }

    private RecordId id(Content content) {
        return vault.names().of(content);
    }

    @Test
    void everyRegionShowsWhatAllShare() {
        create(HERE, SHARE, THERE);

        var here = key("eu-west-1").orElseThrow();
        var there = key("us-east-1").orElseThrow();
        assertEquals(SHARE.material().backingKeys(), here.backingKeys());
        assertEquals(SHARE.material().rotation(), here.material().rotation());
        assertEquals(here.material(), there.material());
        assertEquals(
                share().stamp(), here.material().multiRegion().orElseThrow().stamp());
        assertTrue(here.isPrimary());
        assertEquals(false, there.isPrimary());
        assertEquals(HERE.key().documents(), here.documents());
    }

    @Test
    void aKeyOfWhichOnlyHalfIsThereIsNotServedAndNotTakenForMissing() {
        create(HERE);
        boolean withoutShare = vault.read(index -> index.isUnreadable(id(HERE)));
        assertEquals(Optional.empty(), key("eu-west-1"));
        assertTrue(withoutShare);

        create(SHARE);
        assertTrue(key("eu-west-1").isPresent());

        apply(new Delete(id(SHARE), share().revision()));
        boolean withoutShareAgain = vault.read(index -> index.isUnreadable(id(HERE)));
        assertEquals(Optional.empty(), key("eu-west-1"));
        assertTrue(withoutShareAgain);
    }

    @Test
    void aChangeOfTheShareIsSeenInEveryRegionAndMovesNoStampOfTheirs() {
        create(HERE, THERE, SHARE);
        var before = key("us-east-1").orElseThrow();

        var rotated = new KeyRecord.BackingKey(
                Bytes.wrap(TestEntropy.counting(50, 16)),
                Digests.materialId(Bytes.wrap(TestEntropy.counting(50, 16))),
                SampleContents.THEN,
                MaterialState.CURRENT,
                Optional.of(RotationType.ON_DEMAND),
                Optional.empty());
        var former = before.backingKeys().get(0).with(MaterialState.NON_CURRENT);
        var after = new Content.MultiRegionKey(
                ACCOUNT, SHARE.keyId(), before.material().withBackingKeys(List.of(former, rotated)));
        apply(vault.sealer().replace(share(), after, COMMAND));

        var there = key("us-east-1").orElseThrow();
        assertEquals(Optional.of(rotated), there.currentBackingKey());
        assertEquals(before.stamp(), there.stamp());
        assertTrue(there.newestRevision() > before.newestRevision());
        assertEquals(there.currentBackingKey(), key("eu-west-1").orElseThrow().currentBackingKey());
    }

    @Test
    void whatIsImportedIsEachRegionsOwn() {
        var imported = new ImportedMaterial(true, Optional.of(SampleContents.THEN), "from the safe");
        create(external(HERE, Optional.of(imported)), external(THERE, Optional.empty()), SHARE);

        assertEquals(Optional.of(imported), importedIn("eu-west-1"));
        assertEquals(Optional.of(new ImportedMaterial(false, Optional.empty(), "")), importedIn("us-east-1"));
        assertEquals(
                Optional.empty(),
                share().content().material().backingKeys().get(0).imported());
    }

    @Test
    void aKeyThatIsWrittenWholeKeepsOnlyItsRegionsOwn() {
        create(HERE, SHARE);
        var whole = key("eu-west-1").orElseThrow();
        var stored = vault.read(index -> index.key(whole.stamp())).orElseThrow();
        apply(vault.sealer().replace(stored, new Content.Key(whole), COMMAND));

        apply(new Delete(id(SHARE), share().revision()));
        create(new Content.MultiRegionKey(
                ACCOUNT, SHARE.keyId(), SHARE.material().withRotation(Optional.empty())));
        assertEquals(Optional.empty(), key("eu-west-1").orElseThrow().material().rotation());
    }

    private Optional<ImportedMaterial> importedIn(String region) {
        return key(region).orElseThrow().backingKeys().get(0).imported();
    }

    private static Content.Key external(Content.Key key, Optional<ImportedMaterial> imported) {
        var record = key.key();
        var attributes = record.attributes();
        var generations = imported.isEmpty()
                ? List.<KeyRecord.BackingKey>of()
                : List.of(SHARE.material().backingKeys().get(0).with(imported));
        return new Content.Key(new KeyRecord(
                record.stamp(),
                record.name(),
                new KeyRecord.Attributes(
                        attributes.spec(), attributes.usage(), Origin.EXTERNAL, true, attributes.created()),
                record.lifecycle(),
                record.documents(),
                KeyRecord.Material.of(generations)));
    }
}
