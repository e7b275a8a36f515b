package dev.strongroom.gateway.authz;

import dev.strongroom.gateway.authz.PolicyDocument.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A text of a policy in which <code>${key}</code> stands for the request's value of a condition key, <code>${key,
 * 'text'}</code> for the same or, where the request has none, for a text, and <code>${*}</code>, <code>${?}</code>,
 * <code>${$}</code> for those characters (IAM user guide, "Policy variables and tags"). Only policies of version 2012-10-17
 * have variables; in older ones the same characters mean themselves.
 *
 * <p>A variable without a value, or with several, makes a text that nothing equals. What a variable brings in is never a
 * wildcard: whoever chooses the value must not choose what it matches.
 */
final class Template {

    private static final String OPEN = "${";

    /** Characters that mean themselves or, where wildcards count, are wildcards. */
    private sealed interface Piece {}

    private record Written(String text) implements Piece {}

    private record Literal(String text) implements Piece {}

    private record Variable(String key, @Nullable String otherwise) implements Piece {}

    private final List<Piece> pieces;
    private final Optional<String> constant;
    private final Optional<WildcardPattern> constantPattern;

    private Template(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
        boolean isConstant = pieces.stream().noneMatch(Variable.class::isInstance);
        this.constant = isConstant ? resolve(Template::unknown) : Optional.empty();
        this.constantPattern = isConstant ? resolvePattern(Template::unknown) : Optional.empty();
    }

    static Template of(String text, Version version) {
        return new Template(version == Version.V2012_10_17 ? pieces(text) : List.of(new Written(text)));
    }

    private static List<Piece> pieces(String text) {
        var pieces = new ArrayList<Piece>();
        int written = 0;
        int open = text.indexOf(OPEN);
        while (open >= 0) {
            int close = text.indexOf('}', open);
            if (close < 0) {
                break;
            }
            pieces.add(new Written(text.substring(written, open)));
            pieces.add(variable(text.substring(open + OPEN.length(), close)));
            written = close + 1;
            open = text.indexOf(OPEN, written);
        }
        pieces.add(new Written(text.substring(written)));
        return pieces;
    }

    private static Piece variable(String inside) {
        if (inside.equals("*") || inside.equals("?") || inside.equals("$")) {
            return new Literal(inside);
        }
        int comma = inside.indexOf(',');
        if (comma < 0) {
            return new Variable(inside.strip().toLowerCase(Locale.ROOT), null);
        }
        var otherwise = inside.substring(comma + 1).strip();
        boolean isQuoted = otherwise.length() >= 2 && otherwise.startsWith("'") && otherwise.endsWith("'");
        return new Variable(
                inside.substring(0, comma).strip().toLowerCase(Locale.ROOT),
                isQuoted ? otherwise.substring(1, otherwise.length() - 1) : null);
    }

    boolean isConstant() {
        return constant.isPresent();
    }

    /** The text for one request, in which no character is a wildcard; empty if a variable has no value. */
    Optional<String> text(Facts facts) {
        return constant.isPresent() ? constant : resolve(key -> facts.variable(key));
    }

    /** The pattern for one request; empty if a variable has no value. */
    Optional<WildcardPattern> pattern(Facts facts) {
        return constantPattern.isPresent() ? constantPattern : resolvePattern(key -> facts.variable(key));
    }

    /** As {@link #pattern}, as the symbols of a {@link WildcardPattern}. */
    Optional<int[]> symbols(Facts facts) {
        return resolveSymbols(key -> facts.variable(key));
    }

    /** The pattern of a {@link #isConstant constant} template. */
    WildcardPattern constantPattern() {
        return constantPattern.orElseThrow();
    }

    /** The symbols of a {@link #isConstant constant} template. */
    int[] constantSymbols() {
        return resolveSymbols(Template::unknown).orElseThrow();
    }

    private static Optional<String> unknown(String key) {
        throw new IllegalStateException("a text without variables asked for " + key);
    }

    private interface Values {
        Optional<String> find(String key);
    }

    private Optional<String> resolve(Values values) {
        var text = new StringBuilder();
        for (var piece : pieces) {
            var part = text(piece, values);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            text.append(part.get());
        }
        return Optional.of(text.toString());
    }

    private Optional<WildcardPattern> resolvePattern(Values values) {
        return resolveSymbols(values).map(WildcardPattern::of);
    }

    private Optional<int[]> resolveSymbols(Values values) {
        var symbols = IntStream.builder();
        for (var piece : pieces) {
            var part = text(piece, values);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            boolean isWritten = piece instanceof Written;
            part.get()
                    .chars()
                    .map(c -> isWritten ? WildcardPattern.symbol(c) : c)
                    .forEach(symbols);
        }
        return Optional.of(symbols.build().toArray());
    }

    private static Optional<String> text(Piece piece, Values values) {
        if (piece instanceof Written written) {
            return Optional.of(written.text);
        } else if (piece instanceof Literal literal) {
            return Optional.of(literal.text);
        }
        var variable = (Variable) piece;
        var value = values.find(variable.key);
        return value.isPresent() ? value : Optional.ofNullable(variable.otherwise);
    }
}
