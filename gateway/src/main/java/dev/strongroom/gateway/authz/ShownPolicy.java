package dev.strongroom.gateway.authz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A policy as it is shown to whoever asks for it: as it was put, letter for letter, except that somebody whom it means and who
 * is gone stands there by unique id, as AWS has it. Put again like that it is refused, so that nobody takes over for another
 * without noticing.
 */
public final class ShownPolicy {

    private static final JsonFactory JSON = new JsonFactory();

    /** Where a document names people, as a JSON pointer (RFC 6901). */
    private static final Pattern PLACE = Pattern.compile("/Statement(/[0-9]+)?/(Not)?Principal/AWS(/[0-9]+)?");

    private ShownPolicy() {}

    /**
     * The text to show.
     *
     * @param ids who has the ARNs that the policy names, as of now
     */
    public static String of(ResourcePolicy policy, Map<String, String> ids) {
        boolean isAsPut = policy.principals().entrySet().stream()
                .allMatch(meant -> meant.getValue().equals(ids.get(meant.getKey())));
        return isAsPut ? policy.text() : replaced(policy, ids);
    }

    private static String replaced(ResourcePolicy policy, Map<String, String> ids) {
        var text = policy.text();
        var shown = new StringBuilder(text.length());
        int copied = 0;
        try (var json = JSON.createParser(text)) {
            for (var token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token != JsonToken.VALUE_STRING) {
                    continue;
                }
                int begin = (int) json.currentTokenLocation().getCharOffset();
                var arn = json.getText();
                var meant = policy.principals().get(arn);
                if (meant == null
                        || meant.equals(ids.get(arn))
                        || !PLACE.matcher(
                                        json.getParsingContext().pathAsPointer().toString())
                                .matches()) {
                    continue;
                }
                shown.append(text, copied, begin).append('"').append(meant).append('"');
                copied = end(text, begin);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a policy that was put is JSON", e);
        }
        return shown.append(text, copied, text.length()).toString();
    }

    /** Where the string ends whose opening quotation mark is at {@code begin}. */
    private static int end(String text, int begin) {
        int at = begin + 1;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
