package dev.strongroom.conformance.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Secrets that were given to the system or by it, in the forms in which they could come to light somewhere. */
final class Canaries {

    private final Map<String, byte[]> secrets = new LinkedHashMap<>();

    /** A secret, by a name that tells where it was used. */
    void plant(String name, byte[] secret) {
        secrets.put(name, secret);
    }

    /** A secret text that nothing else contains. */
    String plant(String name) {
        var text = "canary." + name + ".0d9c1f";
        plant(name, text.getBytes(US_ASCII));
        return text;
    }

    /** All that others are. */
    void plantAll(Canaries others) {
        secrets.putAll(others.secrets);
    }

    int count() {
        return secrets.size();
    }

    /** The first that can be found in {@code octets}: raw, as hex of either case, or as base64 in any alignment. */
    Optional<String> find(byte[] octets) {
        var text = new String(octets, ISO_8859_1);
        for (var secret : secrets.entrySet()) {
            for (var form : forms(secret.getValue()).entrySet()) {
                if (text.contains(form.getValue())) {
                    return Optional.of(secret.getKey() + " as " + form.getKey());
                }
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> forms(byte[] secret) {
        var forms = new TreeMap<String, String>();
        forms.put("raw", new String(secret, ISO_8859_1));
        var hex = HexFormat.of().formatHex(secret);
        forms.put("hex", hex);
        forms.put("upper-case hex", hex.toUpperCase(Locale.ROOT));
        for (int shift = 0; shift < 3; shift++) {
            var shifted = new byte[shift + secret.length];
            System.arraycopy(secret, 0, shifted, shift, secret.length);
            var base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            // The first and last characters also hold bits of what stands before and behind.
            var inner = base64.substring(shift == 0 ? 0 : shift + 1, base64.length() - 1);
            forms.put("base64, shifted by " + shift, inner);
            forms.put("base64url, shifted by " + shift, inner.replace('+', '-').replace('/', '_'));
        }
        return forms;
    }
}
