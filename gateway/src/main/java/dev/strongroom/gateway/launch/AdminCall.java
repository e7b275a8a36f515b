package dev.strongroom.gateway.launch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strongroom.gateway.admin.AdminAction;
import dev.strongroom.gateway.admin.AdminParameter;
import dev.strongroom.gateway.admin.AdminRefusal;
import dev.strongroom.gateway.admin.AdminRequest;
import dev.strongroom.gateway.sigv4.RequestSigner;
import dev.strongroom.hsm.protocol.Hsm;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One {@code strongroom admin} command: the request as JSON, the way to whoever does it, the answer on standard output. */
final class AdminCall implements Runnable {

    static final String CONFIG = "--config";
    static final String ENDPOINT = "--endpoint";
    static final String PREFIX = "STRONGROOM_ADMIN_";

    private static final String ENVIRONMENT = "AWS_ENDPOINT_URL_KMS";

    private static final String SERVICE = "strongroom";
    private static final String USUAL_REGION = "us-east-1";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AdminAction action;
    private CommandSpec spec = CommandSpec.create();

    AdminCall(AdminAction action) {
        this.action = action;
    }

    void ranIn(CommandSpec own) {
        spec = own;
    }

    @Override
    public void run() {
        LaunchParts.logOnlyWarnings();
        var parsed = spec.commandLine().getParseResult();
        var request = request(parsed);
        String config = parsed.matchedOptionValue(CONFIG, null);
        String named = parsed.matchedOptionValue(ENDPOINT, null);
        if (config != null && named != null) {
            throw new UsageException("say --config or --endpoint, not both");
        }
        requireAccount(request);
        requireHolder(request);
        var endpoint = named != null ? named : System.getenv(ENVIRONMENT);
        if (config == null && endpoint == null) {
            throw new UsageException("say --config FILE for a cluster, or --endpoint URL for a gateway or dev");
        }
        var answer = config != null ? viaNodes(Path.of(config), request) : viaGateway(endpoint, request);
        var screen = spec.commandLine().getOut();
        screen.println(answer.toPrettyString());
        screen.flush();
    }

    private static void requireAccount(ObjectNode request) {
        var account = request.path(AdminParameter.ACCOUNT.member());
        if (!account.isMissingNode() && !AdminRequest.isAccount(account.asText())) {
            throw new UsageException("'" + account.asText() + "' is no account: an account is twelve digits");
        }
    }

    private void requireHolder(ObjectNode request) {
        if (action == AdminAction.ACCESS_KEY_CREATE
                && request.has(AdminParameter.USER.member()) == request.has(AdminParameter.ROOT.member())) {
            throw new UsageException("whose access key? Say --user USER, or --root for the account's root; not both");
        }
    }

    private ObjectNode request(ParseResult parsed) {
        var json = JSON.createObjectNode();
        json.put("kind", action.kind()).put("verb", action.verb());
        boolean first = true;
        for (var parameter : action.required()) {
            if (first) {
                json.put(parameter.member(), parsed.<String>matchedPositionalValue(0, ""));
            } else {
                put(json, parameter, parsed);
            }
            first = false;
        }
        action.optional().forEach(parameter -> put(json, parameter, parsed));
        if (!action.required().contains(AdminParameter.ACCOUNT)) {
            put(json, AdminParameter.ACCOUNT, parsed);
        }
        return json;
    }

    private static void put(ObjectNode json, AdminParameter parameter, ParseResult parsed) {
        Object value = parsed.matchedOptionValue("--" + parameter.option(), null);
        if (value == null) {
            return;
        }
        switch (parameter.form()) {
            case TEXT -> json.put(parameter.member(), (String) value);
            case NUMBER -> json.put(parameter.member(), (Integer) value);
            case FLAG -> json.put(parameter.member(), (Boolean) value);
            case LIST ->
                ((List<?>) value)
                        .forEach(item -> json.withArray(parameter.member()).add((String) item));
            case MAP ->
                ((Map<?, ?>) value)
                        .forEach((key, item) ->
                                json.withObject("/" + parameter.member()).put((String) key, (String) item));
            case DOCUMENT -> json.put(parameter.member(), content((Path) value));
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new LaunchException(file + ": there is no such file");
        } catch (IOException e) {
            throw new LaunchException(file + ": cannot be read as text: " + e.getMessage());
        }
    }

    private static JsonNode viaNodes(Path file, ObjectNode json) {
        var config = ConfigReader.read(AdminConfig.class, file, PREFIX, System.getenv(), List.of());
        var vertx = LaunchParts.vertx(1);
        try {
            var request =
                    AdminRequest.of(json, Optional.ofNullable(config.account()).orElse(""));
            var client = HsmAccess.open(vertx, config.hsm(), 1);
            try {
                return LaunchParts.administration(client)
                        .perform(request, Hsm.NO_REQUEST)
                        .toCompletableFuture()
                        .join();
            } finally {
                LaunchParts.await(client.close(), "stopping");
            }
        } catch (AdminRefusal e) {
            throw told(e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof AdminRefusal refusal
                    ? told(refusal)
                    : new LaunchException(String.valueOf(e.getCause()));
        } finally {
            LaunchParts.await(vertx.close(), "stopping");
        }
    }

    private static LaunchException told(AdminRefusal refusal) {
        return new LaunchException(refusal.code() + ": " + refusal.text());
    }

    private static JsonNode viaGateway(String endpoint, ObjectNode json) {
        var target = target(endpoint);
        var region = Optional.ofNullable(System.getenv("AWS_REGION")).orElse(USUAL_REGION);
        var credentials = new RequestSigner.Credentials(
                variable("AWS_ACCESS_KEY_ID"),
                variable("AWS_SECRET_ACCESS_KEY"),
                Optional.ofNullable(System.getenv("AWS_SESSION_TOKEN")));
        var body = json.toString().getBytes(StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(target)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        new RequestSigner(credentials, region, SERVICE)
                .headers(target, body, InstantSource.system().instant())
                .forEach(request::header);
        try {
            var answer = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return read(answer, endpoint);
        } catch (IOException e) {
            throw new LaunchException(
                    endpoint + ": cannot be reached" + (e.getMessage() == null ? "" : ": " + e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted");
        }
    }

    private static URI target(String endpoint) {
        try {
            var target = new URI(endpoint.replaceAll("/+$", "") + "/admin/v1");
            if (target.getHost() != null && List.of("http", "https").contains(target.getScheme())) {
                return target;
            }
        } catch (URISyntaxException e) {
            // Told below, as everything else that is no address.
        }
        throw new UsageException("'" + endpoint + "' is no address of a gateway: write " + ENDPOINT + " or "
                + ENVIRONMENT + " as http://127.0.0.1:8400");
    }

    private static JsonNode read(HttpResponse<byte[]> answer, String endpoint) throws IOException {
        var json = parsed(answer.body());
        if (answer.statusCode() == OK && !json.isMissingNode()) {
            return json;
        }
        if (json.has("code")) {
            throw new LaunchException(
                    json.path("code").asText() + ": " + json.path("message").asText());
        }
        throw new LaunchException(
                answer.statusCode() == NOT_FOUND
                        ? endpoint + ": serves no management API: name identity-admin in its gateway.yaml"
                        : endpoint + ": answered with status " + answer.statusCode());
    }

    /** Missing if it is none. */
    private static JsonNode parsed(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static String variable(String name) {
        var value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new LaunchException("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to those of an account root: "
                    + name + " is not set");
        }
        return value;
    }
}
