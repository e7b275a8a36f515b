package dev.strongroom.gateway.launch;

import dev.strongroom.hsm.node.Ceremony;
import dev.strongroom.hsm.node.ClusterNode;
import dev.strongroom.hsm.node.cluster.Reason;
import dev.strongroom.hsm.node.seal.PassphraseSeal;
import dev.strongroom.hsm.node.seal.WrongSealException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code strongroom hsm init}: the ceremony that makes a cluster. */
@Command(
        name = "init",
        description = {
            "Makes a cluster: its certificate authority, its sealed root key, and a folder for each node and gateway.",
            "Prints the root credentials of the first account once."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.ON_DONE, ExitCodes.ON_REFUSED, ExitCodes.ON_USAGE})
final class HsmInitCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where the folders are made.")
    private Path out = Path.of(".");

    @Option(
            names = "--node",
            required = true,
            paramLabel = "ID=HOST:PORT,HOST:PORT",
            description = "A node: where gateways reach it, and where other nodes do. Once for each; 1, 3, 5 or 7.")
    private List<String> nodes = List.of();

    @Option(
            names = "--gateway",
            required = true,
            paramLabel = "NAME=HOST:PORT",
            description = "A gateway and where it serves the KMS API. Once for each.")
    private List<String> gateways = List.of();

    @Option(names = "--account", required = true, paramLabel = "ID", description = "First account, twelve digits.")
    private String account = "";

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Holds the passphrase that seals the root key; asked for on the terminal if absent.")
    private @Nullable Path passphraseFile;

    /** A node as the command line names it. */
    private record NodePlan(String id, Endpoint listen, Endpoint member) {}

    @Override
    public void run() {
        var nodePlans = nodes.stream().map(HsmInitCommand::node).toList();
        var gatewayPlans = gateways.stream().map(HsmInitCommand::gateway).toList();
        requireSensible(nodePlans, gatewayPlans);
        var entropy = LaunchParts.entropy();
        try (var seal = PassphraseSeal.of(Passphrase.readNew(passphraseFile), entropy)) {
            var outcome = Ceremony.hold(
                    out,
                    nodePlans.stream()
                            .map(plan -> new Ceremony.Machine(
                                    plan.id(),
                                    hosts(plan.listen().host(), plan.member().host())))
                            .toList(),
                    gatewayPlans.stream()
                            .map(plan -> new Ceremony.Machine(plan.id(), List.of()))
                            .toList(),
                    account,
                    seal,
                    entropy,
                    InstantSource.system());
            writeConfigurations(nodePlans, gatewayPlans);
            print(outcome);
        } catch (IOException | WrongSealException e) {
            throw new LaunchException(Reason.of(e));
        }
    }

    private void writeConfigurations(List<NodePlan> nodePlans, List<NodeAddress> gatewayPlans) throws IOException {
        var members = nodePlans.stream()
                .map(plan -> new NodeAddress(plan.id(), plan.member()))
                .toList();
        for (var plan : nodePlans) {
            var config = new NodeConfig(
                    plan.id(), plan.listen(), members, Path.of("data"), Path.of(Ceremony.IDENTITY), null, null, null);
            write(out.resolve(plan.id()).resolve("node.yaml"), config);
            ClusterNode.makeData(out.resolve(plan.id()).resolve(config.data()));
        }
        var addresses = nodePlans.stream()
                .map(plan -> new NodeAddress(plan.id(), plan.listen()))
                .toList();
        writeAdministrator(addresses);
        for (var plan : gatewayPlans) {
            var hsm = new GatewayConfig.Hsm(plan.id(), Path.of(Ceremony.IDENTITY), addresses);
            write(
                    out.resolve(plan.id()).resolve("gateway.yaml"),
                    new GatewayConfig(plan.address(), null, null, hsm, null, null));
        }
    }

    private void writeAdministrator(List<NodeAddress> nodes) throws IOException {
        var hsm = new GatewayConfig.Hsm(Ceremony.ADMIN, Path.of(Ceremony.IDENTITY), nodes);
        write(out.resolve(Ceremony.ADMIN).resolve("admin.yaml"), new AdminConfig(hsm, account));
    }

    private static void write(Path file, Object config) throws IOException {
        Files.writeString(file, ConfigReader.print(config), StandardOpenOption.CREATE_NEW);
    }

    private void print(Ceremony.Outcome outcome) {
        PrintWriter screen = spec.commandLine().getOut();
        screen.println("cluster " + outcome.lineage() + " made in " + out);
        screen.println();
        screen.println("Root credentials of account " + account + ", shown this once:");
        screen.println("  AWS_ACCESS_KEY_ID=" + outcome.accessKeyId());
        screen.println("  AWS_SECRET_ACCESS_KEY=" + outcome.secretKey());
        screen.println();
        screen.println("Copy each folder to its machine and remove it here. Keep " + out.resolve("ca") + " off line.");
        screen.println("Who has " + out.resolve(Ceremony.ADMIN) + " says who users are: strongroom admin --help.");
        screen.println("Keep the passphrase: without it, and a copy of a node's root.key, every key is lost.");
    }

    private void requireSensible(List<NodePlan> nodePlans, List<NodeAddress> gatewayPlans) {
        if (!account.matches("\\d{12}")) {
            throw new UsageException("--account " + account + ": an account is twelve digits");
        }
        if (nodePlans.size() % 2 == 0 || nodePlans.size() > 7) {
            throw new UsageException("a cluster begins with 1, 3, 5 or 7 nodes, not " + nodePlans.size());
        }
        var names = new ArrayList<String>();
        nodePlans.forEach(plan -> names.add(plan.id()));
        gatewayPlans.forEach(plan -> names.add(plan.id()));
        names.add("ca");
        names.add(Ceremony.ADMIN);
        if (new HashSet<>(names).size() < names.size()) {
            throw new UsageException("every node and gateway needs a name of its own, other than ca and admin");
        }
    }

    private static NodePlan node(String text) {
        var parts = text.split("[=,]", -1);
        if (parts.length != 3) {
            throw new UsageException("--node " + text + ": write it as n1=10.0.0.1:8411,10.0.0.1:8511");
        }
        return new NodePlan(name("--node", parts[0]), endpoint("--node", parts[1]), endpoint("--node", parts[2]));
    }

    private static NodeAddress gateway(String text) {
        var parts = text.split("=", -1);
        if (parts.length != 2) {
            throw new UsageException("--gateway " + text + ": write it as g1=127.0.0.1:8400");
        }
        return new NodeAddress(name("--gateway", parts[0]), endpoint("--gateway", parts[1]));
    }

    private static String name(String option, String text) {
        if (!text.matches("[a-z0-9][a-z0-9-]{0,30}")) {
            throw new UsageException(
                    option + " " + text + ": a name has up to 31 lower-case letters, digits and dashes");
        }
        return text;
    }

    private static Endpoint endpoint(String option, String text) {
        try {
            return Endpoint.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + e.getMessage());
        }
    }

    private static List<String> hosts(String listen, String member) {
        return listen.equals(member) ? List.of(listen) : List.of(listen, member);
    }
}
