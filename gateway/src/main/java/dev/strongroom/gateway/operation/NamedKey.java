package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A key that a request names.
 *
 * <p>A key of another account that is not there, and one that is there and does not let the caller in, are the same from the
 * moment that is known: whatever a request comes to, it is decided as if neither existed, so that no answer can depend on
 * which of the two it is.
 *
 * @param need how it was named, and what for
 * @param seen the key; empty if the caller must not learn whether there is one
 */
public record NamedKey(KeyNeed need, Optional<Reply.FoundKey> seen) {

    /**
     * Every key that there is, or that the caller may not know not to be there.
     *
     * @param found by need
     * @throws KmsException what is to be said of the first that is not there and would have to be
     */
    public static List<NamedKey> present(List<KeyNeed> needs, List<Optional<Reply.FoundKey>> found) {
        var keys = new ArrayList<NamedKey>(needs.size());
        for (int i = 0; i < needs.size(); i++) {
            var need = needs.get(i);
            if (found.get(i).isEmpty() && need.missing().isPresent() && need.required()) {
                throw need.missing().get().get();
            }
            if (found.get(i).isPresent() || need.required()) {
                keys.add(new NamedKey(need, found.get(i)));
            }
        }
        return keys;
    }

    public boolean isSeen() {
        return seen.isPresent();
    }

    /** The key, which the caller may use or at least know. */
    public Reply.FoundKey found() {
        return seen.orElseThrow(() -> new IllegalStateException("nothing is to be done with a key that is not there"));
    }

    /** The same, as if it were not there. */
    public NamedKey hidden() {
        return new NamedKey(need, Optional.empty());
    }

    /** Whether {@code permission} is about it. */
    public boolean isMeant(Permission permission) {
        return permission.action().equals(need.action())
                && permission.subject() instanceof Permission.Subject.Key key
                && seen.filter(found ->
                                found.key().name().equals(key.found().key().name()))
                        .isPresent();
    }

    /** Whether both are there and are one key. */
    boolean isSameAs(NamedKey other) {
        return isSeen()
                && other.isSeen()
                && found().key().name().equals(other.found().key().name());
    }

    /** To do with it what it was named for. Nobody may do anything with a key that is not there. */
    Permission permission() {
        var naming = need.address() instanceof KeyAddress.ByBackingKey
                ? Resource.Naming.BY_CIPHERTEXT
                : Resource.Naming.BY_REFERENCE;
        return seen.map(found -> Permission.on(found, naming, need.action()))
                .orElseGet(() -> Permission.on(need.absent(), need.action()));
    }

    /** The same where an alias is not a way to name the key but what the request is about. */
    Permission permissionOnKeyAlone() {
        return Permission.on(
                new Reply.FoundKey(found().key(), Optional.empty()), Resource.Naming.BY_REFERENCE, need.action());
    }
}
