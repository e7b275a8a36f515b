package dev.strongroom.gateway.sts;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members of a request in the AWS Query protocol: {@code name=value&…} with percent escapes in UTF-8; lists as {@code
 * Name.member.1}, structures in them as {@code Name.member.1.Member}.
 */
public final class QueryForm {

    /** More members than the longest request of any action has. */
    private static final int MAX_MEMBERS = 512;

    private final Map<String, String> members;

    private QueryForm(Map<String, String> members) {
        this.members = members;
    }

    /**
     * Reads the query string and the body of a request: members may stand in either.
     *
     * <p>A plus sign is a space in a body. In a query string it is itself, since signatures do not tell it from its escape:
     * whoever passes a request on could write one for the other.
     *
     * @throws StsException MalformedInput if one is no form, or something is said twice
     */
    public static QueryForm parse(String query, byte[] body) {
        var members = new LinkedHashMap<String, String>();
        read(query.replace("+", "%2B"), members);
        read(new String(body, StandardCharsets.UTF_8), members);
        return new QueryForm(members);
    }

    private static void read(String text, Map<String, String> members) {
        if (text.isEmpty()) {
            return;
        }
        for (var piece : text.split("&", MAX_MEMBERS + 1)) {
            int equals = piece.indexOf('=');
            var name = decoded(equals < 0 ? piece : piece.substring(0, equals));
            var value = decoded(equals < 0 ? "" : piece.substring(equals + 1));
            if (members.size() == MAX_MEMBERS || members.put(name, value) != null) {
                throw StsException.of(StsError.MALFORMED_INPUT, "A parameter is given twice, or there are too many.");
            }
        }
    }

    private static String decoded(String escaped) {
        try {
            return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw StsException.of(StsError.MALFORMED_INPUT, "The request is not a URL-encoded form.");
        }
    }

    /** Empty if it is not given; given as nothing is another thing. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /**
     * The elements {@code name.member.1…}, each as a form of its own; an element that is a string has the name "".
     *
     * @throws StsException MalformedInput if elements are numbered otherwise: a list may limit what a session can do, and
     *     nothing of it must get lost
     */
    public List<QueryForm> list(String name) {
        var elements = wellNumbered(name);
        int read = elements.stream().mapToInt(element -> element.members.size()).sum();
        long given = members.keySet().stream()
                .filter(member -> member.startsWith(name + "."))
                .count();
        // The name alone is an empty list.
        if (read < given || !members.getOrDefault(name, "").isEmpty()) {
            throw StsException.of(
                    StsError.MALFORMED_INPUT,
                    "The elements of " + name + " are not numbered " + name + ".member.1 and on.");
        }
        return elements;
    }

    /** The elements {@code name.member.1} and on, whatever else there may be. */
    public List<QueryForm> wellNumbered(String name) {
        var elements = new ArrayList<QueryForm>();
        for (var element = element(name, 1); !element.isEmpty(); element = element(name, elements.size() + 1)) {
            elements.add(new QueryForm(element));
        }
        return List.copyOf(elements);
    }

    private Map<String, String> element(String name, int number) {
        var prefix = name + ".member." + number;
        var element = new LinkedHashMap<String, String>();
        members.forEach((member, value) -> {
            if (member.equals(prefix)) {
                element.put("", value);
            } else if (member.startsWith(prefix + ".")) {
                element.put(member.substring(prefix.length() + 1), value);
            }
        });
        return element;
    }

    @Override
    public String toString() {
        return members.keySet().toString();
    }
}
