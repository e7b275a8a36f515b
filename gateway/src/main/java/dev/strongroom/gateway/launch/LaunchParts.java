package dev.strongroom.gateway.launch;

import dev.strongroom.gateway.admin.Administration;
import dev.strongroom.gateway.admin.CredentialSource;
import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.gateway.audit.AuditSettings;
import dev.strongroom.gateway.audit.LineAuditLog;
import dev.strongroom.gateway.http.ClockAndIds;
import dev.strongroom.hsm.node.AttestationRoots;
import dev.strongroom.hsm.node.NodeStartException;
import dev.strongroom.hsm.node.NodeSurroundings;
import dev.strongroom.hsm.node.cluster.Reason;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.user.FreshCredentials;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.Plaintext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** What whole processes are put together from: clocks, randomness, event loops. */
final class LaunchParts {

    private static final long START_SECONDS = 120;

    /** Read by logback.xml when the first logger is made. */
    private static final String LOG_LEVEL = "strongroom.log";

    private static final AtomicInteger EXIT_CODE = new AtomicInteger(ExitCodes.DONE);

    private LaunchParts() {}

    static Entropy entropy() {
        var boot = UUID.randomUUID();
        var id = ByteBuffer.allocate(24)
                .putLong(boot.getMostSignificantBits())
                .putLong(boot.getLeastSignificantBits())
                .putLong(ProcessHandle.current().pid());
        return Entropy.start(Bytes.wrap(id.array()), System::nanoTime);
    }

    /** @param attestationRoots PEM files of what may vouch for enclaves */
    static NodeSurroundings node(List<Path> attestationRoots) {
        try {
            return new NodeSurroundings(
                    entropy(),
                    InstantSource.system(),
                    System::nanoTime,
                    StrongroomVersion.current(),
                    AttestationRoots.read(attestationRoots));
        } catch (NodeStartException e) {
            throw new LaunchException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * For a gateway. Its ids need to be different from each other, not secret, so they come from a generator without a
     * lock.
     */
    static ClockAndIds gateway() {
        return new ClockAndIds(InstantSource.system(), System::nanoTime, LaunchParts::randomId);
    }

    /**
     * Opens the record of requests.
     *
     * @param toScreen also, or only, on standard output
     */
    static AuditLog auditLog(Optional<Path> file, boolean toScreen, AuditSettings settings) {
        try {
            return LineAuditLog.open(
                    file, toScreen ? Optional.of(System.out) : Optional.empty(), settings, InstantSource.system());
        } catch (IOException e) {
            throw new LaunchException("the audit log cannot be opened: " + e.getMessage());
        }
    }

    /** Administration of who callers are, through {@code hsm} as an identity administrator sees it. */
    static Administration administration(Hsm hsm) {
        var entropy = entropy();
        var credentials = new CredentialSource() {
            @Override
            public String newId(String prefix) {
                return FreshCredentials.newId(prefix, entropy);
            }

            @Override
            public Plaintext newSecret() {
                return FreshCredentials.newSecret(entropy);
            }
        };
        return new Administration(hsm, credentials, entropy::newUuid);
    }

    private static UUID randomId() {
        var random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
        return new UUID(high, low);
    }

    static Vertx vertx(int loops) {
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(Math.max(loops, 1)));
    }

    /** One event loop a processor. */
    static int loops() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    /** Waits for the start of a part; its failure becomes the one line that the operator sees. */
    static <T> T await(Future<T> started, String what) {
        try {
            return started.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new LaunchException(what + ": " + Reason.of(e));
        } catch (TimeoutException e) {
            throw new LaunchException(what + ": did not start within " + START_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException(what + ": interrupted");
        }
    }

    /**
     * Runs {@code stop} when the process is asked to end (Ctrl-C, SIGTERM), and ends it with 0: a server that stops when it
     * is told to has done what was asked. With 1 if {@link #giveUp} asked, or it does not stop in order.
     */
    static void onExit(Runnable stop) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            int code = ExitCodes.REFUSED;
                            try {
                                stop.run();
                                code = EXIT_CODE.get();
                            } finally {
                                Runtime.getRuntime().halt(code);
                            }
                        },
                        "stop"));
    }

    /** Ends the process as failed; who calls has told the operator why. Returns at once. */
    static void giveUp() {
        EXIT_CODE.set(ExitCodes.REFUSED);
        var end = new Thread(() -> System.exit(ExitCodes.REFUSED), "end");
        end.setDaemon(true);
        end.start();
    }

    /** For a person at a terminal, to whom the course of things is noise: the log begins with warnings. */
    static void logOnlyWarnings() {
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "WARN");
        }
    }
}
