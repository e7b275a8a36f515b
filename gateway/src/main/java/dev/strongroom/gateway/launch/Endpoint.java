package dev.strongroom.gateway.launch;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A host and a port, written {@code 127.0.0.1:8400}, {@code hsm1.example.internal:8411} or {@code [::1]:8400}.
 *
 * @param host name or address
 * @param port 0 to 65535; 0 means any free one where that makes sense
 */
record Endpoint(String host, int port) {

    static final int MAX_PORT = 65_535;

    @JsonCreator
    static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            var host = text.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port >= 0 && port <= MAX_PORT && !host.isEmpty()) {
                    return new Endpoint(host, port);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(wrong(text), e);
            }
        }
        throw new IllegalArgumentException(wrong(text));
    }

    private static String wrong(String text) {
        return "'" + text + "' is not host:port, such as 127.0.0.1:8400";
    }

    /** Whether only this machine can reach it; false for a name that does not resolve. */
    boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    @JsonValue
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
