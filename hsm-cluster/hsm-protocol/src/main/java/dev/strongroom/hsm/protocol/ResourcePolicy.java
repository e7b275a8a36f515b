package dev.strongroom.hsm.protocol;

import java.util.Map;

/**
 * A policy that hangs on a key or a role, and whom it means.
 *
 * @param text as it was put
 * @param principals unique ids, by their ARNs, of those users, roles and sessions that it names and that existed when it
 *     was put. It means them and nobody else who comes to have their ARNs
 */
public record ResourcePolicy(String text, Map<String, String> principals) {

    public ResourcePolicy {
        principals = Map.copyOf(principals);
    }

    /** A policy that means whoever has the ARNs that it names. */
    public static ResourcePolicy of(String text) {
        return new ResourcePolicy(text, Map.of());
    }

    /** That of the text, which remembers it: every decision looks its policy up, and one may name a thousand people. */
    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
