package dev.strongroom.gateway.launch;

import dev.strongroom.gateway.audit.TrailJoin;
import dev.strongroom.hsm.node.audit.ServedCommand;
import dev.strongroom.hsm.node.audit.TrailReport;
import dev.strongroom.hsm.node.audit.TrailVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strongroom hsm audit verify}. */
@Command(
        name = "verify",
        description = {
            "Checks audit trails from their files alone: that no record was changed, dropped, moved or added, and that no",
            "trail is shorter than what it had told the others. Give the trails of all nodes together: the end of each",
            "is vouched for by the others.",
            "With the logs of all gateways it also checks that what callers were told is what the nodes have on record:",
            "for each request that used or changed something, the operation, whether it succeeded, the keys among its",
            "resources, other ids and ARNs of keys that it names, the new session, and of a change over the management",
            "API the kind and name of what was changed. Everything else in a line is the gateway's word alone: who asked",
            "from where and when, aliases, encryption contexts, all other parameters and answers, and what only read.",
            "Exit code 0: intact. 1: damaged, or logs and trails differ; one line for each finding. 2: wrong usage."
        },
        mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {

    private static final int INTACT = 0;
    private static final int DAMAGED = 1;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FOLDER", description = "The trail of a node.")
    private List<Path> folders = List.of();

    @Option(
            names = "--certificates",
            paramLabel = "FILE",
            description = "The cluster's CA (identity/cluster-ca.pem of any node): checks whose the signatures are.")
    private @Nullable Path certificates;

    @Mixin
    private AuditRoot auditRoot = new AuditRoot();

    @Option(
            names = "--gateway-log",
            paramLabel = "FILE",
            description =
                    "The audit log of a gateway; the files that were set aside beside it are read too. Once for each"
                            + " gateway.")
    private List<Path> gatewayLogs = List.of();

    @Override
    public Integer call() {
        var authority = authority();
        var join = new TrailJoin();
        try (var root = auditRoot.open()) {
            var report = new TrailVerifier(Optional.ofNullable(root.key()), authority)
                    .verify(folders, gatewayLogs.isEmpty() ? command -> {} : command -> take(command, join));
            for (var log : gatewayLogs) {
                join.log(log);
            }
            if (!gatewayLogs.isEmpty()) {
                join.end();
            }
            print(report, join, authority.isPresent(), root.key() != null);
            return report.isIntact() && join.findings().isEmpty() ? INTACT : DAMAGED;
        } catch (IOException e) {
            var why = e instanceof NoSuchFileException ? "there is no " : "a trail or log cannot be read: ";
            throw new LaunchException(why + e.getMessage());
        }
    }

    private static void take(ServedCommand command, TrailJoin join) {
        var place = command.place();
        join.recorded(
                command.requestId(),
                new TrailJoin.Done(
                        place.toString(),
                        place.node() + " " + place.boot() + " " + place.session(),
                        command.command(),
                        command.keys(),
                        command.about(),
                        command.commandId(),
                        command.result()));
    }

    private void print(TrailReport report, TrailJoin join, boolean hasAuthority, boolean hasRoot) {
        var screen = spec.commandLine().getOut();
        join.findings().forEach(finding -> screen.println("DIFFERS " + finding));
        join.notes().forEach(note -> screen.println("note    " + note));
        report.findings().forEach(finding -> screen.println("DAMAGED " + finding));
        report.notes().forEach(note -> screen.println("note    " + note));
        for (var trail : report.trails()) {
            screen.println("trail   " + trail.node() + ": records " + trail.first() + " to " + trail.last() + ", "
                    + trail.starts() + " starts, " + trail.checkpoints()
                    + " checkpoints, vouched for by other trails up"
                    + " to record " + trail.heldByPeers());
        }
        if (!gatewayLogs.isEmpty()) {
            screen.println("logs    " + join.requests() + " requests, " + join.joined()
                    + " of them used or changed something and stand in the trails");
        }
        if (!hasRoot) {
            screen.println("note    MACs were not checked: give --root-key");
        }
        if (!hasAuthority) {
            screen.println("note    whose the signatures are was not checked: give --certificates");
        }
        int findings = report.findings().size() + join.findings().size();
        screen.println(findings == 0 ? "intact" : "damaged: " + findings + " findings");
        screen.flush();
    }

    private Optional<X509Certificate> authority() {
        if (certificates == null) {
            return Optional.empty();
        }
        try (var in = Files.newInputStream(certificates)) {
            return Optional.of(
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
        } catch (NoSuchFileException e) {
            throw new LaunchException(certificates + ": there is no such file");
        } catch (IOException | CertificateException e) {
            throw new LaunchException(certificates + ": is not the certificate of a CA that can be read");
        }
    }
}
