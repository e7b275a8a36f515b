package dev.strongroom.conformance.authz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is the case when the requests of a paragraph of the decision table are made. Policies are JSON.
 *
 * @param topic of the file
 * @param title of the paragraph
 * @param key what is said about the KMS key
 * @param identity policies of users and roles by symbol
 * @param boundary the same for boundaries
 * @param session policies of sessions by symbol
 * @param traits of callers by symbol, such as {@code tag:dept} or {@code mfa}
 * @param grants in the order in which they were made
 */
record Situation(
        String topic,
        String title,
        Key key,
        Map<String, String> identity,
        Map<String, String> boundary,
        Map<String, String> session,
        Map<String, Map<String, String>> traits,
        List<GrantLine> grants) {

    /**
     * The KMS key, which is in account A.
     *
     * @param policy its policy
     * @param traits {@code spec}, {@code usage}, {@code origin}, {@code multi-region}, {@code tag:…}, {@code aliases}, {@code
     *     meant}, {@code former}
     */
    record Key(String policy, Map<String, String> traits) {

        /** Unique ids, by ARN, of those whom policy and grants mean; whoever has none goes by ARN. */
        Map<String, String> ids() {
            var ids = new LinkedHashMap<String, String>();
            named("meant").forEach(cast -> ids.put(cast.arn(), cast.uniqueId()));
            named("former")
                    .forEach(cast ->
                            ids.put(cast.arn(), cast.uniqueId().replaceFirst("^(AIDA|AROA)[A-Z]+", "$1FORMER")));
            return ids;
        }

        List<Cast> named(String trait) {
            return Words.split(traits.getOrDefault(trait, ""), ",").stream()
                    .map(Cast::named)
                    .toList();
        }
    }

    /**
     * A grant.
     *
     * @param grantee a symbol
     * @param constraints by {@code equals}, {@code subset}, {@code source}, empty where there is none
     */
    record GrantLine(String name, String grantee, List<String> operations, Map<String, String> constraints) {}

    /** A paragraph while it is read. */
    static final class Draft {

        /** What a key has of which nothing is said. */
        private static final String DEFAULT_KEY = "allow A kms:*";

        private final String topic;
        private final String title;
        private String version = "2012-10-17";
        private final List<String> keyStatements = new ArrayList<>();
        private final Map<String, String> keyTraits = new LinkedHashMap<>();
        private final Map<String, Map<String, List<String>>> policies = new LinkedHashMap<>();
        private final Map<String, Map<String, String>> traits = new LinkedHashMap<>();
        private final List<GrantLine> grants = new ArrayList<>();

        Draft(String topic, String title) {
            this.topic = topic;
            this.title = title;
        }

        /** Reads a line that is no request. */
        void read(Words words) {
            var kind = words.next();
            switch (kind) {
                case "version" -> version = words.next();
                case "key:" -> keyStatements.add(PolicyText.keyStatement(words));
                case "key" -> traits(keyTraits, words);
                case "identity", "boundary", "session" -> statement(kind, words);
                case "caller" -> traits(traits.computeIfAbsent(words.next(), unseen -> new LinkedHashMap<>()), words);
                case "grant" -> grants.add(grant(words));
                default -> throw new IllegalArgumentException("unknown kind of line: " + words);
            }
        }

        private void statement(String kind, Words words) {
            var name = words.next();
            policies.computeIfAbsent(kind, unseen -> new LinkedHashMap<>())
                    .computeIfAbsent(name.substring(0, name.length() - 1), unseen -> new ArrayList<>())
                    .add(PolicyText.identityStatement(words));
        }

        private static void traits(Map<String, String> into, Words words) {
            for (var trait : words.rest()) {
                int equals = trait.indexOf('=');
                into.put(
                        equals < 0 ? trait : trait.substring(0, equals), equals < 0 ? "" : trait.substring(equals + 1));
            }
        }

        private static GrantLine grant(Words words) {
            var name = words.next();
            if (!words.take("to")) {
                throw new IllegalArgumentException("to whom? " + words);
            }
            var grantee = words.next();
            var operations = Words.split(words.next(), ",");
            var constraints = new LinkedHashMap<String, String>();
            while (!words.isEmpty()) {
                constraints.put(words.next(), words.next());
            }
            return new GrantLine(name, grantee, operations, constraints);
        }

        Situation finish() {
            if (keyStatements.isEmpty()) {
                keyStatements.add(PolicyText.keyStatement(new Words(DEFAULT_KEY)));
            }
            return new Situation(
                    topic,
                    title,
                    new Key(PolicyText.policy(version, keyStatements), keyTraits),
                    texts("identity"),
                    texts("boundary"),
                    texts("session"),
                    traits,
                    grants);
        }

        private Map<String, String> texts(String kind) {
            var texts = new LinkedHashMap<String, String>();
            policies.getOrDefault(kind, Map.of())
                    .forEach((name, statements) -> texts.put(name, PolicyText.policy(version, statements)));
            return texts;
        }
    }
}
