package dev.strongroom.hsm.protocol;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Making and changing KMS keys and aliases. Answered when a majority has it on disk.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface ChangeCommand<R extends Reply> extends Command<R> {

    <T> T accept(Visitor<T> visitor);

    @Override
    default <T> T accept(Command.Visitor<T> visitor) {
        return visitor.change(this);
    }

    /** The client chooses the key's id, so that a repetition after a lost answer finds the key it made. */
    record CreateKey(UUID commandId, KeyName name, NewKey key, KeyRecord.Documents documents, List<Stamp> authority)
            implements ChangeCommand<Reply.ChangedKey> {

        public CreateKey {
            authority = List.copyOf(authority);
        }

        @Override
        public Duration limit(Duration usual) {
            return key.spec().isRsa() ? Command.limitWithRsa(usual) : usual;
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.createKey(this);
        }
    }

    record ChangeKey(UUID commandId, Authority authority, KeyChange change) implements ChangeCommand<Reply.ChangedKey> {
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
    record CreateAlias(UUID commandId, AliasName name, Authority target) implements ChangeCommand<Reply.Done> {
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
    record UpdateAlias(UUID commandId, Stamp alias, Authority target) implements ChangeCommand<Reply.Done> {
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
    record DeleteAlias(UUID commandId, Stamp alias, List<Stamp> authority) implements ChangeCommand<Reply.Done> {

        public DeleteAlias {
            authority = List.copyOf(authority);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.deleteAlias(this);
        }
    }

    /**
     * Makes a replica of a multi-Region key in one more Region; the answer is the replica.
     *
     * @param primary the record that the Regions of the key share is among the other stamps
     * @param documents of the replica: it shares none of these with the primary
     */
    record ReplicateKey(UUID commandId, Authority primary, String region, KeyRecord.Documents documents)
            implements ChangeCommand<Reply.ChangedKey> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.replicateKey(this);
        }
    }

    /**
     * Makes the replica in {@code region} the primary, and the primary a replica; the answer is the latter.
     *
     * @param primary the record that the Regions of the key share is among the other stamps
     */
    record UpdatePrimaryRegion(UUID commandId, Authority primary, String region)
            implements ChangeCommand<Reply.ChangedKey> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.updatePrimaryRegion(this);
        }
    }

    /** What the maker of a key chooses for its life. */
    record NewKey(KeySpec spec, KeyUsage usage, Origin origin, boolean multiRegion) {}

    /** One method a command: a missing case does not compile. */
    interface Visitor<T> {
        T createKey(CreateKey command);

        T changeKey(ChangeKey command);

        T createAlias(CreateAlias command);

        T updateAlias(UpdateAlias command);

        T deleteAlias(DeleteAlias command);

        T replicateKey(ReplicateKey command);

        T updatePrimaryRegion(UpdatePrimaryRegion command);
    }
}
