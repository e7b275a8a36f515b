package dev.strongroom.hsm.protocol;

import java.util.List;

/** One change of a KMS key's record. */
public sealed interface KeyChange {

    /** To ENABLED or DISABLED. */
    record SetState(KeyState state) implements KeyChange {}

    record SetDescription(String description) implements KeyChange {}

    record SetPolicy(ResourcePolicy policy) implements KeyChange {

        /** A policy that means whoever has the ARNs that it names. */
        public SetPolicy(String policy) {
            this(ResourcePolicy.of(policy));
        }
    }

    /** Puts the key into PENDING_DELETION until now plus {@code windowDays}, by the node's clock. */
    record ScheduleDeletion(int windowDays) implements KeyChange {}

    /** Back to DISABLED, or PENDING_IMPORT for a key without material. */
    record CancelDeletion() implements KeyChange {}

    /** The key's tags from now on, all of them, in order. */
    record SetTags(List<KeyRecord.Tag> tags) implements KeyChange {

        public SetTags {
            tags = List.copyOf(tags);
        }
    }

    /** Turns automatic rotation on, or gives it another period of 90 to 2,560 days. */
    record SetRotation(int periodDays) implements KeyChange {}

    /** Turns automatic rotation off; of a key that has none to turn off nothing changes. */
    record StopRotation() implements KeyChange {}

    /** Gives the key new material now: made by the node, or the imported generation that waits for it. */
    record RotateOnDemand() implements KeyChange {}
}
