package dev.strongroom.gateway.keys;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.CompiledPolicy;
import dev.strongroom.gateway.authz.IdentityPolicy;
import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.gateway.authz.PolicyDocument;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Policies ready to be asked, those that were used last. Found by their text and whom it means, which says everything that a
 * policy is: all keys of an account that have the default policy share one, and a record that changed elsewhere keeps its
 * policy. A text hashes itself once and a record keeps its text, so that finding one costs a comparison.
 *
 * <p>One that cannot be read denies everything.
 */
public final class CompiledPolicies {

    /** Of text, in characters. What is made of a policy takes some ten times as many bytes. */
    private static final int CAPACITY = 4_000_000;

    private static final CompiledPolicy UNREADABLE = CompiledPolicy.denyingAll();

    /** On what kind of thing a policy hangs; the same text does not mean the same on another. */
    private enum Grammar {
        KEY(KeyPolicy::parse),
        // How long a text may be depends on what it hangs on and is looked at when it is put; this is the longest.
        IDENTITY(text -> IdentityPolicy.parse(text, IdentityPolicy.Use.ROLE_INLINE));

        // Method references without state.
        @SuppressWarnings("ImmutableEnumChecker")
        private final Function<String, PolicyDocument> reader;

        Grammar(Function<String, PolicyDocument> reader) {
            this.reader = reader;
        }

        private CompiledPolicy compile(ResourcePolicy policy) {
            try {
                return CompiledPolicy.of(reader.apply(policy.text()).meaning(policy.principals()));
            } catch (KmsException e) {
                return UNREADABLE;
            }
        }
    }

    private record Source(Grammar grammar, ResourcePolicy policy) {

        /** In characters. */
        private long size() {
            long size = policy.text().length();
            for (var meant : policy.principals().entrySet()) {
                size += meant.getKey().length() + meant.getValue().length();
            }
            return size;
        }
    }

    private final Map<Source, CompiledPolicy> known = new LinkedHashMap<>(16, 0.75f, true);
    private long size;

    /** The policy of a key. */
    public CompiledPolicy of(KeyRecord key) {
        return find(new Source(Grammar.KEY, key.documents().policy()));
    }

    /** A policy that hangs on a user, a role or a session. */
    CompiledPolicy ofIdentity(String text) {
        return find(new Source(Grammar.IDENTITY, ResourcePolicy.of(text)));
    }

    private CompiledPolicy find(Source source) {
        synchronized (known) {
            var found = known.get(source);
            if (found != null) {
                return found;
            }
        }
        var compiled = source.grammar().compile(source.policy());
        synchronized (known) {
            if (known.put(source, compiled) == null) {
                size += source.size();
            }
            forget();
        }
        return compiled;
    }

    private void forget() {
        Iterator<Source> eldest = known.keySet().iterator();
        while (size > CAPACITY && known.size() > 1) {
            size -= eldest.next().size();
            eldest.remove();
        }
    }
}
