package dev.strongroom.hsm.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Key material that is brought along by the owner of a key with origin EXTERNAL. It crosses the wire wrapped under a key
 * of the node's and is unwrapped inside the node only.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface ImportCommand<R extends Reply> extends Command<R> {

    <T> T accept(Visitor<T> visitor);

    @Override
    default <T> T accept(Command.Visitor<T> visitor) {
        return visitor.material(this);
    }

    /** A fresh key pair to wrap material for that key with. The node keeps nothing of it: the token holds the way back. */
    record MakeImportParameters(Authority authority, WrappingAlgorithm algorithm, WrappingKeySpec spec)
            implements ImportCommand<Reply.ImportParameters> {
        @Override
        public Duration limit(Duration usual) {
            return Command.limitWithRsa(usual);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.makeImportParameters(this);
        }
    }

    /**
     * Gives material to a key.
     *
     * @param token as {@link MakeImportParameters} gave it for this key
     * @param wrapped the material under the public key that came with the token
     */
    record ImportMaterial(UUID commandId, Authority authority, Bytes token, Bytes wrapped, Terms terms)
            implements ImportCommand<Reply.ChangedMaterial> {
        @Override
        public Duration limit(Duration usual) {
            return Command.limitWithRsa(usual);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.importMaterial(this);
        }
    }

    /**
     * Destroys imported material.
     *
     * @param materialId the current material if absent
     */
    record DeleteMaterial(UUID commandId, Authority authority, Optional<String> materialId)
            implements ImportCommand<Reply.ChangedMaterial> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.deleteMaterial(this);
        }
    }

    /**
     * On what terms material is given.
     *
     * @param type if absent: new for the first material of the key, existing afterwards
     * @param validTo when the node destroys it; never if absent
     * @param materialId the material that it has to be
     * @param description if absent: what was said of the same material before
     */
    record Terms(
            Optional<ImportType> type,
            Optional<Instant> validTo,
            Optional<String> materialId,
            Optional<String> description) {}

    /** Whether the key is to have had the material before; wire names of the KMS API. */
    enum ImportType {
        NEW_KEY_MATERIAL,
        EXISTING_KEY_MATERIAL
    }

    /** One method a command: a missing case does not compile. */
    interface Visitor<T> {
        T makeImportParameters(MakeImportParameters command);

        T importMaterial(ImportMaterial command);

        T deleteMaterial(DeleteMaterial command);
    }
}
