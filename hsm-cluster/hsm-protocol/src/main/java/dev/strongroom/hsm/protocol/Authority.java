package dev.strongroom.hsm.protocol;

import java.util.List;

/**
 * Why a command may run: the records that the client's decision rested on, as it saw them.
 *
 * @param key the KMS key that the command uses or changes
 * @param others the caller's identity, the alias that led to the key, policies, the one grant relied on
 */
public record Authority(Stamp key, List<Stamp> others) {

    public Authority {
        others = List.copyOf(others);
    }
}
