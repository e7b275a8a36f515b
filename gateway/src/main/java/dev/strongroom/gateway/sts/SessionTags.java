package dev.strongroom.gateway.sts;

import dev.strongroom.gateway.authz.CallerSession;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tags of a session (IAM user guide, "Pass session tags in AWS STS").
 *
 * @param values by key; no two keys differ in letter case only
 * @param transitive keys of those, written as in {@code values}, that go along when the session assumes another role
 */
public record SessionTags(Map<String, String> values, List<String> transitive) {

    public static final SessionTags NONE = new SessionTags(Map.of(), List.of());

    public SessionTags {
        values = Map.copyOf(values);
        transitive = List.copyOf(transitive);
    }

    /** Some tags while they are read. */
    static final class Draft {
        private final Map<String, String> values = new LinkedHashMap<>();

        /** @throws StsException InvalidParameterValue if there is such a key already */
        void put(String key, String value) {
            if (find(values.keySet(), key).isPresent()) {
                throw invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
            values.put(key, value);
        }

        /** @throws StsException InvalidParameterValue if one of {@code transitive} is no key of a tag */
        SessionTags finish(List<String> transitive) {
            var keys = transitive.stream()
                    .map(key -> find(values.keySet(), key)
                            .orElseThrow(() -> invalid(
                                    "The specified transitive tag key must be included in the requested tags.")))
                    .distinct()
                    .toList();
            return new SessionTags(values, keys);
        }
    }

    /**
     * Together with what {@code before} hands down.
     *
     * @throws StsException InvalidParameterValue if one of these would take the place of a tag that is handed down
     */
    SessionTags after(CallerSession before) {
        var all = new LinkedHashMap<>(values);
        var keys = new ArrayList<>(transitive);
        before.transitiveTagKeys().forEach(key -> {
            if (find(values.keySet(), key).isPresent()) {
                throw invalid("One of the specified transitive tag keys can't be set because it conflicts with a"
                        + " transitive tag key from the calling session.");
            }
            all.put(key, before.tags().getOrDefault(key, ""));
            keys.add(key);
        });
        return new SessionTags(all, keys);
    }

    /** Letter case tells no keys apart. */
    private static Optional<String> find(Collection<String> keys, String wanted) {
        return keys.stream().filter(wanted::equalsIgnoreCase).findFirst();
    }

    private static StsException invalid(String text) {
        return StsException.of(StsError.INVALID_PARAMETER_VALUE, text);
    }
}
