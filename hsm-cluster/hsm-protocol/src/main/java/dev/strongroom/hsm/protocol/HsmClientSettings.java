package dev.strongroom.hsm.protocol;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where the nodes are and who the client is.
 *
 * @param nodes 1 to 64; all of one cluster
 * @param user the HSM user to log in as, the one that the client's certificate names
 * @param callTimeout how long a call may take in all, repetitions on other nodes included, unless its command says otherwise ({@link
 *     Command#limit})
 * @param window how many commands may be under way on one connection
 * @param lanes how many event loops have connections of their own, one to each node
 */
public record HsmClientSettings(List<Node> nodes, Tls tls, String user, Duration callTimeout, int window, int lanes) {

    private static final int MAX_NODES = 64;

    public HsmClientSettings {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty() || nodes.size() > MAX_NODES) {
            throw new IllegalArgumentException("a client needs 1 to 64 nodes");
        }
        if (nodes.stream().map(Node::id).distinct().count() != nodes.size()) {
            throw new IllegalArgumentException("a node is named twice");
        }
        if (callTimeout.isNegative() || callTimeout.isZero() || window < 1 || lanes < 1) {
            throw new IllegalArgumentException("call timeout, window and lanes must be positive");
        }
    }

    /** Ten seconds a call, 1,024 commands on the way, one lane. */
    public static HsmClientSettings of(List<Node> nodes, Tls tls, String user) {
        return new HsmClientSettings(nodes, tls, user, Duration.ofSeconds(10), 1_024, 1);
    }

    /** A node: the id that its certificate must name, and where it listens. */
    public record Node(String id, String host, int port) {}

    /** PEM files: the client's private key (PKCS#8), its certificate chain, and the one CA that it believes. */
    public record Tls(Path privateKey, Path chain, Path authority) {}
}
