package dev.strongroom.hsm.node.listen;

import java.time.Duration;

/**
 * Where a node listens and how much it takes on.
 *
 * @param port 0 for any that is free, which one event loop alone can listen on
 * @param eventLoops how many event loops share the connections
 * @param connectionWindow commands of one connection that may be under way
 * @param nodeWindow commands of all connections that may be under way
 * @param loginTimeout how long a connection may stay without a login
 */
public record HsmListenerSettings(
        String host, int port, int eventLoops, int connectionWindow, int nodeWindow, Duration loginTimeout) {

    public HsmListenerSettings {
        if (port < 0 || port > 65_535 || eventLoops < 1 || connectionWindow < 1 || nodeWindow < 1) {
            throw new IllegalArgumentException("a port is 0 to 65535; event loops and windows are positive");
        }
        if (port == 0 && eventLoops > 1) {
            throw new IllegalArgumentException("several event loops share a port by its number: give one");
        }
    }

    /** One event loop, 1,024 commands for a connection, 8,192 for the node, ten seconds to log in. */
    public static HsmListenerSettings of(String host, int port) {
        return new HsmListenerSettings(host, port, 1, 1_024, 8_192, Duration.ofSeconds(10));
    }
}
