package dev.strongroom.gateway.authz;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What temporary credentials say beside whom they speak for.
 *
 * @param issued when the token was made: {@code aws:TokenIssueTime}
 * @param multiFactor when a second factor was shown; empty if none was. Long-term keys have no such thing to say, so the
 *     condition keys about it exist in sessions only
 * @param tags of the session; they hide tags of the role with the same key in any letter case
 * @param transitiveTagKeys keys of those tags that go along when the session assumes another role
 * @param provider the identity provider that vouched for the caller, as a policy names it under {@code Federated}
 * @param sourceIdentity as given when the role was assumed
 */
public record CallerSession(
        Instant issued,
        Optional<Instant> multiFactor,
        Map<String, String> tags,
        List<String> transitiveTagKeys,
        Optional<String> provider,
        Optional<String> sourceIdentity) {

    public CallerSession {
        tags = Map.copyOf(tags);
        transitiveTagKeys = List.copyOf(transitiveTagKeys);
    }

    /** A session of which only its beginning is known. */
    public static CallerSession of(Instant issued) {
        return new CallerSession(issued, Optional.empty(), Map.of(), List.of(), Optional.empty(), Optional.empty());
    }
}
