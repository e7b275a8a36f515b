package dev.strongroom.hsm.protocol;

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
     * Makes a ciphertext blob under a symmetric KMS key.
     *
     * @param aad canonical encryption context
     */
    record Encrypt(Authority authority, Plaintext plaintext, Bytes aad) implements UseCommand<Reply.Encrypted> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.encrypt(this);
        }

        @Override
        public Plaintext secret() {
            return plaintext;
        }
    }

    record Decrypt(Authority authority, Bytes blob, Bytes aad) implements UseCommand<Reply.Decrypted> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.decrypt(this);
        }
    }

    record ReEncrypt(Authority source, Bytes blob, Bytes sourceAad, Authority destination, Bytes destinationAad)
            implements UseCommand<Reply.ReEncrypted> {
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
            implements UseCommand<Reply.DataKey> {
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
    record GenerateRandom(int length) implements UseCommand<Reply.Random> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.generateRandom(this);
        }
    }

    /** Whether the caller gets the data key itself or only its ciphertext. */
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

        T generateRandom(GenerateRandom command);
    }
}
