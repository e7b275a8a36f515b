package dev.strongroom.gateway.authz;

import dev.strongroom.hsm.protocol.AliasRecord;
import java.util.Optional;

/** What a request is about. */
public sealed interface Resource {

    /** As policies name it and as refusals show it. */
    String arn();

    /** The account it belongs to. */
    String accountId();

    /**
     * A KMS key. In whatever way the caller named it, its resource is the ARN of the key.
     *
     * @param alias by which the caller named it, if by one: {@code kms:RequestAlias}, and what the answer rests on too
     */
    record Key(KeyFacts key, Optional<AliasRecord> alias, Naming naming) implements Resource {

        /** A key named by id or ARN. */
        public static Key of(KeyFacts key) {
            return new Key(key, Optional.empty(), Naming.BY_REFERENCE);
        }

        @Override
        public String arn() {
            return key.arn();
        }

        @Override
        public String accountId() {
            return key.accountId();
        }
    }

    /** How a caller came to mean a key. */
    enum Naming {
        /** By id, ARN or alias. */
        BY_REFERENCE,
        /** By a ciphertext alone; a refusal then does not tell which key that is. */
        BY_CIPHERTEXT
    }

    /** An alias itself, in CreateAlias, UpdateAlias and DeleteAlias; the keys are asked for on their own. */
    record Alias(String accountId, String arn) implements Resource {}

    /**
     * A KMS key that is about to be made: there is no policy yet that could have a say, so it is its account's matter whether
     * a member may tag it.
     */
    record NewKey(String accountId, String arn) implements Resource {}

    /**
     * A key or alias that is not there, or that another account has and keeps to itself: callers are told the same of both.
     * Nothing is known of it but what the caller wrote.
     *
     * @param accountId empty if nobody can know it
     * @param arn of a key that only a ciphertext names {@code *}
     */
    record Absent(String accountId, String arn, Naming naming) implements Resource {}

    /** A role that somebody wants to assume. */
    record Role(String accountId, String arn) implements Resource {}

    /** Nothing that there is one of: for CreateKey, ListKeys, ListAliases, GenerateRandom, key stores. */
    record Any(String accountId) implements Resource {
        @Override
        public String arn() {
            return "*";
        }
    }
}
