package dev.strongroom.gateway.launch;

import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.gateway.audit.AuditSettings;
import dev.strongroom.gateway.http.HttpSettings;
import dev.strongroom.gateway.http.KmsEndpoint;
import dev.strongroom.gateway.http.RequestMetrics;
import dev.strongroom.gateway.sigv4.RequestSigner;
import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.node.NodeStartException;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Stamp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code strongroom dev}: gateway and HSM node in one process, for development and tests. */
@picocli.CommandLine.Command(
        name = "dev",
        description = {
            "Starts Strongroom in one process, for development and tests: the KMS API at http://127.0.0.1:8400, one",
            "HSM node behind it, credentials test/test in account 000000000000, every Region."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.ON_DONE, ExitCodes.ON_REFUSED, ExitCodes.ON_USAGE})
final class DevCommand implements Runnable {

    private static final int PORT = 8400;

    /** That of the README; every other works as well. */
    private static final String REGION = "eu-west-1";

    /** What was tried out is worth less than the room on a developer's disk. */
    private static final AuditSettings DEV_AUDIT = new AuditSettings(16L << 20, 4);

    @Spec
    private CommandSpec spec;

    @Option(names = "--host", paramLabel = "HOST", defaultValue = "127.0.0.1", description = "Where to listen.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the KMS API; 0 for any free one. Default 8400.")
    private int port = PORT;

    @Option(names = "--data", paramLabel = "FOLDER", description = "Where keys are kept. Default ./data.")
    private Path data = Path.of("data");

    @Option(names = "--in-memory", description = "Keep nothing: all keys are gone when it stops.")
    private boolean inMemory;

    @Option(
            names = "--credentials",
            paramLabel = "ACCESSKEY:SECRET@ACCOUNT",
            description = "Further root credentials of an account; may be repeated.")
    private List<String> credentials = List.of();

    @Option(
            names = "--attestation-root",
            paramLabel = "FILE",
            description = "Certificate (PEM) that attestation documents of enclaves must chain to; may be repeated."
                    + " Without one every Recipient is refused.")
    private List<Path> attestationRoots = List.of();

    @Option(
            names = "--audit",
            paramLabel = "FILE",
            description = "Where each request is recorded, one line of JSON; - for standard output."
                    + " Default audit.log in the data folder, nowhere with --in-memory.")
    private @Nullable Path audit;

    @Option(
            names = "--allow-remote",
            description =
                    "Listen beyond loopback although the credentials are known to everybody and nothing is encrypted.")
    private boolean allowRemote;

    @Override
    public void run() {
        LaunchParts.logOnlyWarnings();
        if (port < 0 || port > Endpoint.MAX_PORT) {
            throw new UsageException("--port " + port + ": a port is 0 to " + Endpoint.MAX_PORT);
        }
        if (!allowRemote && !new Endpoint(host, port).isLoopback()) {
            throw new UsageException("--host " + host + " is not loopback: everybody knows the credentials of this mode"
                    + " and nothing is encrypted; run a cluster, or say --allow-remote");
        }
        var accounts = new ArrayList<DevCredentials>();
        accounts.add(new DevCredentials("test", "test", "000000000000"));
        credentials.forEach(text -> accounts.add(DevCredentials.parse(text)));
        var node = openNode();
        try {
            var disabled =
                    accounts.stream().filter(account -> !install(node, account)).toList();
            accounts.removeAll(disabled);
            serve(node, accounts, disabled);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private HsmNode openNode() {
        try {
            var surroundings = LaunchParts.node(attestationRoots);
            return inMemory ? HsmNode.openInMemory(surroundings) : HsmNode.openEmbedded(data, surroundings);
        } catch (NodeStartException e) {
            throw new LaunchException(String.valueOf(e.getMessage()));
        }
    }

    private void serve(HsmNode node, List<DevCredentials> enabled, List<DevCredentials> disabled) {
        int loops = LaunchParts.loops();
        var vertx = LaunchParts.vertx(loops);
        var settings = new HttpSettings(host, port, null, loops);
        KmsEndpoint endpoint;
        AuditLog log = AuditLog.none();
        try {
            log = openLog();
            endpoint = LaunchParts.await(
                    KmsEndpoint.open(
                            vertx,
                            settings,
                            node.gateway(),
                            LaunchParts.gateway(),
                            new RequestMetrics(),
                            log,
                            Optional.of(LaunchParts.administration(node.identityAdmin()))),
                    "cannot listen on " + new Endpoint(host, port));
        } catch (LaunchException e) {
            LaunchParts.await(vertx.close(), "stopping");
            log.close();
            throw e;
        }
        var opened = log;
        node.onFailure(LaunchParts::giveUp);
        LaunchParts.onExit(() -> {
            LaunchParts.await(endpoint.close(), "stopping");
            LaunchParts.await(vertx.close(), "stopping");
            opened.close();
            node.close();
        });
        print(new Endpoint(host, endpoint.port()), enabled, disabled);
    }

    private AuditLog openLog() {
        var file = audit != null ? audit : data.resolve("audit.log");
        if (audit == null && inMemory) {
            return AuditLog.none();
        }
        return file.toString().equals("-")
                ? LaunchParts.auditLog(Optional.empty(), true, DEV_AUDIT)
                : LaunchParts.auditLog(Optional.of(file), false, DEV_AUDIT);
    }

    private void print(Endpoint at, List<DevCredentials> enabled, List<DevCredentials> disabled) {
        var screen = spec.commandLine().getOut();
        screen.println(
                "Strongroom serves the KMS API; " + (inMemory ? "nothing is kept." : "keys are kept in " + data + "."));
        screen.println();
        screen.println("  export AWS_ENDPOINT_URL_KMS=http://" + at);
        screen.println("  export AWS_ENDPOINT_URL_STS=http://" + at);
        if (!enabled.isEmpty()) {
            screen.println("  export AWS_ACCESS_KEY_ID=" + enabled.get(0).accessKeyId());
            screen.println("  export AWS_SECRET_ACCESS_KEY=" + enabled.get(0).secretKey());
        }
        // The AWS CLI before version 2 and the SDK for Python read the second name only.
        screen.println("  export AWS_REGION=" + REGION + " AWS_DEFAULT_REGION=" + REGION);
        screen.println("  aws kms create-key");
        screen.println();
        for (var key : disabled) {
            screen.println("The access key " + key.accessKeyId() + " is disabled: it opens nothing. With another of the"
                    + " same account's root:");
            screen.println("  strongroom admin access-key enable " + key.accessKeyId());
            screen.println("If you have none, start with --credentials ANOTHER:SECRET@" + key.accountId()
                    + ", which makes it.");
            screen.println();
        }
        screen.println("Ctrl-C stops it.");
        screen.flush();
    }

    /**
     * Installing the same credentials again changes nothing, so a second start on the same folder does no harm; others
     * under the same id are not what it was asked for. The account is open: tests name principals that nobody made.
     *
     * @return whether they open anything; whoever administers the account may have disabled them, and so they stay
     */
    private boolean install(HsmNode node, DevCredentials account) {
        var open = new IdentityRecord.Account(new Stamp(0, 0, 0), account.accountId(), true, Instant.EPOCH);
        var unused = isNew(node, account, new IdentityCommand.CreateIdentity(UUID.randomUUID(), open));
        var secret = Plaintext.wrap(account.secretKey().getBytes(StandardCharsets.UTF_8));
        var command = new IdentityCommand.CreateAccessKey(
                UUID.randomUUID(), account.accessKeyId(), account.accountId(), account.rootArn(), secret);
        if (isNew(node, account, command)) {
            return true;
        }
        var kept = isKept(node, account);
        if (kept.isPresent() && !kept.get()) {
            throw new LaunchException("the access key " + account.accessKeyId() + " is kept in " + data
                    + " already, with another secret or account; remove it with strongroom admin access-key delete, or"
                    + " choose another id");
        }
        return kept.isPresent();
    }

    /** Whether the access key of that id is this one; empty of one that is disabled, of which that is not told. */
    private static Optional<Boolean> isKept(HsmNode node, DevCredentials account) {
        var today = DateTimeFormatter.BASIC_ISO_DATE.format(
                LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC));
        var asked = new LookupCommand.DeriveSigningKey(
                account.accessKeyId(), today, REGION, "kms", Bytes.empty(), Freshness.LOCAL);
        try {
            var found = node.gateway().call(asked).toCompletableFuture().join();
            try (var key = found.key()) {
                var expected = RequestSigner.signingKey(account.secretKey(), today, REGION, "kms");
                return Optional.of(key.use(octets -> MessageDigest.isEqual(octets, expected))
                        && found.caller().identity().accountId().equals(account.accountId()));
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof Refused refused && refused.refusal() == Refusal.NOT_FOUND) {
                return Optional.empty();
            }
            throw new LaunchException("the credentials " + account.accessKeyId() + " cannot be installed: "
                    + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
    }

    /** Whether it was done; not if there is such a thing already. */
    private static boolean isNew(HsmNode node, DevCredentials account, IdentityCommand<?> command) {
        try {
            var unused =
                    node.identityAdmin().call(command).toCompletableFuture().join();
            return true;
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof Refused refused) || refused.refusal() != Refusal.ALREADY_EXISTS) {
                throw new LaunchException("the credentials " + account.accessKeyId() + " cannot be installed: "
                        + (e.getCause() == null ? e : e.getCause()).getMessage());
            }
            return false;
        }
    }
}
