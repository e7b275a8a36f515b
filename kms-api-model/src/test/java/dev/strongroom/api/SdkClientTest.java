package dev.strongroom.api;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.utils.builder.Buildable;

/** The SDK's own client talks to a server that knows nothing but {@link AwsJson}. */
class SdkClientTest {

    private static final Map<String, Method> METHODS = OperationTest.clientMethods().stream()
            .collect(Collectors.toMap(m -> m.getName().toLowerCase(Locale.ROOT), Function.identity()));

    private static @Nullable HttpServer server;
    private static @Nullable KmsClient client;

    /** What the server saw and what it shall answer; one request at a time. */
    private static volatile @Nullable SdkPojo received;

    private static volatile byte[] answer = new byte[0];
    private static volatile int status = 200;

    @BeforeAll
    static void start() throws IOException {
        // Without it each answer waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", SdkClientTest::handle);
        http.start();
        server = http;
        client = KmsClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + http.getAddress().getPort()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "none")))
                .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterAll
    static void stop() {
        requireNonNull(client).close();
        requireNonNull(server).stop(0);
    }

    private static void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            var operation = Operation.find(target.substring("TrentService.".length()));
            received = AwsJson.read(operation.orElseThrow(), body);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static SdkPojo call(Operation operation, SdkPojo request) throws Throwable {
        var method = requireNonNull(METHODS.get(operation.wireName().toLowerCase(Locale.ROOT)));
        try {
            return (SdkPojo) method.invoke(client, request);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void assertRoundTrip(Operation operation, SdkPojo request, SdkPojo response, String hint)
            throws Throwable {
        status = 200;
        answer = AwsJson.write(response);
        var parsed = call(operation, request);
        assertTrue(request.equalsBySdkFields(received), () -> hint + ": sent " + request + ", read " + received);
        assertTrue(response.equalsBySdkFields(parsed), () -> hint + ": wrote " + response + ", parsed " + parsed);
        assertEquals(request, received, hint);
    }

    @ParameterizedTest
    @EnumSource
    void filledRequestsAndResponsesArriveEqual(Operation operation) throws Throwable {
        for (var seed : LongStream.range(0, 8).toArray()) {
            var filled = new Filled(seed);
            assertRoundTrip(
                    operation,
                    filled.build(operation.newRequestBuilder()),
                    filled.build(operation.newResponseBuilder()),
                    operation + ", seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyRequestsAndResponsesArriveEqual(Operation operation) throws Throwable {
        assertRoundTrip(
                operation,
                (SdkPojo) ((Buildable) operation.newRequestBuilder()).build(),
                (SdkPojo) ((Buildable) operation.newResponseBuilder()).build(),
                operation + ", empty");
    }

    @ParameterizedTest
    @EnumSource
    void errorsSurfaceAsTheirClassWithTheirText(KmsError error) {
        var text = "why \"" + error + "\" happened";
        var thrown = thrown(KmsException.of(error, text));
        assertEquals(text, thrown.awsErrorDetails().errorMessage());
        assertSurfaces(error, thrown);
    }

    @ParameterizedTest
    @EnumSource
    void errorsWithoutTextSurfaceAsTheirClass(KmsError error) {
        assertSurfaces(error, thrown(KmsException.of(error)));
    }

    private static software.amazon.awssdk.services.kms.model.KmsException thrown(KmsException exception) {
        status = exception.error().status();
        answer = AwsJson.writeError(exception);
        return assertInstanceOf(
                software.amazon.awssdk.services.kms.model.KmsException.class,
                assertThrows(
                        Throwable.class,
                        () -> call(Operation.LIST_KEYS, (SdkPojo)
                                ((Buildable) Operation.LIST_KEYS.newRequestBuilder()).build())));
    }

    private static void assertSurfaces(KmsError error, software.amazon.awssdk.services.kms.model.KmsException thrown) {
        assertEquals(error.code(), thrown.awsErrorDetails().errorCode());
        assertEquals(error.status(), thrown.statusCode());
        var className = thrown.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        assertEquals(error.isModelled() ? error.code().toLowerCase(Locale.ROOT) : "kmsexception", className);
    }
}
