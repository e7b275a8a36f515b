package dev.strongroom.hsm.protocol;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a client may ask of a node. One command is one step of work: it is done whole or refused.
 *
 * <p>A {@link Plaintext} inside a command belongs to the node once the command was handed over; the node closes it.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface Command<R extends Reply> {

    <T> T accept(Visitor<T> visitor);

    /** The secret that travels with the command; of no bytes if there is none. */
    default Plaintext secret() {
        return Plaintext.none();
    }

    // ---- session and node

    /**
     * Opens the session on this connection. The user must be the one that the client certificate names.
     *
     * @param credential 32 bytes that the ceremony gave out
     */
    record Login(String user, Plaintext credential) implements Command<Reply.LoggedIn> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.login(this);
        }

        @Override
        public Plaintext secret() {
            return credential;
        }
    }

    /** State of the node; the one command that needs no session. */
    record DescribeNode() implements Command<Reply.NodeDescription> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.describeNode(this);
        }
    }

    // ---- reads

    record FindKey(KeyAddress address, Freshness freshness) implements Command<Reply.FoundKey> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.findKey(this);
        }
    }

    record FindAlias(AliasName name) implements Command<Reply.FoundAlias> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.findAlias(this);
        }
    }

    record ListKeys(Scope scope, Page page) implements Command<Reply.KeyPage> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.listKeys(this);
        }
    }

    /**
     * Aliases of an account in a Region, in order of their names.
     *
     * @param keyId only aliases of this key
     */
    record ListAliases(Scope scope, Optional<String> keyId, Page page) implements Command<Reply.AliasPage> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.listAliases(this);
        }
    }

    /**
     * The SigV4 signing key of an access key for one day, Region and service; the secret itself never leaves the node.
     *
     * @param date eight digits, as in the credential scope
     */
    record DeriveSigningKey(String accessKeyId, String date, String region, String service, Freshness freshness)
            implements Command<Reply.SigningKey> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.deriveSigningKey(this);
        }
    }

    // ---- use of keys

    /**
     * Makes a ciphertext blob under a symmetric KMS key.
     *
     * @param aad canonical encryption context
     */
    record Encrypt(Authority authority, Plaintext plaintext, Bytes aad) implements Command<Reply.Encrypted> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.encrypt(this);
        }

        @Override
        public Plaintext secret() {
            return plaintext;
        }
    }

    record Decrypt(Authority authority, Bytes blob, Bytes aad) implements Command<Reply.Decrypted> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.decrypt(this);
        }
    }

    record ReEncrypt(Authority source, Bytes blob, Bytes sourceAad, Authority destination, Bytes destinationAad)
            implements Command<Reply.ReEncrypted> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.reEncrypt(this);
        }
    }

    /**
     * Makes a data key and its ciphertext under a KMS key.
     *
     * @param length bytes of the data key, 1 to 1,024
     */
    record GenerateDataKey(Authority authority, int length, Bytes aad, DataKeyForm form)
            implements Command<Reply.DataKey> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.generateDataKey(this);
        }
    }

    /**
     * Random bytes for the caller.
     *
     * @param length 1 to 1,024 bytes
     */
    record GenerateRandom(int length) implements Command<Reply.Random> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.generateRandom(this);
        }
    }

    // ---- changes

    /** The client chooses the key's id, so that a repetition after a lost answer finds the key it made. */
    record CreateKey(UUID commandId, KeyName name, NewKey key, KeyRecord.Documents documents, List<Stamp> authority)
            implements Command<Reply.ChangedKey> {

        public CreateKey {
            authority = List.copyOf(authority);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.createKey(this);
        }
    }

    record ChangeKey(UUID commandId, Authority authority, KeyChange change) implements Command<Reply.ChangedKey> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.changeKey(this);
        }
    }

    /**
     * Makes an alias that does not exist yet.
     *
     * @param target the key that the alias is to stand for
     */
    record CreateAlias(UUID commandId, AliasName name, Authority target) implements Command<Reply.Done> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.createAlias(this);
        }
    }

    /**
     * Points an alias at another key.
     *
     * @param alias the alias as the client saw it
     * @param target the key that it is to stand for; the key that it stood for is among the other stamps
     */
    record UpdateAlias(UUID commandId, Stamp alias, Authority target) implements Command<Reply.Done> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.updateAlias(this);
        }
    }

    /**
     * Removes an alias.
     *
     * @param authority what the decision rested on, the target key included
     */
    record DeleteAlias(UUID commandId, Stamp alias, List<Stamp> authority) implements Command<Reply.Done> {

        public DeleteAlias {
            authority = List.copyOf(authority);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.deleteAlias(this);
        }
    }

    /** For identity administrators only. */
    record CreateAccessKey(UUID commandId, String accessKeyId, String accountId, String principalArn, Plaintext secret)
            implements Command<Reply.Done> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.createAccessKey(this);
        }
    }

    /** What the maker of a key chooses for its life. */
    record NewKey(KeySpec spec, KeyUsage usage, Origin origin, boolean multiRegion) {}

    /** Whether the caller gets the data key itself or only its ciphertext. */
    enum DataKeyForm {
        PLAINTEXT_AND_CIPHERTEXT,
        CIPHERTEXT_ONLY
    }

    /** One method a command: a missing case does not compile. */
    interface Visitor<T> {
        T login(Login command);

        T describeNode(DescribeNode command);

        T findKey(FindKey command);

        T findAlias(FindAlias command);

        T listKeys(ListKeys command);

        T listAliases(ListAliases command);

        T deriveSigningKey(DeriveSigningKey command);

        T encrypt(Encrypt command);

        T decrypt(Decrypt command);

        T reEncrypt(ReEncrypt command);

        T generateDataKey(GenerateDataKey command);

        T generateRandom(GenerateRandom command);

        T createKey(CreateKey command);

        T changeKey(ChangeKey command);

        T createAlias(CreateAlias command);

        T updateAlias(UpdateAlias command);

        T deleteAlias(DeleteAlias command);

        T createAccessKey(CreateAccessKey command);
    }
}
