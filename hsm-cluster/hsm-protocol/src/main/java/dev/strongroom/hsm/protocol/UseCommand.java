package dev.strongroom.hsm.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Using keys. Nothing in the records changes.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface UseCommand<R extends Reply> extends Command<R> {

    <T> T accept(Visitor<T> visitor);

    @Override
    default <T> T accept(Command.Visitor<T> visitor) {
        return visitor.use(this);
    }

    /**
     * Encrypts: under a symmetric key a ciphertext blob, with the public key of a pair what its algorithm makes.
     *
     * @param aad canonical encryption context; empty unless the algorithm is SYMMETRIC_DEFAULT
     */
    record Encrypt(Authority authority, EncryptionAlgorithm algorithm, Plaintext plaintext, Bytes aad)
            implements UseCommand<Reply.Encrypted> {

        /** Under a symmetric key. */
        public Encrypt(Authority authority, Plaintext plaintext, Bytes aad) {
            this(authority, EncryptionAlgorithm.SYMMETRIC_DEFAULT, plaintext, aad);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.encrypt(this);
        }

        @Override
        public Plaintext secret() {
            return plaintext;
        }
    }

    /** Opens what {@link Encrypt} made, or for a key pair anybody with the public key. */
    record Decrypt(
            Authority authority, EncryptionAlgorithm algorithm, Bytes blob, Bytes aad, Optional<Recipient> recipient)
            implements UseCommand<Reply.Decrypted> {

        /** For the caller. */
        public Decrypt(Authority authority, EncryptionAlgorithm algorithm, Bytes blob, Bytes aad) {
            this(authority, algorithm, blob, aad, Optional.empty());
        }

        /** Under a symmetric key. */
        public Decrypt(Authority authority, Bytes blob, Bytes aad) {
            this(authority, EncryptionAlgorithm.SYMMETRIC_DEFAULT, blob, aad);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.decrypt(this);
        }
    }

    /** Opens with one key and encrypts with the same or another, of whatever kind each is; the plaintext stays inside. */
    record ReEncrypt(Side source, Bytes blob, Side destination) implements UseCommand<Reply.ReEncrypted> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.reEncrypt(this);
        }
    }

    /**
     * One of the two keys of a ReEncrypt.
     *
     * @param aad canonical encryption context; empty unless the algorithm is SYMMETRIC_DEFAULT
     */
    record Side(Authority authority, EncryptionAlgorithm algorithm, Bytes aad) {

        /** A symmetric key. */
        public Side(Authority authority, Bytes aad) {
            this(authority, EncryptionAlgorithm.SYMMETRIC_DEFAULT, aad);
        }
    }

    /**
     * Makes a data key and its ciphertext under a KMS key.
     *
     * @param length bytes of the data key, 1 to 1,024
     * @param recipient of the plaintext; none if only the ciphertext is asked for
     */
    record GenerateDataKey(Authority authority, int length, Bytes aad, DataKeyForm form, Optional<Recipient> recipient)
            implements UseCommand<Reply.DataKey> {

        /** For the caller. */
        public GenerateDataKey(Authority authority, int length, Bytes aad, DataKeyForm form) {
            this(authority, length, aad, form, Optional.empty());
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.generateDataKey(this);
        }
    }

    /**
     * Makes a key pair for the caller, its private key sealed under a symmetric KMS key.
     *
     * @param pair of the twelve specs that pairs are made of: all asymmetric ones but ML-DSA
     * @param aad canonical encryption context of the sealed private key
     * @param recipient of the private key; none if only the ciphertext is asked for
     */
    record GenerateDataKeyPair(
            Authority authority, KeySpec pair, Bytes aad, DataKeyForm form, Optional<Recipient> recipient)
            implements UseCommand<Reply.DataKeyPair> {

        /** For the caller. */
        public GenerateDataKeyPair(Authority authority, KeySpec pair, Bytes aad, DataKeyForm form) {
            this(authority, pair, aad, form, Optional.empty());
        }

        @Override
        public Duration limit(Duration usual) {
            return pair.isRsa() ? Command.limitWithRsa(usual) : usual;
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.generateDataKeyPair(this);
        }
    }

    /**
     * Random bytes for the caller.
     *
     * @param length 1 to 1,024 bytes
     */
    record GenerateRandom(int length, List<Stamp> authority, Optional<Recipient> recipient)
            implements UseCommand<Reply.Random> {

        public GenerateRandom {
            authority = List.copyOf(authority);
        }

        /** For a client that asks for itself. */
        public GenerateRandom(int length) {
            this(length, List.of(), Optional.empty());
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.generateRandom(this);
        }
    }

    /**
     * Signs with the private key of a pair.
     *
     * @param message 1 to 4,096 bytes if RAW, else as long as the algorithm's digest
     */
    record Sign(Authority authority, SigningAlgorithm algorithm, MessageType type, Plaintext message)
            implements UseCommand<Reply.Signed> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.sign(this);
        }

        @Override
        public Plaintext secret() {
            return message;
        }
    }

    /** Checks a signature: done if it is good, else refused with {@link Refusal#INVALID_SIGNATURE}. */
    record Verify(Authority authority, SigningAlgorithm algorithm, MessageType type, Plaintext message, Bytes signature)
            implements UseCommand<Reply.Done> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.verify(this);
        }

        @Override
        public Plaintext secret() {
            return message;
        }
    }

    /**
     * The HMAC over a message, with the hash of the key's spec.
     *
     * @param message 1 to 4,096 bytes
     */
    record GenerateMac(Authority authority, Plaintext message) implements UseCommand<Reply.Mac> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.generateMac(this);
        }

        @Override
        public Plaintext secret() {
            return message;
        }
    }

    /** Checks an HMAC: done if it is good, else refused with {@link Refusal#INVALID_MAC}. */
    record VerifyMac(Authority authority, Plaintext message, Bytes mac) implements UseCommand<Reply.Done> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.verifyMac(this);
        }

        @Override
        public Plaintext secret() {
            return message;
        }
    }

    /**
     * Elliptic-curve Diffie-Hellman with the private key of a pair.
     *
     * @param peer the other side's public key, SubjectPublicKeyInfo in DER
     */
    record DeriveSharedSecret(Authority authority, Bytes peer, Optional<Recipient> recipient)
            implements UseCommand<Reply.SharedSecret> {

        /** For the caller. */
        public DeriveSharedSecret(Authority authority, Bytes peer) {
            this(authority, peer, Optional.empty());
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.deriveSharedSecret(this);
        }
    }

    /** A fresh secret and the blob that tells it to whoever has the private key (FIPS 203). */
    record Encapsulate(Authority authority) implements UseCommand<Reply.Encapsulated> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.encapsulate(this);
        }
    }

    /** The secret that a blob of {@link Encapsulate} tells. */
    record Decapsulate(Authority authority, Bytes blob) implements UseCommand<Reply.SharedSecret> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.decapsulate(this);
        }
    }

    /**
     * Does all that {@code use} asks for and gives nothing of it away: done if it would have succeeded, else refused as it
     * would have been. It does not count as a use of the key.
     *
     * @param use anything but another of these
     */
    record Rehearse(UseCommand<?> use) implements UseCommand<Reply.Done> {

        public Rehearse {
            if (use instanceof Rehearse) {
                throw new IllegalArgumentException("a rehearsal of a rehearsal");
            }
        }

        @Override
        public Duration limit(Duration usual) {
            return use.limit(usual);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.rehearse(this);
        }

        @Override
        public Plaintext secret() {
            return use.secret();
        }
    }

    /** Whether the caller gets the data key (of a pair, the private key) itself or only its ciphertext. */
    enum DataKeyForm {
        PLAINTEXT_AND_CIPHERTEXT,
        CIPHERTEXT_ONLY
    }

    /** One method a command: a missing case does not compile. */
    interface Visitor<T> {
        T encrypt(Encrypt command);

        T decrypt(Decrypt command);

        T reEncrypt(ReEncrypt command);

        T generateDataKey(GenerateDataKey command);

        T generateDataKeyPair(GenerateDataKeyPair command);

        T generateRandom(GenerateRandom command);

        T sign(Sign command);

        T verify(Verify command);

        T generateMac(GenerateMac command);

        T verifyMac(VerifyMac command);

        T deriveSharedSecret(DeriveSharedSecret command);

        T encapsulate(Encapsulate command);

        T decapsulate(Decapsulate command);

        T rehearse(Rehearse command);
    }
}
