package dev.strongroom.gateway.authz;

import java.util.List;

/**
 * Values of condition keys of a request (IAM user guide, "AWS global condition context keys"; KMS developer guide,
 * "Condition keys for AWS KMS"). Asked only for what a policy names, so an implementation computes on demand.
 */
@FunctionalInterface
public interface ConditionKeys {

    /** For requests without anything to say. */
    ConditionKeys NONE = name -> List.of();

    /**
     * The values that the request has for a key.
     *
     * @param name in lower case, the part after a slash or second colon included, such as {@code kms:keyspec} or {@code
     *     aws:requesttag/project}: no part of a key's name is compared with regard to case
     * @return booleans as {@code true} and {@code false}, times in ISO 8601, numbers in decimal; empty if the request has
     *     no such key
     */
    List<String> values(String name);

    /** These, and where they have no value the others. */
    default ConditionKeys or(ConditionKeys others) {
        return name -> {
            var own = values(name);
            return own.isEmpty() ? others.values(name) : own;
        };
    }
}
