package dev.strongroom.gateway.authz;

/**
 * A name in which {@code *} stands for any characters, none included, and {@code ?} for exactly one (IAM user guide,
 * "Using wildcards in policies").
 */
public record WildcardPattern(String text) {

    /** Compares letter by letter; where case does not count, both sides come in lower case. */
    public boolean matches(String name) {
        int at = 0;
        int in = 0;
        int star = -1;
        int starIn = 0;
        while (in < name.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                star = at++;
                starIn = in;
            } else if (at < text.length() && (text.charAt(at) == '?' || text.charAt(at) == name.charAt(in))) {
                at++;
                in++;
            } else if (star >= 0) {
                // Only the last star need give way: an earlier one taking more would only leave less for this one. So
                // the
                // time is bounded by the product of the lengths, whatever the pattern.
                at = star + 1;
                in = ++starIn;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        return at == text.length();
    }
}
