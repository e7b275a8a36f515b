package dev.strongroom.conformance.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.gateway.admin.AdminAction;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every action of the token service and every act of administration, success and failure: each has its line in the log, and
 * no line holds a secret access key or a token.
 */
class LoggedSessionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCOUNT = "000000000000";
    private static final String ROLE = "arn:aws:iam::" + ACCOUNT + ":role/job";
    private static final String POLICY =
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:*\",\"Resource\":\"*\"}}";
    private static final Pattern XML_SECRET = Pattern.compile("<(SecretAccessKey|SessionToken)>([^<]+)<");
    private static final Pattern XML_CODE = Pattern.compile("<Code>([^<]+)<");

    @TempDir
    private Path folder;

    private final Canaries secrets = new Canaries();
    private final List<Executable> checks = new ArrayList<>();

    /** One act of administration, what it says by name. */
    private static Map<String, Object> act(String kindAndVerb, Object... members) {
        var act = new LinkedHashMap<String, Object>();
        var words = kindAndVerb.split(" ", 2);
        act.put("kind", words[0]);
        act.put("verb", words[1]);
        for (int i = 0; i < members.length; i += 2) {
            act.put((String) members[i], members[i + 1]);
        }
        return act;
    }

    /** Everything but the accounts and access keys, in an order in which each succeeds. */
    private static List<Map<String, Object>> acts(String keys) {
        var acts = new ArrayList<Map<String, Object>>();
        acts.add(act("account get"));
        acts.add(act("account close"));
        acts.add(act("account open"));
        acts.add(act("policy create", "name", "all", "document", POLICY));
        acts.add(act("policy list"));
        acts.add(act("policy get", "name", "all"));
        acts.add(act("policy update", "name", "all", "document", POLICY.replace("sts:*", "kms:*")));
        acts.add(act("user create", "name", "ann", "tags", Map.of("team", "red")));
        acts.add(act(
                "role create", "name", "gone", "trustPolicy", trust("\"AWS\":\"" + ACCOUNT + "\"", "sts:AssumeRole")));
        acts.add(act("role update", "name", "gone", "maxSessionSeconds", 7_200));
        for (var kind : List.of("user", "role")) {
            var name = kind.equals("user") ? "ann" : "gone";
            acts.add(act(kind + " list"));
            acts.add(act(kind + " get", "name", name));
            acts.add(act(kind + " attach", "name", name, "policy", "all"));
            acts.add(act(kind + " detach", "name", name, "policy", "all"));
            acts.add(act(kind + " put-inline", "name", name, "policyName", "mine", "document", POLICY));
            acts.add(act(kind + " delete-inline", "name", name, "policyName", "mine"));
            acts.add(act(kind + " put-boundary", "name", name, "policy", "all"));
            acts.add(act(kind + " delete-boundary", "name", name));
            acts.add(act(kind + " tag", "name", name, "tags", Map.of("team", "blue")));
            acts.add(act(kind + " untag", "name", name, "tagKeys", List.of("team")));
            acts.add(act(kind + " delete", "name", name));
        }
        acts.add(act("policy delete", "name", "all"));
        acts.add(act(
                "oidc-provider create", "url", "https://issuer.example.com", "keys", keys, "clientIds", List.of("us")));
        acts.add(act("oidc-provider list"));
        acts.add(act("oidc-provider get", "url", "https://issuer.example.com"));
        acts.add(act("oidc-provider update", "url", "https://issuer.example.com", "clientIds", List.of("us", "them")));
        acts.add(act("oidc-provider delete", "url", "https://issuer.example.com"));
        return acts;
    }

    private static String trust(String principal, String action) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{" + principal
                + "},\"Action\":\"" + action + "\"}}";
    }

    @Test
    void everyActOfAdministrationHasItsLine() throws Exception {
        var log = folder.resolve("audit.log");
        var done = new TreeSet<String>();
        try (var target = EmbeddedTarget.in(folder.resolve("data"), "--audit=" + log)) {
            var root = new SignedPost(target);
            for (var act : acts(new JWKSet(issuer().toPublicJWK()).toString())) {
                done.add(act.get("kind") + " " + act.get("verb"));
                administer(root, act, log, true);
                administer(root, elsewhere(act), log, false);
            }
            var user = act("user create", "name", "bob");
            administer(root, user, log, true);
            var first = accessKey(root, log, act("access-key create", "user", "bob"));
            for (var verb : List.of("disable", "enable", "rotate", "delete")) {
                var act = act("access-key " + verb, "accessKeyId", first);
                administer(root, act, log, true);
                administer(root, elsewhere(act), log, false);
            }
            administer(root, act("access-key list", "user", "bob"), log, true);
            administer(root, elsewhere(act("access-key list")), log, false);
            administer(root, elsewhere(act("access-key create")), log, false);
            refusedUnread(root, log);
            // Not for the root of an account.
            administer(root, act("account create", "account", "111122223333"), log, false);
            administer(root, act("account list"), log, false);
            assertHidden(log);
        }
        assertAll(checks);
        JoinedLog.assertFits(log, folder.resolve("data"));
        done.addAll(Set.of("account create", "account list", "access-key create", "access-key list"));
        done.addAll(Set.of("access-key disable", "access-key enable", "access-key rotate", "access-key delete"));
        assertEquals(
                Set.of(AdminAction.values()).stream()
                        .map(action -> action.kind() + " " + action.verb())
                        .collect(Collectors.toCollection(TreeSet::new)),
                done);
    }

    /** Requests of a known caller that are not what they should be: recorded without what they say. */
    private void refusedUnread(SignedPost root, Path log) throws Exception {
        var secret = "canary.told-to-the-wrong-member";
        secrets.plant("a wrong member", secret.getBytes(US_ASCII));
        for (var act : List.of(
                act("user create"),
                act("user create", "name", "x", "password", secret),
                act("user list", "account", "7"))) {
            var answer = root.admin(JSON.writeValueAsString(act));
            assertEquals(400, answer.statusCode(), answer::body);
            checks.add(() -> {
                var line = line(log, answer);
                assertAll(
                        act.toString(),
                        () -> assertEquals(List.of(), LogSchema.objections(line)),
                        () -> assertTrue(line.path("requestParameters").isNull()),
                        () -> assertEquals(
                                "ValidationError", line.path("errorCode").asText()));
            });
        }
        var longer = act("policy create", "name", "long", "document", POLICY + " ".repeat(400_000));
        var answer = root.admin(JSON.writeValueAsString(longer));
        assertNotEquals(200, answer.statusCode(), answer::body);
        checks.add(() -> {
            var line = line(log, answer);
            assertEquals(List.of(), LogSchema.objections(line));
            assertTrue(line.at("/requestParameters/omitted").asBoolean(), line::toString);
        });
    }

    private static Map<String, Object> elsewhere(Map<String, Object> act) {
        var other = new LinkedHashMap<>(act);
        other.put("account", "999999999999");
        return other;
    }

    private String accessKey(SignedPost root, Path log, Map<String, Object> act) throws Exception {
        return administered(root, act, log, true).at("/accessKey/accessKeyId").asText();
    }

    private void administer(SignedPost root, Map<String, Object> act, Path log, boolean succeeds) throws Exception {
        var unused = administered(root, act, log, succeeds);
    }

    private JsonNode administered(SignedPost root, Map<String, Object> act, Path log, boolean succeeds)
            throws Exception {
        var answer = root.admin(JSON.writeValueAsString(act));
        var body = JSON.readTree(answer.body());
        assertEquals(succeeds, answer.statusCode() == 200, () -> act + " was answered with " + answer.body());
        body.findValues("secretAccessKey")
                .forEach(secret ->
                        secrets.plant("secret of " + act, secret.asText().getBytes(US_ASCII)));
        var action = AdminAction.find(String.valueOf(act.get("kind")), String.valueOf(act.get("verb")))
                .orElseThrow();
        checks.add(() -> {
            var line = line(log, answer);
            assertAll(
                    act.toString(),
                    () -> assertEquals(List.of(), LogSchema.objections(line)),
                    () -> assertEquals("strongroom", line.path("eventSource").asText()),
                    () -> assertEquals(
                            action.eventName(), line.path("eventName").asText()),
                    () -> assertEquals(action.readOnly(), line.path("readOnly").asBoolean()),
                    () -> assertEquals(JSON.valueToTree(act), line.path("requestParameters")),
                    () -> assertEquals(
                            !succeeds || action.readOnly(),
                            line.path("responseElements").isNull()),
                    () -> assertEquals(
                            succeeds ? "" : body.path("code").asText(),
                            line.path("errorCode").asText()));
        });
        return body;
    }

    @Test
    void everyActionOfTheTokenServiceHasItsLine() throws Exception {
        var log = folder.resolve("audit.log");
        var issuer = issuer();
        try (var target = EmbeddedTarget.in(folder.resolve("data"), "--audit=" + log)) {
            var root = new SignedPost(target);
            var ann = people(root, log, issuer);
            var role = form("Action", "AssumeRole", "RoleArn", ROLE, "RoleSessionName", "s1", "DurationSeconds", "900");
            var known = Set.of("roleArn", "roleSessionName", "durationSeconds");
            granted(log, ann.sts(role), "AssumeRole", known, Set.of("assumedRoleUser", "credentials"));
            refused(log, ann.sts(role.replace("job", "nobody")), "AssumeRole", known);
            granted(
                    log,
                    ann.sts(form("Action", "GetSessionToken", "DurationSeconds", "900")),
                    "GetSessionToken",
                    Set.of("durationSeconds"),
                    Set.of("credentials"));
            refused(
                    log,
                    ann.sts(form("Action", "GetSessionToken", "DurationSeconds", "1")),
                    "GetSessionToken",
                    Set.of("durationSeconds"));
            granted(log, ann.sts(form("Action", "GetCallerIdentity")), "GetCallerIdentity", Set.of(), Set.of());
            var shown = Set.of("roleArn", "roleSessionName");
            granted(
                    log,
                    root.unsigned(web(token(issuer, "app"))),
                    "AssumeRoleWithWebIdentity",
                    shown,
                    Set.of("assumedRoleUser", "credentials"));
            refused(log, root.unsigned(web(token(issuer, "stranger"))), "AssumeRoleWithWebIdentity", shown);
            assertHidden(log);
        }
        assertAll(checks);
        JoinedLog.assertFits(log, folder.resolve("data"));
    }

    /** Makes a user who may assume a role, by which identities of a provider may be taken on too; gives the user. */
    private SignedPost people(SignedPost root, Path log, ECKey issuer) throws Exception {
        administer(root, act("user create", "name", "ann"), log, true);
        administer(root, act("user put-inline", "name", "ann", "policyName", "all", "document", POLICY), log, true);
        var provider = "arn:aws:iam::" + ACCOUNT + ":oidc-provider/issuer.example.com";
        var trusted = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\""
                + ACCOUNT
                + "\"},\"Action\":\"sts:AssumeRole\"},{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"" + provider
                + "\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":"
                + "{\"issuer.example.com:sub\":\"app\"}}}]}";
        administer(
                root,
                act(
                        "oidc-provider create",
                        "url",
                        "https://issuer.example.com",
                        "keys",
                        new JWKSet(issuer.toPublicJWK()).toString(),
                        "clientIds",
                        List.of("us")),
                log,
                true);
        administer(root, act("role create", "name", "job", "trustPolicy", trusted), log, true);
        var key = administered(root, act("access-key create", "user", "ann"), log, true)
                .path("accessKey");
        return root.as(
                key.path("accessKeyId").asText(), key.path("secretAccessKey").asText());
    }

    private static String form(String... members) {
        var form = new ArrayList<>(List.of("Version=2011-06-15"));
        for (int i = 0; i < members.length; i += 2) {
            form.add(members[i] + "=" + URLEncoder.encode(members[i + 1], UTF_8));
        }
        return String.join("&", form);
    }

    private static String web(String token) {
        return form(
                "Action",
                "AssumeRoleWithWebIdentity",
                "RoleArn",
                ROLE,
                "RoleSessionName",
                "web",
                "WebIdentityToken",
                token);
    }

    private static ECKey issuer() throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    }

    private String token(ECKey issuer, String subject) throws JOSEException {
        var claims = new JWTClaimsSet.Builder()
                .issuer("https://issuer.example.com")
                .audience("us")
                .subject(subject)
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .build();
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(), claims);
        token.sign(new ECDSASigner(issuer));
        secrets.plant("token of " + subject, token.serialize().getBytes(US_ASCII));
        return token.serialize();
    }

    private void granted(
            Path log, HttpResponse<String> answer, String action, Set<String> parameters, Set<String> response) {
        assertEquals(200, answer.statusCode(), answer::body);
        var found = XML_SECRET.matcher(answer.body());
        while (found.find()) {
            secrets.plant(found.group(1) + " of " + action, found.group(2).getBytes(US_ASCII));
        }
        checks.add(() -> assertLine(line(log, answer), action, parameters, response, Optional.empty()));
    }

    private void refused(Path log, HttpResponse<String> answer, String action, Set<String> parameters) {
        assertNotEquals(200, answer.statusCode(), answer::body);
        var code = XML_CODE.matcher(answer.body());
        assertTrue(code.find(), answer::body);
        checks.add(() -> assertLine(line(log, answer), action, parameters, Set.of(), Optional.of(code.group(1))));
    }

    private static void assertLine(
            JsonNode line, String action, Set<String> parameters, Set<String> response, Optional<String> error) {
        assertAll(
                action + error,
                () -> assertEquals(List.of(), LogSchema.objections(line)),
                () -> assertEquals("sts.amazonaws.com", line.path("eventSource").asText()),
                () -> assertEquals(action, line.path("eventName").asText()),
                () -> assertEquals(parameters, names(line.path("requestParameters")), line::toString),
                () -> assertEquals(response, names(line.path("responseElements")), line::toString),
                () -> assertEquals(
                        error, Optional.ofNullable(line.get("errorCode")).map(JsonNode::asText)));
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode line(Path log, HttpResponse<String> answer) throws Exception {
        var id = answer.headers().firstValue("x-amzn-RequestId").orElseThrow();
        var lines = new HashMap<String, JsonNode>();
        for (var line : LogSchema.read(log)) {
            lines.merge(line.path("requestID").asText(), line, (one, two) -> {
                throw new AssertionError("two lines of " + id);
            });
        }
        return Optional.ofNullable(lines.get(id)).orElseThrow(() -> new AssertionError("no line of " + id));
    }

    private void assertHidden(Path log) throws Exception {
        assertTrue(secrets.count() >= 2, "secrets were shown");
        assertEquals(Optional.empty(), secrets.find(Files.readAllBytes(log)));
    }
}
