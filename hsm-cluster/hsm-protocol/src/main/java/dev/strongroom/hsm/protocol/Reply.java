package dev.strongroom.hsm.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node answers. An expected no is not among these: it fails the call with {@link Refused}.
 *
 * <p>A {@link Plaintext} inside a reply belongs to whoever receives the reply.
 */
public sealed interface Reply {

    /** The secret that travels with the reply; of no bytes if there is none. */
    default Plaintext secret() {
        return Plaintext.none();
    }

    record LoggedIn(Role role) implements Reply {}

    /**
     * State of a node.
     *
     * @param lineage identity of the cluster, 32 hexadecimal digits
     * @param appliedIndex how far this node has applied the log
     */
    record NodeDescription(String nodeId, NodeState state, String lineage, long appliedIndex, String version)
            implements Reply {}

    /**
     * The key that was asked for.
     *
     * @param alias the alias that led to the key, if it was asked for by one
     */
    record FoundKey(KeyRecord key, Optional<AliasRecord> alias) implements Reply {}

    record FoundAlias(AliasRecord alias) implements Reply {}

    /**
     * Part of the list of keys.
     *
     * @param keyIds in ascending order
     * @param truncated whether there are more
     * @param index applied index that the page was read at
     */
    record KeyPage(List<String> keyIds, boolean truncated, long index) implements Reply {

        public KeyPage {
            keyIds = List.copyOf(keyIds);
        }
    }

    /** As {@link KeyPage}, ordered by alias name. */
    record AliasPage(List<AliasRecord> aliases, boolean truncated, long index) implements Reply {

        public AliasPage {
            aliases = List.copyOf(aliases);
        }
    }

    /**
     * All aliases of a key.
     *
     * @param stamp of the record that lists them, which changes when one comes or goes
     * @param names in ascending order, with the prefix {@code alias/}
     */
    record FoundAliasNames(Stamp stamp, List<String> names) implements Reply {

        public FoundAliasNames {
            names = List.copyOf(names);
        }
    }

    /**
     * Who signed, and with what the signature is to be checked.
     *
     * @param caller what a decision about the signer rests on
     * @param key 32 bytes, good for one day, Region and service
     */
    record SigningKey(CallerRecords caller, Plaintext key) implements Reply {
        @Override
        public Plaintext secret() {
            return key;
        }
    }

    /**
     * Which of the principals that were asked for exist.
     *
     * @param ids by their ARNs the unique ids of those that have one: {@code AIDA…} of a user, {@code AROA…} of a role, {@code
     *     AROA…:session} of a session. Accounts have none, nor has who exists only because an account is open
     */
    record FoundPrincipals(Set<String> existing, Map<String, String> ids) implements Reply {

        public FoundPrincipals {
            existing = Set.copyOf(existing);
            ids = Map.copyOf(ids);
        }
    }

    /** A record that says who somebody is; after a change, as it is now. */
    record FoundIdentity(IdentityRecord identity) implements Reply {}

    /** As {@link KeyPage}, ordered by name in lower case. */
    record IdentityPage(List<IdentityRecord> identities, boolean truncated, long index) implements Reply {

        public IdentityPage {
            identities = List.copyOf(identities);
        }
    }

    /**
     * Temporary credentials.
     *
     * @param principalArn whom they speak for, such as {@code arn:aws:sts::111122223333:assumed-role/role/session}
     * @param uniqueId of the user, {@code AROA…:session} of a role's session, the account id of a root
     * @param secret 40 visible ASCII characters
     */
    record MintedSession(
            String accessKeyId, Bytes token, Instant expires, String principalArn, String uniqueId, Plaintext secret)
            implements Reply {}

    /** Empty for a key that was never used. */
    record FoundLastUse(Optional<LastUse> lastUse) implements Reply {}

    record Encrypted(Bytes blob, String materialId) implements Reply {}

    /**
     * What a blob held.
     *
     * @param plaintext empty if it is in the envelope
     * @param envelope here and below: the secret for the command's {@link Recipient}, CMS EnvelopedData in DER; else empty
     */
    record Decrypted(Plaintext plaintext, String materialId, Bytes envelope) implements Reply {

        public Decrypted(Plaintext plaintext, String materialId) {
            this(plaintext, materialId, Bytes.empty());
        }

        /** The same, in {@code envelope} only. */
        public Decrypted sealed(Bytes envelope) {
            return new Decrypted(Plaintext.none(), materialId, envelope);
        }

        @Override
        public Plaintext secret() {
            return plaintext;
        }
    }

    /** Material ids of both sides, as the records of the keys have them. */
    record ReEncrypted(Bytes blob, String sourceMaterialId, String destinationMaterialId) implements Reply {}

    /**
     * A data key.
     *
     * @param plaintext empty if only the ciphertext was asked for, or it is in the envelope
     */
    record DataKey(Bytes blob, Plaintext plaintext, String materialId, Bytes envelope) implements Reply {

        public DataKey(Bytes blob, Plaintext plaintext, String materialId) {
            this(blob, plaintext, materialId, Bytes.empty());
        }

        /** The same, its plaintext in {@code envelope} only. */
        public DataKey sealed(Bytes envelope) {
            return new DataKey(blob, Plaintext.none(), materialId, envelope);
        }

        @Override
        public Plaintext secret() {
            return plaintext;
        }
    }

    /**
     * A data key pair.
     *
     * @param publicKey SubjectPublicKeyInfo in DER
     * @param blob the private key's ciphertext
     * @param privateKey PKCS#8 in DER; empty if only the ciphertext was asked for, or it is in the envelope
     */
    record DataKeyPair(Bytes publicKey, Bytes blob, Plaintext privateKey, String materialId, Bytes envelope)
            implements Reply {

        public DataKeyPair(Bytes publicKey, Bytes blob, Plaintext privateKey, String materialId) {
            this(publicKey, blob, privateKey, materialId, Bytes.empty());
        }

        /** The same, its private key in {@code envelope} only. */
        public DataKeyPair sealed(Bytes envelope) {
            return new DataKeyPair(publicKey, blob, Plaintext.none(), materialId, envelope);
        }

        @Override
        public Plaintext secret() {
            return privateKey;
        }
    }

    record Signed(Bytes signature) implements Reply {}

    /** The whole tag; a secret, because callers derive keys from it. */
    record Mac(Plaintext tag) implements Reply {
        @Override
        public Plaintext secret() {
            return tag;
        }
    }

    /** What both sides of an agreement, or of an encapsulation, know. */
    record SharedSecret(Plaintext octets, Bytes envelope) implements Reply {

        public SharedSecret(Plaintext octets) {
            this(octets, Bytes.empty());
        }

        /** The same, in {@code envelope} only. */
        public SharedSecret sealed(Bytes envelope) {
            return new SharedSecret(Plaintext.none(), envelope);
        }

        @Override
        public Plaintext secret() {
            return octets;
        }
    }

    /**
     * A fresh secret of 32 bytes.
     *
     * @param blob from which the private key gets it again
     */
    record Encapsulated(Plaintext octets, Bytes blob) implements Reply {
        @Override
        public Plaintext secret() {
            return octets;
        }
    }

    record Random(Plaintext octets, Bytes envelope) implements Reply {

        public Random(Plaintext octets) {
            this(octets, Bytes.empty());
        }

        /** The same, in {@code envelope} only. */
        public Random sealed(Bytes envelope) {
            return new Random(Plaintext.none(), envelope);
        }

        @Override
        public Plaintext secret() {
            return octets;
        }
    }

    /** The key after the change. */
    record ChangedKey(KeyRecord key) implements Reply {}

    record Done() implements Reply {}

    /**
     * What key material is to be wrapped with.
     *
     * @param publicKey SubjectPublicKeyInfo in DER
     * @param token opens the way back, on any node of the cluster; up to 6,144 bytes
     */
    record ImportParameters(Bytes publicKey, Bytes token, Instant validTo) implements Reply {}

    /**
     * The key after material of it was imported or deleted.
     *
     * @param materialId of the material that was concerned
     */
    record ChangedMaterial(KeyRecord key, String materialId) implements Reply {}

    record FoundGrant(GrantRecord grant) implements Reply {}

    record FoundGrants(List<GrantRecord> grants) implements Reply {

        public FoundGrants {
            grants = List.copyOf(grants);
        }
    }

    /**
     * As {@link KeyPage}.
     *
     * @param gone the unique ids in the grants that nobody has any more
     */
    record GrantPage(List<GrantRecord> grants, boolean truncated, long index, Set<String> gone) implements Reply {

        public GrantPage {
            grants = List.copyOf(grants);
            gone = Set.copyOf(gone);
        }

        /** Where a grant stands among those of many keys. */
        public static String place(GrantRecord grant) {
            return grant.key().keyId() + "/" + grant.id();
        }
    }

    /**
     * The grant that was made, or was there.
     *
     * @param token fresh; all tokens of a grant are worth the same
     */
    record CreatedGrant(GrantRecord grant, Bytes token) implements Reply {}
}
