package dev.strongroom.conformance.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/**
 * The decision table through HTTP, the gateway, the HSM and back: each row is a signed request, its refusal is compared to
 * the letter. Requests go to two gateways in turn.
 */
class DecisionTableOverHttpTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the caller of a request has no say in. */
    private static final Set<String> NOT_SAID = Set.of(
            "aws:sourcearn",
            "aws:username",
            "aws:principalservicename",
            "aws:multifactorauthpresent",
            "kms:requestalias",
            "kms:grantisforawsresource");

    /** What members that a request leaves out stand for, by action. */
    private static final Map<String, Map<String, String>> DEFAULTS = Map.of(
            "ScheduleKeyDeletion", Map.of("kms:ScheduleKeyDeletionPendingWindowInDays", "30"),
            "EnableKeyRotation", Map.of("kms:RotationPeriodInDays", "365"),
            "PutKeyPolicy", Map.of("kms:BypassPolicyLockoutSafetyCheck", "false"),
            "CreateKey", Map.of("kms:BypassPolicyLockoutSafetyCheck", "false"),
            "ReplicateKey", Map.of("kms:BypassPolicyLockoutSafetyCheck", "false"));

    /**
     * Of what a request that is allowed may still fail, by action: a key of another kind or state, a ciphertext that nobody
     * made, a name that an earlier row took. All of these are found after the decision, as the rows that refuse the same
     * action of the same key show: theirs is the refusal.
     */
    private static final Map<String, Set<String>> AFTERWARDS = Map.ofEntries(
            Map.entry("CreateAlias", Set.of("AlreadyExistsException")),
            Map.entry("Decapsulate", Set.of("InvalidKeyUsageException")),
            Map.entry("Decrypt", Set.of("InvalidCiphertextException")),
            Map.entry("DeriveSharedSecret", Set.of("InvalidKeyUsageException")),
            Map.entry("Encapsulate", Set.of("InvalidKeyUsageException")),
            Map.entry("GenerateMac", Set.of("InvalidKeyUsageException")),
            Map.entry("GetParametersForImport", Set.of("UnsupportedOperationException")),
            Map.entry("GetPublicKey", Set.of("UnsupportedOperationException")),
            Map.entry("ImportKeyMaterial", Set.of("UnsupportedOperationException")),
            Map.entry("PutKeyPolicy", Set.of("MalformedPolicyDocumentException")),
            Map.entry("ReEncryptFrom", Set.of("InvalidCiphertextException")),
            Map.entry("ReEncryptTo", Set.of("InvalidCiphertextException")),
            Map.entry("ReplicateKey", Set.of("UnsupportedOperationException")),
            Map.entry("RevokeGrant", Set.of("NotFoundException")),
            Map.entry("ScheduleKeyDeletion", Set.of("KMSInvalidStateException")),
            Map.entry("Sign", Set.of("InvalidKeyUsageException", "KMSInvalidStateException")),
            Map.entry("UpdatePrimaryRegion", Set.of("UnsupportedOperationException")),
            Map.entry("Verify", Set.of("InvalidKeyUsageException")),
            Map.entry("VerifyMac", Set.of("InvalidKeyUsageException")));

    private static final String VERSION_6 = "0:0:0:0:0:0:0:1";

    @TempDir
    private Path folder;

    /** All but those that no request states; which they are is counted by reason. */
    private static final int LEAST = 880;

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
        try (var stage = new LiveStage(folder);
                var helper = LiveKey.of(stage, open())) {
            for (var paragraph : paragraphs.entrySet()) {
                try (var key = LiveKey.of(stage, paragraph.getKey())) {
                    stage.play(paragraph.getKey(), key);
                    paragraph.getValue().forEach(row -> ask(stage, row, key, helper));
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(compared >= LEAST, () -> "only " + compared + " rows were compared, left out: " + left);
        System.out.println(compared + " rows were compared, left out: " + left);
    }

    /** A key of which everybody may do everything. */
    private static Situation open() {
        var draft = new Situation.Draft("help", "help");
        draft.read(new Words("key: allow * kms:*"));
        return draft.finish();
    }

    private void ask(LiveStage stage, DecisionRow asTold, LiveKey key, LiveKey helper) {
        var reason = unsayable(asTold);
        var row = asTold.written(key::written);
        var gateway = gateway(stage, row);
        if (reason.isPresent() || gateway.isEmpty()) {
            left.merge(reason.orElse("an address that this machine has not"), 1, Integer::sum);
            return;
        }
        stage.setClock(
                row.values("now").stream().findFirst().map(Instant::parse).orElse(Evaluation.NOW));
        var credentials = stage.credentials(row.situation(), key, row.caller());
        var body = new LiveRequest(row, key, helper).send(stage.client(), gateway.get(), credentials, stage.clock());
        compare(row, key, read(body));
    }

    /** By TLS where a policy asks for it, unless the row says that there is none. */
    private static Optional<URI> gateway(LiveStage stage, DecisionRow row) {
        if (row.values("aws:sourceip").contains(VERSION_6)) {
            return stage.gatewayOnVersion6();
        }
        boolean isByTls = policies(row.situation()).contains("aws:securetransport")
                && !row.values("aws:securetransport").contains("false");
        return Optional.of(isByTls ? stage.gatewayBehindTls() : stage.nextGateway());
    }

    private static String policies(Situation situation) {
        return (situation.key().policy() + situation.identity() + situation.boundary() + situation.session())
                .toLowerCase(Locale.ROOT);
    }

    private void compare(DecisionRow row, LiveKey key, JsonNode answer) {
        var code = answer.path("__type").asText();
        var text = answer.path("Message").asText(answer.path("message").asText());
        compared++;
        var expected = key.written(told(row));
        boolean isAllowed = code.isEmpty()
                || AFTERWARDS.getOrDefault(row.action(), Set.of()).contains(code);
        var actual = isAllowed ? "allow" : code.equals("AccessDeniedException") ? text : code + ": " + text;
        if (!actual.equals(expected.startsWith("allow") ? "allow" : expected)) {
            wrong.add(row + "\n   expected " + expected + "\n   answered " + answer);
        }
    }

    /** A key of another account that denies is told in the words for one that is not there. */
    private static String told(DecisionRow row) {
        var text = DecisionTableTest.expected(row);
        boolean isForeign = !row.caller().accountId().equals(Cast.A_ROOT.accountId());
        return isForeign
                ? text.replace(
                        "with an explicit deny in a resource-based policy",
                        "because no resource-based policy allows the kms:" + row.action() + " action")
                : text;
    }

    /** Why no request can be what a row is about; empty if one can. */
    private static Optional<String> unsayable(DecisionRow row) {
        var role = row.caller().role();
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
        if (row.values("aws:sourceip").stream()
                .anyMatch(address -> address.contains(":") && !address.equals(VERSION_6))) {
            return Optional.of("an address that this machine has not");
        }
        return silent(row).entrySet().stream()
                .filter(fact -> changes(row, fact))
                .map(fact -> "a request without " + fact.getKey())
                .findFirst();
    }

    /** What every request says that does not say anything else. */
    private static Map<String, String> silent(DecisionRow row) {
        var facts = new TreeMap<>(DEFAULTS.getOrDefault(row.action(), Map.of()));
        facts.put("aws:SourceIp", "127.0.0.1");
        facts.keySet()
                .removeIf(name -> !row.values(name.toLowerCase(Locale.ROOT)).isEmpty());
        return facts;
    }

    /** Whether it is decided by the absence of a fact. */
    private static boolean changes(DecisionRow row, Map.Entry<String, String> fact) {
        var facts = new LinkedHashMap<>(row.facts());
        facts.put(fact.getKey(), fact.getValue());
        var said = new DecisionRow(
                row.situation(),
                row.line(),
                row.caller(),
                row.action(),
                row.target(),
                row.via(),
                row.context(),
                facts,
                row.outcome());
        return !DecisionTableTest.actual(Evaluation.verdict(said)).equals(DecisionTableTest.expected(row));
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body.isEmpty() ? "{}" : body);
        } catch (IOException e) {
            throw new AssertionError(body, e);
        }
    }
}
