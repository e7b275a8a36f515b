package dev.strongroom.hsm.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A policy that hangs on a key or a role, and whom it means.
 *
 * @param text as it was put
 * @param principals unique ids, by their ARNs, of those users, roles and sessions that it names and that existed when it
 *     was put. It means them and nobody else who comes to have their ARNs
 */
public record ResourcePolicy(String text, Map<String, String> principals) {

    public ResourcePolicy {
        principals = Collections.unmodifiableMap(new TreeMap<>(principals));
    }

    /** A policy that means whoever has the ARNs that it names. */
    public static ResourcePolicy of(String text) {
        return new ResourcePolicy(text, Map.of());
    }
}
