package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.protocol.Bytes;

/** Reads the canonical form of {@link TrailRecord} and nothing else: what could be written in two ways is refused. */
@CanIgnoreReturnValue
final class LineScanner {

    private static final int MAX_DIGITS = 18;

    private final String text;
    private int at;

    LineScanner(String text) {
        this.text = text;
    }

    LineScanner expect(String literal) throws MalformedTrailException {
        if (!text.startsWith(literal, at)) {
            throw new MalformedTrailException("not in the form of a record");
        }
        at += literal.length();
        return this;
    }

    boolean isNext(String literal) {
        return text.startsWith(literal, at);
    }

    /** Digits without a leading zero. */
    long number() throws MalformedTrailException {
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        int digits = at - begin;
        if (digits == 0 || digits > MAX_DIGITS || (digits > 1 && text.charAt(begin) == '0')) {
            throw new MalformedTrailException("not a number");
        }
        return Long.parseLong(text, begin, at, 10);
    }

    /** A quoted text, its escapes as they stand. */
    String text() throws MalformedTrailException {
        expect("\"");
        int end = text.indexOf('"', at);
        if (end < 0) {
            throw new MalformedTrailException("a text without an end");
        }
        var content = text.substring(at, end);
        at = end + 1;
        return content;
    }

    /** So many bytes as lower-case hex, without quotes. */
    Bytes hex(int bytes) throws MalformedTrailException {
        int end = at + 2 * bytes;
        if (end > text.length()) {
            throw new MalformedTrailException("hex that is cut short");
        }
        var hex = text.substring(at, end);
        at = end;
        return hex(hex);
    }

    /** A quoted text of lower-case hex. */
    Bytes quotedHex() throws MalformedTrailException {
        return hex(text());
    }

    private static Bytes hex(String hex) throws MalformedTrailException {
        for (int i = 0; i < hex.length(); i++) {
            if ("0123456789abcdef".indexOf(hex.charAt(i)) < 0) {
                throw new MalformedTrailException("not lower-case hex");
            }
        }
        if (hex.length() % 2 != 0) {
            throw new MalformedTrailException("half a byte");
        }
        return Bytes.ofHex(hex);
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    String rest() {
        return text.substring(at);
    }

    void requireEnd() throws MalformedTrailException {
        if (at != text.length()) {
            throw new MalformedTrailException("more than a record");
        }
    }
}
