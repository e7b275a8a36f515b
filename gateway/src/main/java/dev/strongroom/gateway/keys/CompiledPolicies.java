package dev.strongroom.gateway.keys;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.CompiledPolicy;
import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.hsm.protocol.KeyRecord;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Policies ready to be asked, those that were used last. Found by their text, which says everything that a policy is: all
 * keys of an account that have the default policy share one, and a record that changed elsewhere keeps its policy. A text
 * hashes itself once and a record keeps its text, so that finding one costs a comparison.
 */
public final class CompiledPolicies {

    /** Of text, in characters. What is made of a policy takes some ten times as many bytes. */
    private static final int CAPACITY = 4_000_000;

    private static final CompiledPolicy UNREADABLE = CompiledPolicy.denyingAll();

    private final Map<String, CompiledPolicy> keyPolicies = new LinkedHashMap<>(16, 0.75f, true);
    private long size;

    /** The policy of a key; one that cannot be read denies everything. */
    public CompiledPolicy of(KeyRecord key) {
        var text = key.documents().policy();
        synchronized (keyPolicies) {
            var known = keyPolicies.get(text);
            if (known != null) {
                return known;
            }
        }
        var compiled = compile(text);
        synchronized (keyPolicies) {
            if (keyPolicies.put(text, compiled) == null) {
                size += text.length();
            }
            forget();
        }
        return compiled;
    }

    private static CompiledPolicy compile(String text) {
        try {
            return CompiledPolicy.of(KeyPolicy.parse(text));
        } catch (KmsException e) {
            return UNREADABLE;
        }
    }

    private void forget() {
        Iterator<String> eldest = keyPolicies.keySet().iterator();
        while (size > CAPACITY && keyPolicies.size() > 1) {
            size -= eldest.next().length();
            eldest.remove();
        }
    }
}
