package dev.strongroom.gateway.authz;

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
}
