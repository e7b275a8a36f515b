package dev.strongroom.gateway.sts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the members of one form and collects what is wrong with them, in the words of AWS's shape constraints. */
final class Members {

    /** What a text has to be. */
    record Text(int min, int max, Pattern pattern) {
        static Text of(int min, int max) {
            return new Text(min, max, Pattern.compile("(?s).*"));
        }

        static Text of(int min, int max, String pattern) {
            return new Text(min, max, Pattern.compile(pattern));
        }
    }

    private final QueryForm form;
    private final String path;
    private final List<String> violations;

    Members(QueryForm form) {
        this(form, "", new ArrayList<>());
    }

    private Members(QueryForm form, String path, List<String> violations) {
        this.form = form;
        this.path = path;
        this.violations = violations;
    }

    /** Empty if it is missing, which is noted. */
    String required(String name, Text rule) {
        var value = form.find(name);
        if (value.isEmpty()) {
            violations.add("Value null at '" + path(name) + "' failed to satisfy constraint: Member must not be null");
            return "";
        }
        return checked(name, value.get(), rule);
    }

    Optional<String> optional(String name, Text rule) {
        return form.find(name).map(value -> checked(name, value, rule));
    }

    private String checked(String name, String value, Text rule) {
        if (value.length() > rule.max()) {
            violate(name, value, "Member must have length less than or equal to " + rule.max());
        } else if (value.length() < rule.min()) {
            violate(name, value, "Member must have length greater than or equal to " + rule.min());
        }
        if (!rule.pattern().matcher(value).matches()) {
            violate(name, value, "Member must satisfy regular expression pattern: " + rule.pattern());
        }
        return value;
    }

    /** Seconds; {@code otherwise} if none are given. */
    int seconds(String name, int min, int max, int otherwise) {
        var text = form.find(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        int value;
        try {
            value = Integer.parseInt(text.get());
        } catch (NumberFormatException e) {
            throw StsException.of(StsError.MALFORMED_INPUT, name + " is not a number.");
        }
        if (value > max) {
            violate(name, text.get(), "Member must have value less than or equal to " + max);
        } else if (value < min) {
            violate(name, text.get(), "Member must have value greater than or equal to " + min);
        }
        return value;
    }

    /** The elements of a list of structures; more than {@code max} are noted. */
    List<Members> list(String name, int max) {
        var elements = new ArrayList<Members>();
        var forms = form.list(name);
        if (forms.size() > max) {
            violate(name, "[" + forms.size() + "]", "Member must have length less than or equal to " + max);
        }
        for (int i = 0; i < Math.min(forms.size(), max); i++) {
            elements.add(new Members(forms.get(i), path(name) + "." + (i + 1) + ".member.", violations));
        }
        return elements;
    }

    /** The elements of a list of texts; more than {@code max} are noted. */
    List<String> texts(String name, int max, Text rule) {
        return list(name, max).stream()
                .map(element -> element.required("", rule))
                .toList();
    }

    private void violate(String name, String value, String sentence) {
        violations.add("Value '" + value + "' at '" + path(name) + "' failed to satisfy constraint: " + sentence);
    }

    private String path(String name) {
        if (name.isEmpty()) {
            return path.substring(0, path.length() - 1);
        }
        return path + name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    /** @throws StsException ValidationError with everything collected, if there is anything */
    void check() {
        if (!violations.isEmpty()) {
            var count = violations.size() == 1 ? "1 validation error" : violations.size() + " validation errors";
            throw StsException.of(StsError.VALIDATION_ERROR, count + " detected: " + String.join("; ", violations));
        }
    }
}
