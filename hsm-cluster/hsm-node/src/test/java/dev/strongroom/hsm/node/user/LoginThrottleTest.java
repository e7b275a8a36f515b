package dev.strongroom.hsm.node.user;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {

    private long nanos = Long.MAX_VALUE - 5;
    private final LoginThrottle throttle = new LoginThrottle(() -> nanos);

    private void fail(String source) {
        for (int i = 0; i < LoginThrottle.MAX_FAILURES; i++) {
            assertTrue(throttle.admits(source), "after " + i + " failures");
            throttle.failed(source);
        }
    }

    @Test
    void fiveFailuresInAMinuteAreEnough() {
        fail("a");

        assertFalse(throttle.admits("a"));
        nanos += TimeUnit.SECONDS.toNanos(60);
        assertFalse(throttle.admits("a"));
        nanos += 1;
        assertTrue(throttle.admits("a"));
        fail("a");
        assertFalse(throttle.admits("a"));
    }

    @Test
    void aSourceIsNotPunishedForAnother() {
        fail("a");

        assertTrue(throttle.admits("b"));
    }

    @Test
    void manySourcesDoNotGrowItWithoutBounds() {
        for (int i = 0; i < 5_000; i++) {
            if (throttle.admits("s" + i)) {
                throttle.failed("s" + i);
            }
        }
        assertFalse(throttle.admits("one more"));
        nanos += TimeUnit.SECONDS.toNanos(61);
        assertTrue(throttle.admits("one more"), "the past is forgotten");
    }
}
