package dev.strongroom.conformance.authz;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A request and what becomes of it.
 *
 * @param caller a symbol
 * @param action such as {@code Encrypt}
 * @param target {@code key}, {@code ciphertext}, {@code any}, or an alias name for the alias itself
 * @param via the alias by which the key is named; empty if it is not
 * @param context the encryption context
 * @param facts other condition keys, several values parted by {@code |}
 * @param outcome {@code allow}, {@code allow by GRANT}, or the reason for a refusal
 */
record DecisionRow(
        Situation situation,
        String line,
        Cast caller,
        String action,
        String target,
        String via,
        Map<String, String> context,
        Map<String, String> facts,
        String outcome) {

    /** {@code CALLER ACTION [on TARGET] [via ALIAS] [NAME=VALUES …] -> OUTCOME}. */
    static DecisionRow of(Situation situation, String line) {
        int arrow = line.lastIndexOf("->");
        var words = new Words(line.substring(0, arrow));
        var caller = Cast.named(words.next());
        var action = words.next();
        var target = words.take("on") ? words.next() : "key";
        var via = words.take("via") ? words.next() : "";
        var context = new LinkedHashMap<String, String>();
        var facts = new LinkedHashMap<String, String>();
        for (var fact : words.rest()) {
            int equals = fact.indexOf('=');
            var name = fact.substring(0, equals);
            (name.startsWith("ctx:") ? context : facts).put(name.replaceFirst("^ctx:", ""), fact.substring(equals + 1));
        }
        return new DecisionRow(
                situation,
                line.strip(),
                caller,
                action,
                target,
                via,
                context,
                facts,
                line.substring(arrow + 2).strip());
    }

    /** The same row in other words. */
    DecisionRow written(UnaryOperator<String> words) {
        return of(situation, words.apply(line));
    }

    List<String> values(String lowerCaseName) {
        return facts.entrySet().stream()
                .filter(fact -> fact.getKey().equalsIgnoreCase(lowerCaseName))
                .flatMap(fact -> Words.split(fact.getValue(), "|").stream())
                .toList();
    }

    @Override
    public String toString() {
        return situation.topic() + " / " + situation.title() + " / " + line;
    }
}
