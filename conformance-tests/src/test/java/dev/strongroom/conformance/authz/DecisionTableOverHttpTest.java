package dev.strongroom.conformance.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The decision table through HTTP, the gateway, the HSM and back: each row is a signed request, its refusal is compared to
 * the letter. Requests go to two gateways in turn.
 */
class DecisionTableOverHttpTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the caller of a request has no say in. */
    private static final Set<String> NOT_SAID = Set.of(
            "aws:sourceip",
            "aws:sourcearn",
            "aws:username",
            "aws:principalservicename",
            "aws:multifactorauthpresent",
            "kms:requestalias",
            "kms:grantisforawsresource");

    private static final Set<String> DEFAULTS = Set.of(
            "kms:schedulekeydeletionpendingwindowindays",
            "kms:rotationperiodindays",
            "kms:bypasspolicylockoutsafetycheck");

    private final List<String> wrong = new ArrayList<>();
    private final Map<String, Integer> left = new TreeMap<>();
    private int compared;

    @Test
    void everyRowThatARequestCanSay() throws Exception {
        var paragraphs = new LinkedHashMap<Situation, List<DecisionRow>>();
        DecisionTable.rows()
                .forEach(row -> paragraphs
                        .computeIfAbsent(row.situation(), unseen -> new ArrayList<>())
                        .add(row));
        try (var stage = new LiveStage();
                var helper = LiveKey.of(stage, open())) {
            for (var paragraph : paragraphs.entrySet()) {
                if (!LiveKey.isMakeable(paragraph.getKey())) {
                    left.merge(
                            "a key that has to be imported first",
                            paragraph.getValue().size(),
                            Integer::sum);
                    continue;
                }
                try (var key = LiveKey.of(stage, paragraph.getKey())) {
                    stage.play(paragraph.getKey(), key);
                    paragraph.getValue().forEach(row -> ask(stage, row.written(key::written), key, helper));
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(compared >= 750, () -> "only " + compared + " rows were compared, left out: " + left);
    }

    /** A key of which everybody may do everything. */
    private static Situation open() {
        var draft = new Situation.Draft("help", "help");
        draft.read(new Words("key: allow * kms:*"));
        return draft.finish();
    }

    private void ask(LiveStage stage, DecisionRow row, LiveKey key, LiveKey helper) {
        var reason = unsayable(row);
        if (reason.isPresent()) {
            left.merge(reason.get(), 1, Integer::sum);
            return;
        }
        stage.setClock(
                row.values("now").stream().findFirst().map(Instant::parse).orElse(Evaluation.NOW));
        var request = new LiveRequest(row, key, helper);
        var answer = read(
                request.send(stage.nextGateway(), stage.credentials(row.situation(), key, row.caller()), stage.clock())
                        .body());
        compare(row, key, answer);
    }

    private void compare(DecisionRow row, LiveKey key, JsonNode answer) {
        var code = answer.path("__type").asText();
        var text = answer.path("Message").asText(answer.path("message").asText());
        boolean isDenied = code.equals("AccessDeniedException");
        boolean isAsked = text.startsWith(DecisionTableTest.expectedStart(row))
                && (row.target().equals("ciphertext") || text.contains(" " + resource(row, key) + " "));
        if (isDenied && !isAsked) {
            left.merge("another permission was missing", 1, Integer::sum);
            return;
        }
        if (!isDenied && !row.outcome().startsWith("allow") && code.endsWith("NotFoundException")) {
            left.merge("what it is about is not there", 1, Integer::sum);
            return;
        }
        compared++;
        var expected = key.written(DecisionTableTest.expected(row));
        var actual = isDenied ? text : isOfSignature(code) ? code + text : "allow";
        if (!actual.equals(expected.startsWith("allow") ? "allow" : expected)) {
            wrong.add(row + "\n   expected " + expected + "\n   answered " + answer);
        }
    }

    private static boolean isOfSignature(String code) {
        return Set.of(
                        "UnrecognizedClientException",
                        "InvalidSignatureException",
                        "ExpiredTokenException",
                        "IncompleteSignatureException",
                        "ThrottlingException",
                        "KMSInternalException",
                        "SerializationException")
                .contains(code);
    }

    private static String resource(DecisionRow row, LiveKey key) {
        return switch (row.target()) {
            case "any" -> "*";
            case "key" -> key.arn();
            default -> "arn:aws:kms:eu-west-1:111122223333:" + row.target();
        };
    }

    /** Why no request can be what a row is about; empty if one can. */
    private static Optional<String> unsayable(DecisionRow row) {
        var situation = row.situation();
        var role = row.caller().role();
        var policies = (situation.key().policy() + situation.identity() + situation.boundary() + situation.session())
                .toLowerCase(Locale.ROOT);
        if (role == Cast.Role.FEDERATED || role == Cast.Role.SERVICE) {
            return Optional.of("a caller of a kind that has no credentials here");
        }
        if (row.action().contains("CustomKeyStore")) {
            return Optional.of("an operation that is not built");
        }
        if (row.facts().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(NOT_SAID::contains)) {
            return Optional.of("a fact that no request states");
        }
        if (policies.replace(DecisionTable.KEY_ID, "").contains(DecisionTable.KEY_ID.substring(0, 4))) {
            return Optional.of("a part of a key id");
        }
        boolean isFraction = row.facts().entrySet().stream()
                .anyMatch(fact ->
                        fact.getKey().endsWith("InDays") && !fact.getValue().matches("[0-9]{1,4}"));
        if (isFraction) {
            return Optional.of("a number of days that is none");
        }
        if (policies.contains("aws:sourceip")) {
            return Optional.of("an address of the network");
        }
        if (policies.contains("aws:securetransport")
                && !row.values("aws:securetransport").contains("false")) {
            return Optional.of("TLS");
        }
        if (policies.contains("aws:useragent") && row.values("aws:useragent").isEmpty()) {
            return Optional.of("a client without a name");
        }
        if (DEFAULTS.stream()
                .anyMatch(name -> policies.contains(name) && row.values(name).isEmpty())) {
            return Optional.of("a member left out that stands for a value then");
        }
        if (role == Cast.Role.SESSION
                && row.values("now").stream().anyMatch(time -> !time.startsWith("2026-11-26T12"))) {
            return Optional.of("a session that is over");
        }
        return row.action().equals("CreateGrant") && !situation.grants().isEmpty()
                ? Optional.of("a grant whose terms the row does not tell")
                : Optional.empty();
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body.isEmpty() ? "{}" : body);
        } catch (IOException e) {
            throw new AssertionError(body, e);
        }
    }
}
