package dev.strongroom.gateway.authz;

import java.util.Arrays;

/**
 * What ArnEquals and ArnLike compare with, which are one and the same: each of the six parts between colons for itself,
 * each with wildcards of its own (IAM user guide, "Amazon Resource Name (ARN) condition operators"). So a star does not
 * reach over a colon, save in the last part. A text with fewer parts is no ARN, and fits none.
 */
final class ArnPattern {

    private static final int PARTS = 6;

    private static final WildcardPattern[] NONE = {};

    private final WildcardPattern[] parts;

    ArnPattern(String text) {
        this(WildcardPattern.symbols(text));
    }

    ArnPattern(int[] symbols) {
        this.parts = parts(symbols);
    }

    private static WildcardPattern[] parts(int[] symbols) {
        var parts = new WildcardPattern[PARTS];
        int start = 0;
        for (int part = 0; part < PARTS; part++) {
            int end = part == PARTS - 1 ? symbols.length : colon(symbols, start);
            if (end < 0) {
                return NONE;
            }
            parts[part] = WildcardPattern.of(Arrays.copyOfRange(symbols, start, end));
            start = end + 1;
        }
        return parts;
    }

    private static int colon(int[] symbols, int start) {
        for (int i = start; i < symbols.length; i++) {
            if (symbols[i] == ':') {
                return i;
            }
        }
        return -1;
    }

    boolean matches(String arn, Effort effort) {
        if (parts.length == 0) {
            return false;
        }
        int start = 0;
        for (int part = 0; part < PARTS; part++) {
            int end = part == PARTS - 1 ? arn.length() : arn.indexOf(':', start);
            if (end < 0 || !parts[part].matches(arn.substring(start, end), effort)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }
}
