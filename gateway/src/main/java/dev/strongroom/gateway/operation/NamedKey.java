package dev.strongroom.gateway.operation;

import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.Reply;
import java.util.Optional;

/**
 * A key that a request names, and that there is.
 *
 * @param need how it was named, and what for
 */
public record NamedKey(KeyNeed need, Reply.FoundKey found) {

    /** To do with it what it was named for. */
    Permission permission() {
        var naming = need.address() instanceof KeyAddress.ByBackingKey
                ? Resource.Naming.BY_CIPHERTEXT
                : Resource.Naming.BY_REFERENCE;
        return Permission.on(found, naming, need.action());
    }

    /** The same where an alias is not a way to name the key but what the request is about. */
    Permission permissionOnKeyAlone() {
        return Permission.on(
                new Reply.FoundKey(found.key(), Optional.empty()), Resource.Naming.BY_REFERENCE, need.action());
    }
}
