package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.hsm.node.HsmNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/** A gateway before a node in memory, spoken to in signed HTTP and JSON and nothing between. */
final class LiveGateway implements AutoCloseable {

    /**
     * What came back.
     *
     * @param members the top-level members that are texts, and those that are not as they were written
     */
    record Answer(int status, Map<String, String> members) {

        String member(String name) {
            var value = members.get(name);
            if (value == null) {
                throw new AssertionError("no " + name + " in " + this);
            }
            return value;
        }

        /** {@code ok}, or code and text of the error as far as it has one. */
        String outcome() {
            if (status == 200) {
                return "ok";
            }
            var text = members.containsKey("message") ? members.get("message") : members.get("Message");
            return members.get("__type") + (text == null ? "" : ": " + text);
        }
    }

    private static final JsonFactory JSON = new JsonFactory();

    private final HsmNode node;
    private final Gateway gateway;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    LiveGateway() throws Exception {
        node = LiveNode.openWithRoot();
        // Every no costs a quorum read, and those are limited per second: this gateway's seconds are short.
        gateway = new Gateway(node.gateway(), null, AuditLog.none(), () -> System.nanoTime() * 100);
    }

    Answer call(String operation, String json) {
        try {
            var response = http.send(gateway.request(operation, json), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), members(response.body()));
        } catch (IOException e) {
            throw new AssertionError(operation, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The same, and it must succeed. */
    @CanIgnoreReturnValue
    Answer done(String operation, String json) {
        var answer = call(operation, json);
        if (answer.status() != 200) {
            throw new AssertionError(operation + " " + json + " was answered with " + answer);
        }
        return answer;
    }

    /** The id of a new key. */
    String createKey(String spec, String usage) {
        var answer = done("CreateKey", "{\"KeySpec\":\"" + spec + "\",\"KeyUsage\":\"" + usage + "\"}");
        return answer.member("KeyMetadata.KeyId");
    }

    /** Scalars by name, one level of objects by {@code outer.inner}. */
    private static Map<String, String> members(byte[] body) throws IOException {
        var members = new HashMap<String, String>();
        try (var parser = JSON.createParser(new String(body, UTF_8))) {
            var outer = "";
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT && parser.currentName() != null) {
                    outer = parser.currentName() + ".";
                } else if (token == JsonToken.END_OBJECT) {
                    outer = "";
                } else if (token == JsonToken.START_ARRAY) {
                    parser.skipChildren();
                } else if (token.isScalarValue()) {
                    members.put(outer + parser.currentName(), parser.getText());
                }
            }
        }
        return Map.copyOf(members);
    }

    @Override
    public void close() {
        gateway.close();
        node.close();
    }
}
