package dev.strongroom.gateway.authz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request must bring so that a grant allows it.
 *
 * @param contextEquals the encryption context; keys are compared without regard to case
 * @param contextSubset pairs that the encryption context must hold, and may hold more
 * @param sourceArn the resource that the grantee must act for
 */
public record GrantConstraints(
        Optional<Map<String, String>> contextEquals,
        Optional<Map<String, String>> contextSubset,
        Optional<String> sourceArn) {

    private static final GrantConstraints NONE =
            new GrantConstraints(Optional.empty(), Optional.empty(), Optional.empty());

    public GrantConstraints {
        contextEquals = contextEquals.map(Map::copyOf);
        contextSubset = contextSubset.map(Map::copyOf);
    }

    public static GrantConstraints none() {
        return NONE;
    }

    public static GrantConstraints equalTo(Map<String, String> context) {
        return new GrantConstraints(Optional.of(context), Optional.empty(), Optional.empty());
    }

    public static GrantConstraints containing(Map<String, String> context) {
        return new GrantConstraints(Optional.empty(), Optional.of(context), Optional.empty());
    }

    /** All pairs of both, which {@code kms:EncryptionContext:…} of CreateGrant speaks of. */
    public Map<String, String> context() {
        var pairs = new HashMap<>(contextSubset.orElse(Map.of()));
        pairs.putAll(contextEquals.orElse(Map.of()));
        return pairs;
    }

    /** The names of those that are there, as {@code kms:GrantConstraintType} has them. */
    List<String> types() {
        var types = new ArrayList<String>();
        contextEquals.ifPresent(there -> types.add("EncryptionContextEquals"));
        contextSubset.ifPresent(there -> types.add("EncryptionContextSubset"));
        sourceArn.ifPresent(there -> types.add("SourceArn"));
        return types;
    }
}
