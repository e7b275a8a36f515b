package dev.strongroom.hsm.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HsmClientSettingsTest {

    private static final HsmClientSettings.Tls TLS =
            new HsmClientSettings.Tls(Path.of("key.pem"), Path.of("certificate.pem"), Path.of("cluster-ca.pem"));
    private static final HsmClientSettings.Node N1 = new HsmClientSettings.Node("n1", "localhost", 7070);

    @Test
    void whatIsNotSaidIsThis() {
        assertEquals(
                new HsmClientSettings(List.of(N1), TLS, "gw", Duration.ofSeconds(10), 1_024, 1),
                HsmClientSettings.of(List.of(N1), TLS, "gw"));
    }

    @Test
    void whatCannotWorkIsRefused() {
        refuses(List.of(), Duration.ofSeconds(1), 1, 1);
        refuses(List.of(N1, new HsmClientSettings.Node("n1", "elsewhere", 7070)), Duration.ofSeconds(1), 1, 1);
        var tooMany = IntStream.range(0, 65)
                .mapToObj(i -> new HsmClientSettings.Node("n" + i, "localhost", 7070))
                .toList();
        refuses(tooMany, Duration.ofSeconds(1), 1, 1);
        refuses(List.of(N1), Duration.ZERO, 1, 1);
        refuses(List.of(N1), Duration.ofSeconds(1), 0, 1);
        refuses(List.of(N1), Duration.ofSeconds(1), 1, 0);
    }

    private static void refuses(List<HsmClientSettings.Node> nodes, Duration callTimeout, int window, int lanes) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new HsmClientSettings(nodes, TLS, "gw", callTimeout, window, lanes));
    }
}
