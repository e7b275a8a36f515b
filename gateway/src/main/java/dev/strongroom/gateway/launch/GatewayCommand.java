package dev.strongroom.gateway.launch;

import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.gateway.audit.AuditSettings;
import dev.strongroom.gateway.http.HttpSettings;
import dev.strongroom.gateway.http.KmsEndpoint;
import dev.strongroom.gateway.http.ManagementEndpoint;
import dev.strongroom.gateway.http.RequestMetrics;
import dev.strongroom.hsm.node.Ceremony;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code strongroom gateway}: serves the KMS API for a cluster. */
@Command(
        name = "gateway",
        description = "Serves the KMS API in front of an HSM cluster. Holds no keys; may be killed at any moment.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.ON_DONE, ExitCodes.ON_REFUSED, ExitCodes.ON_USAGE})
final class GatewayCommand implements Runnable {

    static final String PREFIX = "STRONGROOM_GATEWAY_";

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Its configuration.")
    private Path file = Path.of("");

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of the configuration.")
    private List<String> settings = List.of();

    @Override
    public void run() {
        var config = ConfigReader.read(GatewayConfig.class, file, PREFIX, System.getenv(), settings);
        if (config.tls() == null && !config.listen().isLoopback()) {
            throw new LaunchException("listen " + config.listen() + " is not loopback: give a certificate under tls");
        }
        int loops = LaunchParts.loops();
        var vertx = LaunchParts.vertx(loops);
        var client = HsmAccess.open(vertx, config.hsm(), loops);
        var admin = Optional.ofNullable(config.identityAdmin())
                .map(folder -> HsmAccess.open(
                        vertx,
                        new GatewayConfig.Hsm(
                                Ceremony.ADMIN, folder, config.hsm().nodes()),
                        1));
        var metrics = new RequestMetrics();
        var log = auditLog(config.audit());
        var management = config.management();
        if (management != null) {
            var unused = LaunchParts.await(
                    ManagementEndpoint.open(vertx, management.host(), management.port(), client, metrics),
                    "cannot listen on " + management);
        }
        var endpoint = LaunchParts.await(
                KmsEndpoint.open(
                        vertx,
                        http(config, loops),
                        client,
                        LaunchParts.gateway(),
                        metrics,
                        log,
                        admin.map(LaunchParts::administration)),
                "cannot listen on " + config.listen());
        LaunchParts.onExit(() -> {
            LaunchParts.await(endpoint.close(), "stopping");
            LaunchParts.await(client.close(), "stopping");
            admin.ifPresent(found -> LaunchParts.await(found.close(), "stopping"));
            LaunchParts.await(vertx.close(), "stopping");
            log.close();
        });
        var screen = spec.commandLine().getOut();
        screen.println("ready " + new Endpoint(config.listen().host(), endpoint.port()));
        screen.flush();
    }

    private AuditLog auditLog(GatewayConfig.@Nullable Audit audit) {
        var beside = file.toAbsolutePath().resolveSibling("audit.log");
        if (audit == null) {
            return LaunchParts.auditLog(Optional.of(beside), false, AuditSettings.usual());
        }
        var usual = AuditSettings.usual();
        var settings = new AuditSettings(
                audit.maxMegabytes() == null ? usual.maxBytes() : (long) audit.maxMegabytes() << 20,
                audit.keep() == null ? usual.keep() : audit.keep());
        return LaunchParts.auditLog(
                Optional.of(audit.file() == null ? beside : audit.file()),
                Boolean.TRUE.equals(audit.stdout()),
                settings);
    }

    private static HttpSettings http(GatewayConfig config, int loops) {
        var tls = config.tls();
        return new HttpSettings(
                config.listen().host(),
                config.listen().port(),
                tls == null ? null : new HttpSettings.Tls(tls.certificate(), tls.key()),
                loops);
    }
}
