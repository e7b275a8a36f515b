package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.ImportedMaterial;
import dev.strongroom.hsm.protocol.LastUse;
import dev.strongroom.hsm.protocol.Origin;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** What a record says. Secrets in it are still sealed. */
public sealed interface Content {

    RecordKind kind();

    /**
     * A key in one Region. When written, the stamp inside is not looked at; when read, it is the record's.
     *
     * <p>Of a multi-Region key the record keeps {@link MultiRegionKey#regional} only, whatever is written; what the {@link
     * VaultIndex} gives out is whole again.
     */
    record Key(KeyRecord key) implements Content {
        @Override
        public RecordKind kind() {
            return RecordKind.KEY;
        }
    }

    /**
     * What the Regions of a multi-Region key share.
     *
     * @param material with {@code multiRegion}, whose stamp is as in {@link Key}; nothing in it is imported
     */
    record MultiRegionKey(String accountId, String keyId, KeyRecord.Material material) implements Content {

        /** The share of {@code key}, which is a multi-Region key. */
        public static MultiRegionKey of(KeyRecord key) {
            var generations = key.backingKeys().stream()
                    .map(generation -> generation.with(Optional.<ImportedMaterial>empty()))
                    .toList();
            return new MultiRegionKey(
                    key.name().scope().accountId(),
                    key.name().keyId(),
                    key.material().withBackingKeys(generations));
        }

        public MultiRegionKey withRegions(KeyRecord.MultiRegion regions) {
            return new MultiRegionKey(
                    accountId,
                    keyId,
                    new KeyRecord.Material(
                            material.backingKeys(), material.publicKey(), material.rotation(), Optional.of(regions)));
        }

        /** What {@code key} has for itself in its Region: of its material only what is imported there. */
        public static KeyRecord regional(KeyRecord key) {
            return key.with(KeyRecord.Material.of(key.backingKeys().stream()
                    .filter(generation -> generation.imported().isPresent())
                    .toList()));
        }

        /** The whole key: {@code regional} and what its Regions share. */
        KeyRecord with(KeyRecord regional) {
            var imports = new HashMap<Bytes, Optional<ImportedMaterial>>();
            regional.backingKeys().forEach(generation -> imports.put(generation.id(), generation.imported()));
            var missing = regional.attributes().origin() == Origin.EXTERNAL
                    ? Optional.of(new ImportedMaterial(false, Optional.empty(), ""))
                    : Optional.<ImportedMaterial>empty();
            var generations = material.backingKeys().stream()
                    .map(generation -> generation.with(imports.getOrDefault(generation.id(), missing)))
                    .toList();
            return regional.with(material.withBackingKeys(generations));
        }

        @Override
        public RecordKind kind() {
            return RecordKind.MULTI_REGION_KEY;
        }
    }

    /**
     * One generation of key material.
     *
     * @param id 16 bytes
     * @param accountId the account of the key it belongs to
     * @param keyId the id of that key, the same in all its Regions
     * @param checkValue 16 bytes, see {@link dev.strongroom.hsm.node.crypto.Digests#checkValue}
     * @param sealedMaterial see {@link RecordSealer#sealBackingKey}; empty once imported material was destroyed
     */
    record BackingKey(Bytes id, String accountId, String keyId, Bytes checkValue, Bytes sealedMaterial)
            implements Content {

        /** Whether the material is gone. The record then only says which key the id belongs to. */
        public boolean isDestroyed() {
            return sealedMaterial.length() == 0;
        }

        public BackingKey destroyed() {
            return new BackingKey(id, accountId, keyId, checkValue, Bytes.empty());
        }

        @Override
        public RecordKind kind() {
            return RecordKind.BACKING_KEY;
        }
    }

    /** As with {@link Key}: the stamp is the record's. */
    record Alias(AliasRecord alias) implements Content {
        @Override
        public RecordKind kind() {
            return RecordKind.ALIAS;
        }
    }

    /**
     * The aliases of one key.
     *
     * @param names ascending
     */
    record KeyAliases(KeyName key, List<String> names) implements Content {
        public KeyAliases {
            names = List.copyOf(names);
        }

        @Override
        public RecordKind kind() {
            return RecordKind.KEY_ALIASES;
        }
    }

    /**
     * An access key.
     *
     * @param accessKey as with {@link Key}: the stamp is the record's
     * @param sealedSecret see {@link RecordSealer#sealSecret}
     */
    record AccessKey(IdentityRecord.AccessKey accessKey, Bytes sealedSecret) implements Content {

        public CallerIdentity identity() {
            return accessKey.identity();
        }

        @Override
        public RecordKind kind() {
            return RecordKind.ACCESS_KEY;
        }
    }

    /** Who somebody is, of every kind but an access key. As with {@link Key}: the stamp is the record's. */
    record Identity(IdentityRecord identity) implements Content {
        @Override
        public RecordKind kind() {
            return switch (identity.name().kind()) {
                case ACCOUNT -> RecordKind.ACCOUNT;
                case USER -> RecordKind.USER;
                case ROLE -> RecordKind.ROLE;
                case POLICY -> RecordKind.MANAGED_POLICY;
                case OIDC_PROVIDER -> RecordKind.OIDC_PROVIDER;
                case ACCESS_KEY -> throw new IllegalStateException("an access key has a secret besides");
            };
        }
    }

    record User(HsmUser user) implements Content {
        @Override
        public RecordKind kind() {
            return RecordKind.HSM_USER;
        }
    }

    /**
     * The cluster itself.
     *
     * @param lineage 16 bytes
     */
    record Cluster(Bytes lineage, Instant created) implements Content {
        @Override
        public RecordKind kind() {
            return RecordKind.CLUSTER;
        }
    }

    /** What a node's clock showed when something was due by it. */
    record NodeClock(String nodeId, Instant time) implements Content {
        @Override
        public RecordKind kind() {
            return RecordKind.NODE_CLOCK;
        }
    }

    /** As with {@link Key}: the stamp is the record's. */
    record Grant(GrantRecord grant) implements Content {
        @Override
        public RecordKind kind() {
            return RecordKind.GRANT;
        }
    }

    /** When a key was last used, in its Region. */
    record KeyUsage(KeyName key, LastUse lastUse) implements Content {
        @Override
        public RecordKind kind() {
            return RecordKind.KEY_USAGE;
        }
    }
}
