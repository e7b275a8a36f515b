package dev.strongroom.gateway.admin;

import com.nimbusds.jose.jwk.JWK;
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
    private static final Set<String> SECRET = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv");

    private KeySets() {}

    /**
     * The public keys of a set and nothing else of it: what nobody here knows may be a secret of a kind that is to come.
     *
     * @throws AdminRefusal ValidationError, without repeating anything of it
     */
    static String publicKeys(String text) {
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
        var keys = set.getKeys().stream().map(JWK::toPublicJWK).toList();
        if (keys.isEmpty()) {
            throw AdminRefusal.invalid("The key set has no key, so that no token would ever be valid.");
        }
        for (var key : keys) {
            if (key instanceof RSAKey rsa) {
                requireStrong(rsa);
            }
        }
        return new JWKSet(keys).toString();
    }

    /** The modulus as a number: zeros before it make it no longer. */
    private static void requireStrong(RSAKey key) {
        var modulus = key.getModulus().decodeToBigInteger();
        var exponent = key.getPublicExponent().decodeToBigInteger();
        if (modulus.bitLength() < MIN_RSA_BITS) {
            throw AdminRefusal.invalid("An RSA key of the key set has " + modulus.bitLength() + " bits; it takes "
                    + MIN_RSA_BITS + " (RFC 7518, section 3.3).");
        }
        if (!modulus.testBit(0) || !exponent.testBit(0) || exponent.bitLength() < 2) {
            throw AdminRefusal.invalid("An RSA key of the key set has a modulus or exponent that no RSA key has.");
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
