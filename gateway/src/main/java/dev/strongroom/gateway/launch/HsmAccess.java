package dev.strongroom.gateway.launch;

import dev.strongroom.hsm.node.Ceremony;
import dev.strongroom.hsm.node.NodeStartException;
import dev.strongroom.hsm.node.TlsFiles;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.protocol.HsmClient;
import dev.strongroom.hsm.protocol.HsmClientSettings;
import dev.strongroom.hsm.protocol.Plaintext;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.HexFormat;

/** The way to a cluster for a user of it, whose folder {@code strongroom hsm init} made. */
final class HsmAccess {

    private HsmAccess() {}

    static HsmClient open(Vertx vertx, GatewayConfig.Hsm hsm, int loops) {
        requireOwnCertificate(hsm);
        return LaunchParts.await(
                HsmClient.open(vertx, hsm(hsm, loops), credential(hsm), System::nanoTime), "the HSM cluster");
    }

    /** Better found now than by the nodes, which hang up and say nothing. */
    private static void requireOwnCertificate(GatewayConfig.Hsm hsm) {
        try {
            var unused = TlsFiles.in(hsm.identity())
                    .readAs(
                            PeerIdentity.gateway(hsm.user()),
                            LaunchParts.entropy().asSecureRandom(),
                            InstantSource.system().instant());
        } catch (NodeStartException e) {
            throw new LaunchException(String.valueOf(e.getMessage()));
        }
    }

    private static HsmClientSettings hsm(GatewayConfig.Hsm hsm, int loops) {
        var files = TlsFiles.in(hsm.identity());
        var nodes = hsm.nodes().stream()
                .map(node -> new HsmClientSettings.Node(
                        node.id(), node.address().host(), node.address().port()))
                .toList();
        var usual = HsmClientSettings.of(
                nodes, new HsmClientSettings.Tls(files.privateKey(), files.chain(), files.authority()), hsm.user());
        return new HsmClientSettings(
                usual.nodes(), usual.tls(), usual.user(), usual.callTimeout(), usual.window(), loops);
    }

    private static Plaintext credential(GatewayConfig.Hsm hsm) {
        var path = hsm.identity().resolve(Ceremony.CREDENTIAL);
        try {
            return Plaintext.wrap(HexFormat.of().parseHex(Files.readString(path).strip()));
        } catch (IOException | IllegalArgumentException e) {
            throw new LaunchException(path + ": is not the credential that strongroom hsm init made; copy it anew");
        }
    }
}
