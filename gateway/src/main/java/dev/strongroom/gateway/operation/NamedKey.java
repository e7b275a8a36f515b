package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A key that a request names, and that there is.
 *
 * @param need how it was named, and what for
 */
public record NamedKey(KeyNeed need, Reply.FoundKey found) {

    /**
     * Every key that there is.
     *
     * @param found by need
     * @throws KmsException what is to be said of the first that is not there and would have to be
     */
    public static List<NamedKey> present(
            List<KeyNeed> needs, List<Optional<Reply.FoundKey>> found, RequestContext context) {
        var keys = new ArrayList<NamedKey>(needs.size());
        for (int i = 0; i < needs.size(); i++) {
            var need = needs.get(i);
            if (found.get(i).isPresent() || need.required()) {
                keys.add(new NamedKey(need, found.get(i).orElseThrow(() -> need.refusal(context))));
            }
        }
        return keys;
    }

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
