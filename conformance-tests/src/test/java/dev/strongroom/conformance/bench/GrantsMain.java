package dev.strongroom.conformance.bench;

import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.node.NodeSurroundings;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantCommand.FindGrants.Contexts;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.UseCommand;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * What a node does with many grants on one key: one role, told apart by a pair of the encryption context. Prints a table in
 * Markdown. Arguments: how many, 50,000 if absent.
 */
public final class GrantsMain {

    private static final String ROLE = "arn:aws:iam::111122223333:role/volumes";
    private static final Scope SCOPE = new Scope("111122223333", "eu-west-1");
    private static final int AT_ONCE = 64;
    private static final int ROUNDS = 20_000;
    private static final double NANOS_PER_MICRO = 1e3;

    private final Hsm hsm;
    private final KeyRecord key;

    private GrantsMain(Hsm hsm) throws Exception {
        this.hsm = hsm;
        this.key = call(new ChangeCommand.CreateKey(
                        UUID.randomUUID(),
                        new KeyName(SCOPE, UUID.randomUUID().toString()),
                        new ChangeCommand.NewKey(
                                KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false),
                        new KeyRecord.Documents("", "{}", List.of()),
                        List.of()))
                .key();
    }

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 50_000;
        try (var node = HsmNode.openInMemory(new NodeSurroundings(
                Entropy.start(Bytes.wrap(new byte[16]), System::nanoTime),
                InstantSource.system(),
                System::nanoTime,
                "bench"))) {
            var run = new GrantsMain(node.gateway());
            System.out.println("| | 1 grant | " + count + " grants |");
            System.out.println("|---|---:|---:|");
            run.create(0, 1);
            var one = run.measured(1);
            long before = used();
            long begun = System.nanoTime();
            run.create(1, count);
            double seconds = (System.nanoTime() - begun) / 1e9;
            long bytes = (used() - before) / count;
            var many = run.measured(count);
            for (int i = 0; i < one.size(); i++) {
                System.out.printf(Locale.ROOT, "| %s, µs | %.1f | %.1f |%n", NAMES.get(i), one.get(i), many.get(i));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%ncreated %.0f a second, %d in flight; %d bytes of heap a grant%n",
                    count / seconds,
                    AT_ONCE,
                    bytes);
        }
    }

    private static final List<String> NAMES = List.of(
            "find the grant of a context",
            "find none for a context",
            "find grants for DescribeKey",
            "encrypt, resting on a grant",
            "a page of 100 (elapsed)",
            "revoke and make again (elapsed)");

    private List<Double> measured(int count) throws Exception {
        var grant = find(Map.of("volume", "vol-0", "tier", "gold")).get(0);
        var relying = new Authority(key.stamp(), List.of(grant.stamp()));
        return List.of(
                micros(ROUNDS, i -> find(Map.of("volume", "vol-" + i % count, "tier", "gold"))),
                micros(ROUNDS, i -> find(Map.of("volume", "none-" + i, "tier", "gold"))),
                micros(ROUNDS, i -> call(question("DescribeKey", Optional.empty()))),
                micros(ROUNDS, i -> call(new UseCommand.Encrypt(relying, Plaintext.wrap(new byte[32]), Bytes.empty()))),
                micros(
                        ROUNDS / 10,
                        i -> call(new GrantCommand.ListGrants(
                                new Authority(key.stamp(), List.of()),
                                Optional.empty(),
                                Optional.empty(),
                                new Page("", 100, 0))),
                        System::nanoTime),
                micros(ROUNDS / 20, i -> again(count), System::nanoTime));
    }

    private String again(int count) {
        var grant = find(Map.of("volume", "vol-" + (count - 1), "tier", "gold")).get(0);
        var unused = call(
                new GrantCommand.RevokeGrant(UUID.randomUUID(), new Authority(key.stamp(), List.of()), grant.stamp()));
        var made = call(creation(count - 1)).grant();
        if (made.id().isEmpty()) {
            throw new IllegalStateException("a grant without an id");
        }
        return made.id();
    }

    private List<GrantRecord> find(Map<String, String> context) {
        return call(question("Encrypt", Optional.of(context))).grants();
    }

    private GrantCommand.FindGrants question(String operation, Optional<Map<String, String>> context) {
        return new GrantCommand.FindGrants(
                key.name(), List.of(ROLE), List.of(operation), context.map(Contexts::exactly), Freshness.LOCAL);
    }

    private GrantCommand.CreateGrant creation(int number) {
        return new GrantCommand.CreateGrant(
                UUID.randomUUID(),
                new Authority(key.stamp(), List.<Stamp>of()),
                (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", ""),
                new GrantRecord.Terms(
                        ROLE,
                        Optional.empty(),
                        List.of("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey"),
                        new GrantRecord.Constraints(
                                Optional.empty(),
                                Optional.of(Map.of("volume", "vol-" + number, "tier", "gold")),
                                Optional.empty()),
                        ""),
                SCOPE.accountId());
    }

    private void create(int from, int to) throws InterruptedException {
        var free = new Semaphore(AT_ONCE);
        for (int i = from; i < to; i++) {
            free.acquire();
            var unused = hsm.call(creation(i)).whenComplete((made, failure) -> {
                if (failure != null) {
                    failure.printStackTrace();
                }
                free.release();
            });
        }
        free.acquire(AT_ONCE);
    }

    /** Processor time of this thread, which does all of it, after a warm-up as long. */
    private static double micros(int rounds, IntFunction<?> work) {
        return micros(rounds, work, ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
    }

    private static double micros(int rounds, IntFunction<?> work, LongSupplier clock) {
        for (int i = 0; i < rounds; i++) {
            Objects.requireNonNull(work.apply(i));
        }
        long begun = clock.getAsLong();
        for (int i = 0; i < rounds; i++) {
            Objects.requireNonNull(work.apply(i));
        }
        return (clock.getAsLong() - begun) / NANOS_PER_MICRO / rounds;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private <R extends Reply> R call(Command<R> command) {
        try {
            return hsm.call(command).toCompletableFuture().get(1, TimeUnit.MINUTES);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
