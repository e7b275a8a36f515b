package dev.strongroom.conformance.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.strongroom.api.Operation;
import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.gateway.operation.OperationTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * Every operation succeeds once and fails once, and each line of the log is held against the schema of all lines and the row
 * of its operation. None holds what was encrypted, signed, imported or made, nor a token.
 */
class LoggedOperationsTest {

    @TempDir
    private Path folder;

    @Test
    void everyOperationIsInTheTable() {
        var built =
                OperationTable.built().stream().map(Operation::wireName).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(
                built,
                LoggedCalls.all().stream().map(LoggedCall::operation).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everySuccessAndEveryFailureHasTheLineOfItsOperation() throws Exception {
        var log = folder.resolve("audit.log");
        var checks = new ArrayList<Executable>();
        try (var target = EmbeddedTarget.in(folder.resolve("data"), "--audit=" + log);
                var kms = target.kms()) {
            var things = Things.make(target);
            var missing = things.missing();
            for (var call : LoggedCalls.all()) {
                var id = call.call(kms, things).sdkHttpResponse();
                var done = id.firstMatchingHeader("x-amzn-RequestId").orElseThrow();
                checks.add(() -> assertLine(call, line(log, done), Optional.empty()));
                var failed = assertThrows(
                        KmsException.class, () -> call.call(kms, missing), () -> call.operation() + " of nothing");
                checks.add(() -> assertLine(
                        call,
                        line(log, failed.requestId()),
                        Optional.of(failed.awsErrorDetails().errorCode())));
            }
            var text = Files.readAllBytes(log);
            var found = things.canaries().find(text);
            checks.add(() -> assertEquals(Optional.empty(), found));
            checks.add(() -> assertEquals(
                    Optional.of("secret as raw"), things.canaries().find(Things.SECRET.getBytes(US_ASCII))));
        }
        assertAll(checks);
        JoinedLog.assertFits(log, folder.resolve("data"));
    }

    private static JsonNode line(Path log, String requestId) throws Exception {
        var lines = LogSchema.read(log).stream()
                .filter(line -> line.path("requestID").asText().equals(requestId))
                .toList();
        assertEquals(1, lines.size(), () -> "lines of request " + requestId);
        return lines.get(0);
    }

    private static void assertLine(LoggedCall call, JsonNode line, Optional<String> error) {
        var operation = Operation.find(call.operation()).orElseThrow();
        var said = call.operation() + (error.isEmpty() ? " that succeeds" : " that fails");
        assertAll(
                said,
                () -> assertEquals(List.of(), LogSchema.objections(line)),
                () -> assertEquals(call.operation(), line.path("eventName").asText()),
                () -> assertEquals(operation.readOnly(), line.path("readOnly").asBoolean()),
                () -> assertEquals(
                        error, Optional.ofNullable(line.get("errorCode")).map(JsonNode::asText)),
                () -> assertEquals(call.parameters(), names(line.path("requestParameters")), line::toString),
                () -> assertEquals(
                        error.isEmpty() ? call.response() : Set.of(),
                        names(line.path("responseElements")),
                        line::toString),
                () -> assertEquals(
                        error.isEmpty() ? call.additional() : Set.of(),
                        names(line.path("additionalEventData")),
                        line::toString),
                () -> assertEquals(
                        error.isEmpty() ? call.resources() : call.failed(),
                        line.path("resources").size(),
                        line::toString));
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
