package dev.strongroom.hsm.node.vault;

import java.util.Arrays;
import java.util.Optional;

/** What a record holds. The numbers stand in the log and in every AAD and never change. */
public enum RecordKind {
    /** A KMS key in one Region: what may be known about it, never its material. */
    KEY(1),
    /** One generation of key material. */
    BACKING_KEY(2),
    ALIAS(3),
    /** The aliases of one key. */
    KEY_ALIASES(4),
    /** An access key and its secret. */
    ACCESS_KEY(5),
    HSM_USER(6),
    /** The domain keys, sealed under the root key; the one kind that they do not seal. */
    KEYRING(7),
    /** What the cluster is. */
    CLUSTER(8),
    /** What the Regions of a multi-Region key share. */
    MULTI_REGION_KEY(9),
    /** What a node's clock showed when something was due. */
    NODE_CLOCK(10),
    /** When a key was last used; apart from the key, so that its use changes nothing that decisions rest on. */
    KEY_USAGE(11),
    ACCOUNT(12),
    USER(13),
    ROLE(14),
    MANAGED_POLICY(15),
    OIDC_PROVIDER(16),
    /** A permission to use a key. */
    GRANT(17);

    private final int number;

    RecordKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Empty for a number that this version does not know. */
    public static Optional<RecordKind> of(int number) {
        return Arrays.stream(values()).filter(kind -> kind.number == number).findFirst();
    }
}
