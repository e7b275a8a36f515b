package dev.strongroom.hsm.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What temporary credentials are to say, as {@link SessionRecord} has it.
 *
 * @param policyArns managed policies of the session's account that bound it
 */
public record SessionTerms(
        Optional<Instant> multiFactor,
        Map<String, String> tags,
        List<String> transitiveTagKeys,
        Optional<String> provider,
        Optional<String> sourceIdentity,
        List<String> inlinePolicies,
        List<String> policyArns) {

    /** Nothing beside whose they are. */
    public static final SessionTerms NONE = new SessionTerms(
            Optional.empty(), Map.of(), List.of(), Optional.empty(), Optional.empty(), List.of(), List.of());

    public SessionTerms {
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        transitiveTagKeys = List.copyOf(transitiveTagKeys);
        inlinePolicies = List.copyOf(inlinePolicies);
        policyArns = List.copyOf(policyArns);
    }
}
