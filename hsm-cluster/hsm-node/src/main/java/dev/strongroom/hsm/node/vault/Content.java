package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import java.time.Instant;
import java.util.List;

/** What a record says. Secrets in it are still sealed. */
public sealed interface Content {

    RecordKind kind();

    /** When written, the stamp inside is not looked at; when read, it is the record's. */
    record Key(KeyRecord key) implements Content {
        @Override
        public RecordKind kind() {
            return RecordKind.KEY;
        }
    }

    /**
     * One generation of key material.
     *
     * @param id 16 bytes
     * @param accountId the account of the key it belongs to
     * @param keyId the id of that key, the same in all its Regions
     * @param checkValue 16 bytes, see {@link dev.strongroom.hsm.node.crypto.Digests#checkValue}
     * @param sealedMaterial see {@link RecordSealer#sealBackingKey}
     */
    record BackingKey(Bytes id, String accountId, String keyId, Bytes checkValue, Bytes sealedMaterial)
            implements Content {
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
     * @param identity as with {@link Key}: the stamp is the record's
     * @param sealedSecret see {@link RecordSealer#sealSecret}
     */
    record AccessKey(CallerIdentity identity, Bytes sealedSecret) implements Content {
        @Override
        public RecordKind kind() {
            return RecordKind.ACCESS_KEY;
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
}
