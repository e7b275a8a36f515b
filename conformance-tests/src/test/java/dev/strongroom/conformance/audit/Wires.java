package dev.strongroom.conformance.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.conformance.subject.ClusterTarget;
import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;

/**
 * Taps on every wire of a cluster: between the nodes, between the first gateway and each node, and between a client and that
 * gateway, which is given TLS.
 *
 * <p>Members name each other by the same names everywhere, and believe nobody who calls himself by another. So each process
 * has a file of hosts of its own: in it a node's own name stands for where it listens, and another's for the tap before that.
 */
final class Wires implements AutoCloseable {

    private static final Pattern NODE_ADDRESS = Pattern.compile("(?m)^(\\s*-?\\s*address: \"?127\\.0\\.0\\.1:)(\\d+)");
    private static final String GATEWAY = "g1";

    private final List<WireTap> taps = new ArrayList<>();
    private final ClusterTarget cluster;
    private Optional<TappedTarget> client = Optional.empty();

    private Wires(ClusterTarget cluster) {
        this.cluster = cluster;
    }

    /** Changes the configuration of a cluster that was created by names and not started. */
    static Wires tap(ClusterTarget cluster) throws IOException, GeneralSecurityException {
        var wires = new Wires(cluster);
        try {
            wires.tapMembers();
            wires.tapNodes();
            wires.tapClient();
            return wires;
        } catch (IOException | GeneralSecurityException e) {
            wires.close();
            throw e;
        }
    }

    private void tapMembers() throws IOException {
        for (var node : cluster.nodes()) {
            int port = cluster.memberPort(node);
            taps.add(new WireTap(InetAddress.getByName(tapAddress(node)), port, port));
            var hosts = new ArrayList<>(
                    List.of("127.0.0.1 localhost " + InetAddress.getLocalHost().getHostName()));
            for (var named : cluster.nodes()) {
                hosts.add((named.equals(node) ? "127.0.0.1" : tapAddress(named)) + " " + named + ".test");
            }
            var file = cluster.folder().resolve(node + ".hosts");
            Files.write(file, hosts);
            cluster.give(node, List.of("-Djdk.net.hosts.file=" + file));
        }
    }

    /** 127.0.0.11 for n1. */
    private static String tapAddress(String node) {
        return "127.0.0.1" + node.substring(1);
    }

    private void tapNodes() throws IOException {
        var config = config();
        var text = new StringBuilder();
        var addresses = NODE_ADDRESS.matcher(Files.readString(config));
        while (addresses.find()) {
            var tap = new WireTap(Integer.parseInt(addresses.group(2)));
            taps.add(tap);
            addresses.appendReplacement(text, addresses.group(1) + tap.port());
        }
        addresses.appendTail(text);
        Files.writeString(config, text);
    }

    private Path config() {
        return cluster.folder().resolve(GATEWAY).resolve("gateway.yaml");
    }

    private void tapClient() throws IOException, GeneralSecurityException {
        var identity = CertificateAuthority.create("00".repeat(16), new SecureRandom(), InstantSource.system())
                .issue(PeerIdentity.node(GATEWAY), List.of("127.0.0.1"));
        var folder = Files.createDirectory(config().resolveSibling("tls"));
        Files.writeString(folder.resolve("certificate.pem"), identity.chainPem());
        Files.writeString(folder.resolve("key.pem"), identity.privateKeyPem());
        Files.writeString(
                config(),
                "\ntls:\n  certificate: tls/certificate.pem\n  key: tls/key.pem\n",
                StandardOpenOption.APPEND);
        var tap = new WireTap(cluster.endpoint(GATEWAY).getPort());
        taps.add(tap);
        client = Optional.of(new TappedTarget(
                cluster,
                URI.create("https://127.0.0.1:" + tap.port()),
                Optional.of(believing(identity.authorityPem()))));
    }

    private static TrustManagerFactory believing(String pem) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "authority",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII))));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    /** The first gateway as its clients reach it. */
    TappedTarget client() {
        return client.orElseThrow();
    }

    /** What passed each tap. */
    List<byte[]> taken() {
        return taps.stream().map(WireTap::taken).toList();
    }

    @Override
    public void close() throws IOException {
        for (var tap : taps) {
            tap.close();
        }
    }
}
