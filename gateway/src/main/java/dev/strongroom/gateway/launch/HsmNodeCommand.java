package dev.strongroom.gateway.launch;

import dev.strongroom.hsm.node.ClusterNode;
import dev.strongroom.hsm.node.NodeStartException;
import dev.strongroom.hsm.node.audit.TrailSettings;
import dev.strongroom.hsm.node.cluster.MemberAddress;
import dev.strongroom.hsm.node.listen.HsmListenerSettings;
import dev.strongroom.hsm.node.seal.PassphraseSeal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code strongroom hsm node}: runs one node of a cluster. */
@Command(
        name = "node",
        description =
                "Runs one node of an HSM cluster. Asks for the passphrase of the root key, or reads it from a file.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.ON_DONE, ExitCodes.ON_REFUSED, ExitCodes.ON_USAGE})
final class HsmNodeCommand implements Runnable {

    static final String PREFIX = "STRONGROOM_NODE_";

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Its configuration.")
    private Path file = Path.of("");

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of the configuration.")
    private List<String> settings = List.of();

    @Override
    public void run() {
        var config = ConfigReader.read(NodeConfig.class, file, PREFIX, System.getenv(), settings);
        var roots = config.attestationRoots();
        var surroundings = LaunchParts.node(roots == null ? List.of() : roots);
        int loops = LaunchParts.loops();
        var vertx = LaunchParts.vertx(loops);
        try (var seal = PassphraseSeal.of(Passphrase.read(config.passphraseFile()), surroundings.entropy())) {
            var node = ClusterNode.open(node(config, loops), seal, vertx, surroundings);
            node.onFailure(LaunchParts::giveUp);
            LaunchParts.onExit(() -> {
                node.close();
                LaunchParts.await(vertx.close(), "stopping");
            });
            var screen = spec.commandLine().getOut();
            screen.println("ready " + new Endpoint(config.listen().host(), node.port()));
            screen.flush();
        } catch (NodeStartException e) {
            LaunchParts.await(vertx.close(), "stopping");
            throw new LaunchException(String.valueOf(e.getMessage()));
        }
    }

    private static ClusterNode.Settings node(NodeConfig config, int loops) {
        var usual =
                HsmListenerSettings.of(config.listen().host(), config.listen().port());
        var members = new LinkedHashMap<String, MemberAddress>();
        config.members()
                .forEach(member -> members.put(
                        member.id(),
                        new MemberAddress(
                                member.address().host(), member.address().port())));
        return new ClusterNode.Settings(
                config.id(),
                new HsmListenerSettings(
                        usual.host(),
                        usual.port(),
                        loops,
                        usual.connectionWindow(),
                        usual.nodeWindow(),
                        usual.loginTimeout()),
                List.copyOf(members.keySet()),
                members,
                config.data(),
                config.identity(),
                audit(config));
    }

    private static ClusterNode.Audit audit(NodeConfig config) {
        var audit = config.audit();
        var beside = config.data().resolveSibling("audit");
        var folder = audit == null ? null : audit.folder();
        return new ClusterNode.Audit(
                folder == null ? beside : folder,
                audit != null && Boolean.TRUE.equals(audit.strict())
                        ? TrailSettings.Flush.STRICT
                        : TrailSettings.Flush.SOON);
    }
}
