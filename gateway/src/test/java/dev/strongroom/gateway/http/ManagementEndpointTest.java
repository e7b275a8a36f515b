package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.UseCommand;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManagementEndpointTest {

    private final ScriptedHsm hsm = new ScriptedHsm();
    private final Gateway gateway = new Gateway(hsm, null);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        gateway.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + gateway.managementPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void theProcessIsAliveWhateverTheHsmDoes() throws Exception {
        assertEquals(200, get("/healthz").statusCode());
    }

    @ParameterizedTest
    @EnumSource
    void theGatewayIsReadyIfANodeServes(NodeState state) throws Exception {
        hsm.on(SessionCommand.DescribeNode.class, describe -> new Reply.NodeDescription("n1", state, "00", 1, "0.1"));

        var ready = get("/readyz");

        assertEquals(state == NodeState.OPERATIONAL ? 200 : 503, ready.statusCode());
        assertEquals(state + "\n", ready.body());
    }

    @Test
    void theGatewayIsNotReadyIfNoNodeAnswers() throws Exception {
        hsm.on(SessionCommand.DescribeNode.class, describe -> {
            throw new Refused(Refusal.UNREACHABLE);
        });

        assertEquals(503, get("/readyz").statusCode());
    }

    @Test
    void requestsAreCountedByOperationAndCode() throws Exception {
        hsm.on(UseCommand.GenerateRandom.class, random -> new Reply.Random(Plaintext.wrap(new byte[random.length()])));
        try (var wire = new Wire(gateway.port())) {
            wire.send(gateway.raw("GenerateRandom", "{\"NumberOfBytes\":1}"));
            assertEquals(200, wire.receive().status());
            wire.send(gateway.raw("GenerateRandom", "{\"NumberOfBytes\":0}"));
            assertEquals(400, wire.receive().status());
            wire.send(gateway.raw("Nonsense-4711", "{}"));
            assertEquals(400, wire.receive().status());
        }

        var metrics = get("/metrics").body();

        for (var line : new String[] {
            "strongroom_kms_requests_total{code=\"OK\",operation=\"GenerateRandom\"} 1.0",
            "strongroom_kms_requests_total{code=\"ValidationException\",operation=\"GenerateRandom\"} 1.0",
            "strongroom_kms_requests_total{code=\"UnknownOperationException\",operation=\"Unknown\"} 1.0",
            "strongroom_kms_request_seconds_count{operation=\"GenerateRandom\"} 2",
        }) {
            assertTrue(metrics.contains(line), line + " is not in\n" + metrics);
        }
        assertTrue(!metrics.contains("4711"), metrics);
    }

    @Test
    void otherPathsAreNotFound() throws Exception {
        assertEquals(404, get("/").statusCode());
    }
}
