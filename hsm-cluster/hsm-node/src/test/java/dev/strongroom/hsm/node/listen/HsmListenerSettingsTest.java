package dev.strongroom.hsm.node.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HsmListenerSettingsTest {

    @Test
    void whatIsNotSaidIsThis() {
        assertEquals(
                new HsmListenerSettings("0.0.0.0", 7070, 1, 1_024, 8_192, Duration.ofSeconds(10)),
                HsmListenerSettings.of("0.0.0.0", 7070));
    }

    @ParameterizedTest
    @CsvSource({"-1, 1, 1, 1", "65536, 1, 1, 1", "7070, 0, 1, 1", "7070, 1, 0, 1", "7070, 1, 1, 0", "0, 2, 1, 1"})
    void whatCannotWorkIsRefused(int port, int eventLoops, int connectionWindow, int nodeWindow) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new HsmListenerSettings(
                        "localhost", port, eventLoops, connectionWindow, nodeWindow, Duration.ofSeconds(1)));
    }
}
