package dev.strongroom.gateway.admin;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The keys of an identity provider (JSON Web Key Set, RFC 7517): such as verify a token, and none that could sign one. */
final class KeySets {

    /** RFC 7518, section 3.3. */
    private static final int MIN_RSA_BITS = 2_048;

    /** What only the owner of a key knows (RFC 7518, sections 6.2.2, 6.3.2 and 6.4; RFC 8037, section 2). */
    private static final Set<String> SECRET = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private KeySets() {}

    /** Refuses what is no such set, without repeating anything of it. */
    static void require(String text) {
        JWKSet set;
        try {
            var json = JSONObjectUtils.parse(text);
            if (json.get("keys") instanceof Iterable<?> keys) {
                keys.forEach(KeySets::requirePublic);
            }
            set = JWKSet.parse(json);
        } catch (ParseException e) {
            throw AdminRefusal.invalid("The keys are no JSON Web Key Set (RFC 7517, section 5).");
        }
        if (set.isEmpty()) {
            throw AdminRefusal.invalid("The key set has no key, so that no token would ever be valid.");
        }
        for (var key : set.getKeys()) {
            if (key instanceof RSAKey rsa && rsa.size() < MIN_RSA_BITS) {
                throw AdminRefusal.invalid("An RSA key of the key set has " + rsa.size() + " bits; it takes "
                        + MIN_RSA_BITS + " (RFC 7518, section 3.3).");
            }
        }
    }

    private static void requirePublic(Object key) {
        if (key instanceof Map<?, ?> members) {
            var secret = new TreeSet<>(SECRET);
            secret.retainAll(members.keySet());
            if (!secret.isEmpty()) {
                throw AdminRefusal.invalid("A key of the key set has the private member '" + secret.first()
                        + "'. Give public keys only, and replace that one: it has been sent over a wire.");
            }
        }
    }
}
