package dev.strongroom.hsm.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What temporary credentials say beside whose they are.
 *
 * @param multiFactor when the caller proved a second factor
 * @param tags of the session, values by key
 * @param transitiveTagKeys keys of those tags that go along when the session assumes another role
 * @param provider the identity provider that vouched for the caller
 * @param inlinePolicies documents of the session policies that came with the request
 * @param policies the managed policies among the session policies
 */
public record SessionRecord(
        Instant issued,
        Instant expires,
        Optional<Instant> multiFactor,
        Map<String, String> tags,
        List<String> transitiveTagKeys,
        Optional<String> provider,
        Optional<String> sourceIdentity,
        List<String> inlinePolicies,
        List<PolicyRecord> policies) {

    public SessionRecord {
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        transitiveTagKeys = List.copyOf(transitiveTagKeys);
        inlinePolicies = List.copyOf(inlinePolicies);
        policies = List.copyOf(policies);
    }
}
