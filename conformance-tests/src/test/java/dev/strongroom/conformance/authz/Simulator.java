package dev.strongroom.conformance.authz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An independent simulator of IAM, from npm, as a program that is asked about many rows at once. */
final class Simulator {

    private static final Path FOLDER = Path.of("src/test/javascript/oracle").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The simulator takes no condition key with a name of the user's choice behind a colon, only behind a slash. So it is
     * asked about tags of the principal in the place of the encryption context; how they are compared is the same.
     */
    private static final Pattern CONTEXT = Pattern.compile("kms:EncryptionContext:", Pattern.CASE_INSENSITIVE);

    private static final String AS_TAG = "aws:PrincipalTag/context-";

    /** What a root has by itself and the simulator wants to see. */
    private static final String EVERYTHING =
            "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}";

    private Simulator() {}

    /** Why it cannot be asked; empty if it can. */
    static String absence() {
        try {
            if (new ProcessBuilder("node", "--version").start().waitFor() != 0) {
                return "node does not work";
            }
        } catch (IOException e) {
            return "there is no node";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return Files.isDirectory(FOLDER.resolve("node_modules")) ? "" : "run npm ci in " + FOLDER + " first";
    }

    /** For each row {@code Allowed}, {@code ExplicitlyDenied}, {@code ImplicitlyDenied} or an error. */
    static List<String> results(List<DecisionRow> rows) {
        try {
            var questions = Files.createTempFile("simulations", ".jsonl");
            var lines = new ArrayList<String>();
            for (int i = 0; i < rows.size(); i++) {
                lines.add(JSON.writeValueAsString(Map.of("id", i, "simulation", simulation(rows.get(i)))));
            }
            Files.write(questions, lines);
            var process = new ProcessBuilder(
                            "node", FOLDER.resolve("oracle.mjs").toString())
                    .redirectInput(questions.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var answers = new String(process.getInputStream().readAllBytes(), UTF_8);
            Files.delete(questions);
            return answers.lines().map(Simulator::result).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String result(String answer) {
        try {
            return JSON.readTree(answer).get("result").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> simulation(DecisionRow row) throws IOException {
        var situation = row.situation();
        var owner = row.caller().issuer().orElse(row.caller()).symbol();
        var simulation = new LinkedHashMap<String, Object>();
        simulation.put(
                "request",
                Map.of(
                        "principal",
                        row.caller().arn(),
                        "action",
                        "kms:" + row.action(),
                        "resource",
                        Map.of("resource", resource(row), "accountId", account(row)),
                        "contextVariables",
                        context(row)));
        simulation.put(
                "identityPolicies",
                named(
                        row.caller().role() == Cast.Role.ROOT
                                ? EVERYTHING
                                : situation.identity().get(owner)));
        simulation.put("serviceControlPolicies", List.of());
        simulation.put("resourceControlPolicies", List.of());
        if (row.target().equals("key") || row.target().equals("ciphertext")) {
            simulation.put("resourcePolicy", policy(withoutFormer(situation.key())));
        }
        var boundary = situation.boundary().get(owner);
        if (boundary != null) {
            simulation.put("permissionBoundaryPolicies", named(boundary));
        }
        var session = situation.session().get(row.caller().symbol());
        if (session != null) {
            simulation.put("sessionPolicy", policy(session));
        }
        return simulation;
    }

    private static List<Map<String, Object>> named(@Nullable String policy) throws IOException {
        return policy == null ? List.of() : List.of(Map.of("name", "policy", "policy", policy(policy)));
    }

    /** The simulator knows no unique ids: who is gone has a name there that nobody has. */
    private static String withoutFormer(Situation.Key key) {
        var text = key.policy();
        for (var former : key.named("former")) {
            text = text.replaceAll(
                    "(Principal\":\\{\"AWS\":[^}]*)\"" + Pattern.quote(former.arn()) + "\"",
                    "$1\"" + former.arn() + "-former\"");
        }
        return text;
    }

    private static Object policy(String text) throws IOException {
        return JSON.readTree(CONTEXT.matcher(text).replaceAll(AS_TAG));
    }

    private static String resource(DecisionRow row) {
        return switch (row.target()) {
            case "any" -> "*";
            case "key", "ciphertext" -> DecisionTable.KEY_ARN;
            default -> "arn:aws:kms:eu-west-1:111122223333:" + row.target();
        };
    }

    private static String account(DecisionRow row) {
        return row.target().equals("any") ? row.caller().accountId() : Cast.A_ROOT.accountId();
    }

    /** The condition keys of a request; the evaluator finds them for itself, the simulator is told. */
    private static Map<String, Object> context(DecisionRow row) {
        var caller = row.caller();
        var context = new TreeMap<String, Object>(String.CASE_INSENSITIVE_ORDER);
        row.facts().forEach((name, value) -> {
            var values = Words.split(value, "|");
            boolean isList = name.equals("aws:TagKeys") || name.equals("kms:GrantOperations");
            context.put(name, isList ? values : value);
        });
        context.remove("now");
        boolean isSession = caller.role() == Cast.Role.SESSION;
        context.put(
                "aws:PrincipalArn", isSession ? caller.issuer().orElseThrow().arn() : caller.arn());
        context.put("aws:PrincipalAccount", caller.accountId());
        context.put("kms:CallerAccount", caller.accountId());
        context.put("aws:userid", caller.uniqueId());
        context.put(
                "aws:PrincipalType",
                switch (caller.role()) {
                    case ROOT -> "Account";
                    case USER -> "User";
                    case FEDERATED -> "FederatedUser";
                    default -> "AssumedRole";
                });
        if (caller.role() == Cast.Role.USER) {
            context.put("aws:username", caller.arn().substring(caller.arn().lastIndexOf('/') + 1));
        }
        context.put("aws:PrincipalIsAWSService", "false");
        context.put("aws:ViaAWSService", "false");
        context.putIfAbsent("aws:SecureTransport", "true");
        context.put("aws:RequestedRegion", DecisionTable.REGION);
        context.put("aws:ResourceAccount", account(row));
        var now = row.values("now").stream().findFirst().orElse(Evaluation.NOW.toString());
        context.put("aws:CurrentTime", now);
        context.put("aws:EpochTime", Long.toString(Instant.parse(now).getEpochSecond()));
        row.context().forEach((key, value) -> context.put(AS_TAG + key, value));
        if (!row.context().isEmpty()) {
            context.put("kms:EncryptionContextKeys", List.copyOf(row.context().keySet()));
        }
        traits(row, context);
        key(row, context);
        return context;
    }

    private static void traits(DecisionRow row, Map<String, Object> context) {
        var caller = row.caller();
        var all = row.situation().traits();
        var own = all.getOrDefault(caller.symbol(), Map.of());
        var ofOwner = all.getOrDefault(caller.issuer().orElse(caller).symbol(), Map.of());
        ofOwner.forEach((name, value) -> put(context, "tag:", "aws:PrincipalTag/", name, value));
        own.forEach((name, value) -> put(context, "session-tag:", "aws:PrincipalTag/", name, value));
        if (caller.role() == Cast.Role.SESSION || own.containsKey("session")) {
            context.put("aws:TokenIssueTime", Evaluation.NOW.minusSeconds(600).toString());
            context.put("aws:MultiFactorAuthPresent", Boolean.toString(own.containsKey("mfa")));
        }
        if (own.containsKey("mfa")) {
            var now = Instant.parse((String) context.getOrDefault("aws:CurrentTime", ""));
            context.put(
                    "aws:MultiFactorAuthAge",
                    Long.toString(now.getEpochSecond()
                            - Evaluation.NOW.minusSeconds(300).getEpochSecond()));
        }
        if (own.containsKey("source-identity")) {
            context.put("aws:SourceIdentity", own.get("source-identity"));
        }
        if (caller == Cast.WEB_W1) {
            context.put("aws:FederatedProvider", Cast.PROVIDER);
        }
    }

    private static void put(Map<String, Object> context, String prefix, String key, String name, String value) {
        if (name.startsWith(prefix)) {
            context.put(key + name.substring(prefix.length()), value);
        }
    }

    private static void key(DecisionRow row, Map<String, Object> context) {
        if (!row.target().equals("key") && !row.target().equals("ciphertext")) {
            return;
        }
        var traits = row.situation().key().traits();
        context.put("kms:KeySpec", traits.getOrDefault("spec", "SYMMETRIC_DEFAULT"));
        context.put("kms:KeyUsage", traits.getOrDefault("usage", "ENCRYPT_DECRYPT"));
        context.put("kms:KeyOrigin", traits.getOrDefault("origin", "AWS_KMS"));
        context.put("kms:MultiRegion", Boolean.toString(traits.containsKey("multi-region")));
        if (traits.containsKey("multi-region")) {
            context.put("kms:MultiRegionKeyType", traits.get("multi-region"));
        }
        traits.forEach((name, value) -> put(context, "tag:", "aws:ResourceTag/", name, value));
        if (traits.containsKey("aliases")) {
            context.put("kms:ResourceAliases", Words.split(traits.get("aliases"), ","));
        }
        if (!row.via().isEmpty()) {
            context.put("kms:RequestAlias", row.via());
        }
    }
}
