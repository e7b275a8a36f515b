package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.strongroom.api.Operation;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Of a key, an alias or a grant of another account, callers whom it does not let in are answered letter for letter what they
 * are answered of one that is not there: every operation that can name one, in every way in which it can, whatever policies
 * the caller's own account gives it so as to find out.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignersLearnNothingOverHttpTest {

    /** Requests by operation, one a line: {@code <X>}, {@code <BLOB>}, {@code <GRANT>}, {@code <TOKEN>} are the other account's. */
    private static final Map<String, List<String>> REQUESTS = requests();

    private static final List<String> WITHOUT_FOREIGN_NAMES = List.of(
            "ConnectCustomKeyStore",
            "CreateCustomKeyStore",
            "CreateKey",
            "DeleteAlias",
            "DeleteCustomKeyStore",
            "DescribeCustomKeyStores",
            "DisconnectCustomKeyStore",
            "GenerateRandom",
            "ListKeys",
            "ListRetirableGrants",
            "UpdateCustomKeyStore");

    private ForeignScene scene;

    private static Map<String, List<String>> requests() {
        var all = new TreeMap<String, List<String>>();
        for (var line : ForeignScene.REQUESTS.lines().toList()) {
            var parts = line.strip().split(" ", 2);
            all.computeIfAbsent(parts[0], made -> new ArrayList<>()).add(parts[1]);
        }
        return all;
    }

    @BeforeAll
    void open() throws Exception {
        scene = new ForeignScene();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    static Stream<String> operations() {
        return REQUESTS.keySet().stream();
    }

    @Test
    void everyOperationIsAskedThatCanNameSomethingForeign() {
        var asked = new TreeSet<>(REQUESTS.keySet());
        asked.addAll(WITHOUT_FOREIGN_NAMES);
        assertEquals(
                Arrays.stream(Operation.values())
                        .map(Operation::wireName)
                        .collect(Collectors.toCollection(TreeSet::new)),
                asked);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void whatIsNotTheirsReadsLikeWhatIsNotThere(String operation) {
        var differences = new LinkedHashMap<String, String>();
        for (var caller : scene.callers()) {
            for (var request : REQUESTS.getOrDefault(operation, List.of())) {
                var missing = new TreeMap<String, String>();
                for (var thing : scene.things(operation, request)) {
                    var expected = missing.computeIfAbsent(
                            thing.form(), form -> scene.answer(caller, operation, request, scene.missing(thing)));
                    var answer = scene.answer(caller, operation, request, thing);
                    if (!answer.equals(expected)) {
                        differences.put(
                                caller + " " + request + " of " + thing.name(),
                                answer + "\n    and not there: " + expected);
                    }
                }
            }
        }
        assertEquals(
                "", differences.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining("\n")));
    }

    @Test
    void aForeignGrantThatIsNotThereReadsLikeAForeignKeyThatIsNotThere() {
        for (var caller : scene.callers()) {
            for (var operation : List.of("RetireGrant", "RevokeGrant")) {
                var request = "{'KeyId':'<X>','GrantId':'" + "1".repeat(64) + "'}";
                var key = scene.thing("plain");
                assertEquals(
                        scene.answer(caller, operation, request, scene.missing(key)),
                        scene.answer(caller, operation, request, key),
                        () -> caller + " " + operation);
            }
        }
    }

    @Test
    void whoeverIsLetInIsToldWhatItsOwnSideLacks() {
        var key = scene.thing("describable");
        var nobody = scene.answer(ForeignScene.NOBODY, "DescribeKey", "{'KeyId':'<X>'}", key);

        assertNotEquals(
                scene.answer(ForeignScene.NOBODY, "DescribeKey", "{'KeyId':'<X>'}", scene.missing(key)), nobody);
        assertEquals(
                "400 {\"__type\":\"AccessDeniedException\",\"Message\":\"User: " + ForeignScene.NOBODY
                        + " is not authorized to perform: kms:DescribeKey on resource: <X> because no identity-based"
                        + " policy allows the kms:DescribeKey action\"}",
                nobody);
        assertEquals(
                "200",
                scene.answer(ForeignScene.ALL, "DescribeKey", "{'KeyId':'<X>'}", key)
                        .substring(0, 3));
    }

    @Test
    void anAliasDoesNotTellWhichKeyItStandsFor() {
        // The alias stands for the key of the ciphertext, which lets the caller take from it but not put into it.
        var source = scene.thing("source");
        for (var caller : scene.callers()) {
            HttpResponse<String> real = scene.post(
                    caller,
                    "ReEncrypt",
                    "{'CiphertextBlob':'" + source.blob() + "','DestinationKeyId':'"
                            + scene.thing("alias of source").reference() + "'}");
            var none = scene.missing(scene.thing("alias of source")).reference();
            HttpResponse<String> missing = scene.post(
                    caller,
                    "ReEncrypt",
                    "{'CiphertextBlob':'" + source.blob() + "','DestinationKeyId':'" + none + "'}");
            assertEquals(
                    missing.body().replace(none, "<X>"),
                    real.body().replace(scene.thing("alias of source").reference(), "<X>"),
                    caller);
        }
    }
}
