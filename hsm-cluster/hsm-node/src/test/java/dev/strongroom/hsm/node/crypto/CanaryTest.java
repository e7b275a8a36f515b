package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant I2: a symmetric or HMAC key that is loaded is in the memory of the process once, and afterwards not at all. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at /proc/self/mem")
class CanaryTest {

    /**
     * The first half of SHA-512("planted canary key"), sealed under the key 40 41 .. 5f with N = 55 56 .. 64 and the AAD
     * "canary" by another implementation of MaterialSeal (Python's hmac). The test never has it in the clear.
     */
    private static final String PLANTED =
            "0155565758595a5b5c5d5e5f6061626364475162b8090827e1fba8ce8bdff61e9e6446f80d248d9c19"
                    + "ade4b3031c565a98b4229796673a070e53674f7d4d78432c12ce9c9113094ec0a7f19967313bd627";

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseSerialGC"})
    void aKeyIsInMemoryOnceWhileLoadedAndNotAfterwards(String collector) throws Exception {
        var lines = run(collector, "careful", "1000", PLANTED);
        assertEquals(
                List.of("used 1 1 0", "reloaded 1 1 0", "zeroized 0 0 0", "generated 1 1 0", "destroyed 0 0 0"),
                lines.stream().filter(line -> !line.startsWith("  ")).toList(),
                () -> String.join("\n", lines));
    }

    @Test
    void theScanSeesWhatCarelessCodeLeavesBehind() throws Exception {
        var first = run("-XX:+UseG1GC", "careless").get(0);
        var counts = Pattern.compile("careless (\\d+) (\\d+) (\\d+)").matcher(first);
        assertTrue(counts.matches(), first);
        for (int group = 1; group <= 2; group++) {
            assertTrue(Integer.parseInt(counts.group(group)) >= 3, "off-heap, array and key spec: " + first);
        }
        assertTrue(Integer.parseInt(counts.group(3)) >= 4, "both halves of both pads: " + first);
    }

    private static List<String> run(String collector, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx64m",
                collector,
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CanaryProcess.class.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines().toList();
    }
}
