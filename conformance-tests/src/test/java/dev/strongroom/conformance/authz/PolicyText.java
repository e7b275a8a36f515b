package dev.strongroom.conformance.authz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Turns statements as the decision table writes them into the JSON that callers send. */
final class PolicyText {

    private PolicyText() {}

    /** A whole policy. */
    static String policy(String version, List<String> statements) {
        return "{\"Version\":\"" + version + "\",\"Statement\":[" + String.join(",", statements) + "]}";
    }

    /** {@code allow|deny WHO WHAT [on RESOURCES] [if OPERATOR KEY VALUES [and …]]}. */
    static String keyStatement(Words words) {
        var effect = effect(words);
        var who = words.next();
        boolean isNot = who.startsWith("not(");
        var principal = "\"" + (isNot ? "NotPrincipal" : "Principal") + "\":" + principals(inside(who));
        return "{" + effect + "," + principal + "," + rest(words) + "}";
    }

    /** As {@link #keyStatement}, without WHO. */
    static String identityStatement(Words words) {
        return "{" + effect(words) + "," + rest(words) + "}";
    }

    private static String effect(Words words) {
        var word = words.next();
        return switch (word) {
            case "allow" -> "\"Effect\":\"Allow\"";
            case "deny" -> "\"Effect\":\"Deny\"";
            default -> throw new IllegalArgumentException("neither allow nor deny: " + words);
        };
    }

    private static String rest(Words words) {
        var elements = new ArrayList<String>();
        elements.add(element("Action", words.next()));
        elements.add(element("Resource", words.take("on") ? words.next() : "*"));
        if (words.take("if")) {
            elements.add("\"Condition\":" + conditions(words));
        }
        if (!words.isEmpty()) {
            throw new IllegalArgumentException("more than a statement: " + words);
        }
        return String.join(",", elements);
    }

    private static String element(String name, String list) {
        if (list.equals("none")) {
            return "\"Sid\":\"no" + name + "\"";
        }
        return "\"" + (list.startsWith("not(") ? "Not" : "") + name + "\":" + strings(Words.split(inside(list), ","));
    }

    private static String inside(String list) {
        return list.startsWith("not(") ? list.substring(4, list.length() - 1) : list;
    }

    private static String conditions(Words words) {
        Map<String, Map<String, String>> operators = new LinkedHashMap<>();
        do {
            var operator = words.next();
            var key = words.next();
            var values = words.next();
            operators
                    .computeIfAbsent(operator, unseen -> new LinkedHashMap<>())
                    .put(key, values.equals("[]") ? "[]" : strings(Words.split(values, "|")));
        } while (words.take("and"));
        return operators.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":{"
                        + entry.getValue().entrySet().stream()
                                .map(condition -> "\"" + condition.getKey() + "\":" + condition.getValue())
                                .collect(Collectors.joining(","))
                        + "}")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String principals(String names) {
        if (names.equals("*")) {
            return "\"*\"";
        }
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        for (var name : Words.split(names, ",")) {
            var kind = "AWS";
            var value = name;
            if (name.contains("=")) {
                kind = name.substring(0, name.indexOf('='));
                value = name.substring(name.indexOf('=') + 1);
            } else if (Cast.isName(name)) {
                kind = Cast.named(name).role() == Cast.Role.SERVICE ? "Service" : "AWS";
                value = Cast.named(name).arn();
            }
            kinds.computeIfAbsent(kind, unseen -> new ArrayList<>()).add(value);
        }
        return kinds.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":" + strings(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String strings(List<String> strings) {
        var quoted = strings.stream()
                .map(each -> "\"" + each.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .toList();
        return quoted.size() == 1 ? quoted.get(0) : "[" + String.join(",", quoted) + "]";
    }
}
