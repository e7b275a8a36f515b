package dev.strongroom.gateway.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {

    private static final String NODE = """
            id: n1
            listen: 127.0.0.1:8411
            members:
              - {id: n1, address: "127.0.0.1:8511"}
            data: data
            identity: identity
            """;

    @TempDir
    private Path folder;

    @Test
    void readsAFile() throws IOException {
        var config = read(NODE, Map.of(), List.of());
        assertEquals("n1", config.id());
        assertEquals(new Endpoint("127.0.0.1", 8411), config.listen());
        assertEquals(new Endpoint("127.0.0.1", 8511), config.memberAddress());
        assertEquals(folder.resolve("data"), config.data());
        assertNull(config.passphraseFile());
    }

    @Test
    void environmentOverridesTheFileAndTheCommandLineOverridesBoth() throws IOException {
        var environment = Map.of("STRONGROOM_NODE_LISTEN", "127.0.0.1:1", "STRONGROOM_NODE_PASSPHRASE_FILE", "/secret");
        var config = read(NODE, environment, List.of("listen=127.0.0.1:2"));
        assertEquals(2, config.listen().port());
        assertEquals(Path.of("/secret"), config.passphraseFile());
    }

    @Test
    void rootsOfAttestationDocumentsAreAListOfFiles() throws IOException {
        assertNull(read(NODE, Map.of(), List.of()).attestationRoots());
        var listed = read(NODE + "attestation-roots: [a.pem, /b.pem]\n", Map.of(), List.of());
        assertEquals(List.of(folder.resolve("a.pem"), Path.of("/b.pem")), listed.attestationRoots());
        assertEquals(listed, read(ConfigReader.print(listed), Map.of(), List.of()));
        var overridden = read(NODE, Map.of("STRONGROOM_NODE_ATTESTATION_ROOTS", "[c.pem]"), List.of());
        assertEquals(List.of(folder.resolve("c.pem")), overridden.attestationRoots());
    }

    @Test
    void whatIsPrintedReadsBackTheSame() throws IOException {
        var config = read(NODE, Map.of(), List.of());
        assertEquals(config, read(ConfigReader.print(config), Map.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    port: 1                         | unknown key 'port'
                    listen: nowhere                 | 'nowhere' is not host:port
                    listen: 127.0.0.1:70000         | is not host:port
                    id: n2                          | members must name this node
                    id: n1                          | line
                    members: 3                      | 'members'
                    'members: [{id: n1, adress: 1}]'| 'address'
                    data: [                         | line
                    """)
    void aMistakeIsOneLineThatNamesTheFile(String added, String expected) throws IOException {
        var failure = assertThrows(LaunchException.class, () -> read(replaceKey(added), Map.of(), List.of()));
        assertEquals(-1, text(failure).indexOf('\n'), text(failure));
        assertContains(text(failure), expected);
        assertContains(text(failure), "node.yaml");
    }

    @Test
    void aMissingKeyIsNamed() {
        var failure = assertThrows(LaunchException.class, () -> read("id: n1\n", Map.of(), List.of()));
        assertContains(text(failure), "listen");
    }

    @Test
    void aMissingFileIsNamed() {
        var file = folder.resolve("absent.yaml");
        var failure = assertThrows(
                LaunchException.class, () -> ConfigReader.read(NodeConfig.class, file, "X_", Map.of(), List.of()));
        assertContains(text(failure), "no such file");
    }

    @Test
    void anUnknownVariableOrSettingIsRefused() {
        var variable =
                assertThrows(LaunchException.class, () -> read(NODE, Map.of("STRONGROOM_NODE_PORT", "1"), List.of()));
        assertContains(text(variable), "STRONGROOM_NODE_PORT");
        var setting = assertThrows(UsageException.class, () -> read(NODE, Map.of(), List.of("port=1")));
        assertContains(
                text(setting), "--set port=1: the configuration has no such key; it has attestation-roots, audit");
        var malformed = assertThrows(UsageException.class, () -> read(NODE, Map.of(), List.of("port")));
        assertContains(text(malformed), "key=value");
    }

    @Test
    void otherVariablesAreNotOurs() throws IOException {
        assertFalse(read(NODE, Map.of("STRONGROOM_JAVA_OPTS", "-Xmx1g"), List.of())
                .members()
                .isEmpty());
    }

    private static String replaceKey(String line) {
        var key = line.substring(0, line.indexOf(':'));
        if (key.equals("id") && line.endsWith("n1")) {
            return NODE + line + "\n"; // twice the same key
        }
        var kept = NODE.lines().filter(old -> !old.startsWith(key + ":")).toList();
        var text = String.join("\n", kept) + "\n";
        return (key.equals("members") ? text.replaceAll("(?m)^  - .*\n", "") : text) + line + "\n";
    }

    private NodeConfig read(String yaml, Map<String, String> environment, List<String> settings) throws IOException {
        var file = folder.resolve("node.yaml");
        Files.writeString(file, yaml);
        return ConfigReader.read(NodeConfig.class, file, "STRONGROOM_NODE_", environment, settings);
    }

    private static String text(RuntimeException failure) {
        return String.valueOf(failure.getMessage());
    }

    private static void assertContains(String text, String part) {
        assertTrue(text.contains(part), () -> "'" + part + "' is not in: " + text);
    }
}
