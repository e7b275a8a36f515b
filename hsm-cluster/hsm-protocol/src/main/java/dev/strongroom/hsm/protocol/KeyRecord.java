package dev.strongroom.hsm.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What may be known about a KMS key, as of one revision. Never the key itself.
 *
 * @param stamp the record and the revision that this is a picture of
 * @param name account, Region and key id
 * @param attributes what was fixed when the key was made
 * @param lifecycle its state
 * @param documents what its owner wrote about it
 * @param material what stands for its material: generations and their rotation
 */
public record KeyRecord(
        Stamp stamp, KeyName name, Attributes attributes, Lifecycle lifecycle, Documents documents, Material material) {

    /** Generations of key material, oldest first; empty while material is still to be imported. */
    public List<BackingKey> backingKeys() {
        return material.backingKeys();
    }

    /** The generation that new ciphertexts are made under. */
    public Optional<BackingKey> currentBackingKey() {
        return material.current();
    }

    /** Whether this is a multi-Region key and its own Region is the primary one. */
    public boolean isPrimary() {
        return material.multiRegion()
                .filter(shared -> shared.primaryRegion().equals(name.scope().region()))
                .isPresent();
    }

    /**
     * The newest revision in this picture: that of the key's own record or of the one its Regions share. Of two pictures
     * of a key the one with the higher revision is the later one.
     */
    public long newestRevision() {
        return Math.max(
                stamp.revision(),
                material.multiRegion().map(shared -> shared.stamp().revision()).orElse(0L));
    }

    public KeyRecord with(Lifecycle changed) {
        return new KeyRecord(stamp, name, attributes, changed, documents, material);
    }

    public KeyRecord with(Documents changed) {
        return new KeyRecord(stamp, name, attributes, lifecycle, changed, material);
    }

    public KeyRecord with(Material changed) {
        return new KeyRecord(stamp, name, attributes, lifecycle, documents, changed);
    }

    /**
     * Fixed for the life of the key.
     *
     * @param multiRegion whether the key may have replicas; its id then begins with {@code mrk-}
     */
    public record Attributes(KeySpec spec, KeyUsage usage, Origin origin, boolean multiRegion, Instant created) {}

    /**
     * What changes over its life.
     *
     * @param deletionDate when the key is destroyed; present in PENDING_DELETION only
     * @param pendingWindowDays the window asked for; 0 unless deletion is pending
     */
    public record Lifecycle(KeyState state, Optional<Instant> deletionDate, int pendingWindowDays) {

        /** A state without a date. */
        public static Lifecycle of(KeyState state) {
            return new Lifecycle(state, Optional.empty(), 0);
        }
    }

    /**
     * Texts and labels.
     *
     * @param description up to 8,192 characters, empty if none was given
     * @param policy the key policy
     * @param tags in the order in which they were added, each key once
     */
    public record Documents(String description, ResourcePolicy policy, List<Tag> tags) {

        public Documents {
            tags = List.copyOf(tags);
        }

        /** With a policy that means whoever has the ARNs that it names. */
        public Documents(String description, String policy, List<Tag> tags) {
            this(description, ResourcePolicy.of(policy), tags);
        }
    }

    /**
     * A label on a key.
     *
     * @param key 1 to 128 characters
     * @param value up to 256 characters
     */
    public record Tag(String key, String value) {}

    /**
     * What stands for the material of a key; the Regions of a multi-Region key have it in common, but for what is {@link
     * BackingKey#imported imported}.
     *
     * @param backingKeys generations, oldest first; empty while material is still to be imported
     * @param publicKey SubjectPublicKeyInfo in DER; of asymmetric keys that have material
     * @param rotation present while automatic rotation is on
     * @param multiRegion present for multi-Region keys
     */
    public record Material(
            List<BackingKey> backingKeys,
            Optional<Bytes> publicKey,
            Optional<Rotation> rotation,
            Optional<MultiRegion> multiRegion) {

        /** Of a key that has none yet. */
        public static final Material NONE = of(List.of());

        public Material {
            backingKeys = List.copyOf(backingKeys);
        }

        /** Of a single-Region key without a public half and without rotation. */
        public static Material of(List<BackingKey> backingKeys) {
            return new Material(backingKeys, Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** The generation that is CURRENT; mostly the newest, so the search begins there. */
        public Optional<BackingKey> current() {
            for (int i = backingKeys.size() - 1; i >= 0; i--) {
                if (backingKeys.get(i).state() == MaterialState.CURRENT) {
                    return Optional.of(backingKeys.get(i));
                }
            }
            return Optional.empty();
        }

        public Material withBackingKeys(List<BackingKey> changed) {
            return new Material(changed, publicKey, rotation, multiRegion);
        }

        public Material withRotation(Optional<Rotation> changed) {
            return new Material(backingKeys, publicKey, changed, multiRegion);
        }
    }

    /**
     * One generation of key material.
     *
     * @param id 16 bytes, named in every ciphertext blob
     * @param materialId the KeyMaterialId that callers see: 64 lower-case hexadecimal digits, a function of the id
     * @param created when this generation came into use; of a pending one, when it was imported
     * @param rotation how it came; empty for the first
     * @param imported present for keys of origin EXTERNAL only
     */
    public record BackingKey(
            Bytes id,
            String materialId,
            Instant created,
            MaterialState state,
            Optional<RotationType> rotation,
            Optional<ImportedMaterial> imported) {

        /** The first generation of a key whose material is made in the HSM. */
        public static BackingKey first(Bytes id, String materialId, Instant created) {
            return new BackingKey(id, materialId, created, MaterialState.CURRENT, Optional.empty(), Optional.empty());
        }

        public BackingKey with(MaterialState changed) {
            return new BackingKey(id, materialId, created, changed, rotation, imported);
        }

        public BackingKey with(Optional<ImportedMaterial> changed) {
            return new BackingKey(id, materialId, created, state, rotation, changed);
        }
    }

    /**
     * Imported material in one Region.
     *
     * @param present whether it is there; once deleted or expired it may be imported again
     * @param validTo when it expires; empty if it does not
     * @param description up to 256 characters, empty if none was given
     */
    public record ImportedMaterial(boolean present, Optional<Instant> validTo, String description) {}

    /**
     * Automatic rotation.
     *
     * @param periodDays 90 to 2,560
     * @param next when the next generation is due
     */
    public record Rotation(int periodDays, Instant next) {}

    /**
     * The Regions of a multi-Region key.
     *
     * @param stamp of the record that they share; a decision about the key rests on it as well
     * @param replicaRegions in the order in which they were made, without the primary Region
     */
    public record MultiRegion(Stamp stamp, String primaryRegion, List<String> replicaRegions) {

        public MultiRegion {
            replicaRegions = List.copyOf(replicaRegions);
        }
    }
}
