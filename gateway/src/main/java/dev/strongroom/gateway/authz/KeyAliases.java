package dev.strongroom.gateway.authz;

import dev.strongroom.hsm.protocol.Stamp;
import java.util.List;

/**
 * All aliases of a key.
 *
 * @param records what says that these are all
 * @param names with the prefix {@code alias/}
 */
public record KeyAliases(List<Stamp> records, List<String> names) {

    private static final KeyAliases NONE = new KeyAliases(List.of(), List.of());

    public KeyAliases {
        records = List.copyOf(records);
        names = List.copyOf(names);
    }

    public static KeyAliases none() {
        return NONE;
    }
}
