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
 * @param backingKeys generations of key material, oldest first; empty while material is still to be imported
 */
public record KeyRecord(
        Stamp stamp,
        KeyName name,
        Attributes attributes,
        Lifecycle lifecycle,
        Documents documents,
        List<BackingKey> backingKeys) {

    public KeyRecord {
        backingKeys = List.copyOf(backingKeys);
    }

    /** The generation that new ciphertexts are made under. */
    public Optional<BackingKey> currentBackingKey() {
        return backingKeys.isEmpty() ? Optional.empty() : Optional.of(backingKeys.get(backingKeys.size() - 1));
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
     * @param policy the text of the key policy as it was put
     * @param tags in the order in which they were added, each key once
     */
    public record Documents(String description, String policy, List<Tag> tags) {

        public Documents {
            tags = List.copyOf(tags);
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
     * One generation of key material.
     *
     * @param id 16 bytes, named in every ciphertext blob
     * @param materialId the KeyMaterialId that callers see: 64 lower-case hexadecimal digits, a function of the id
     * @param created when this generation came into use
     */
    public record BackingKey(Bytes id, String materialId, Instant created) {}
}
