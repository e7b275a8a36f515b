package dev.strongroom.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.ClusterTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * Clients work while nodes and gateways are killed, stopped and restarted; then everything is killed at once and started from
 * disk, and what the clients were told is held against what is there.
 *
 * <p>{@code -Dcampaign.rounds} (1) rounds of {@code -Dcampaign.seconds} (40) each, from {@code -Dcampaign.seed} (printed).
 */
class KillCampaignTest {

    private static final int CLIENTS = 3;
    private static final int TURNS = 20;
    private static final int ROUNDS = Integer.getInteger("campaign.rounds", 1);
    private static final int SECONDS = Integer.getInteger("campaign.seconds", 40);
    private static final long SEED = Long.getLong("campaign.seed", 20_261_126);

    @TempDir
    private Path folder;

    private final List<KmsClient> open = new ArrayList<>();

    @Test
    void nothingAcknowledgedIsLostOrReversed() throws Exception {
        System.out.printf("campaign: seed %d, %d rounds of %d s%n", SEED, ROUNDS, SECONDS);
        try (var cluster = ClusterTarget.start(Files.createDirectory(folder.resolve("cluster")))) {
            var clients = IntStream.range(0, CLIENTS)
                    .mapToObj(number -> new CampaignClient(number, gateways(cluster), SEED + number))
                    .toList();
            long gap = 0;
            for (int round = 0; round < ROUNDS; round++) {
                // Nothing is wrong yet, so there is no excuse.
                clients.forEach(client -> untilAnswered(client::restrictInEveryWay));
                var end = new CountDownLatch(1);
                var nemesis = new Nemesis(cluster, SEED * 31 + round, end);
                long from = System.nanoTime();
                work(clients, nemesis, end);
                long to = System.nanoTime();
                gap = Math.max(gap, longestGap(clients, from, to));
                nemesis.powerCut();
                // After a restart the first requests may still find a node without a leader; they are made again.
                clients.forEach(client -> untilAnswered(client::inspect));
                report(round, clients, nemesis, gap);
                for (var client : clients) {
                    assertEquals(
                            List.of(),
                            ClientChecker.objections(client.log(), nemesis.unwell()),
                            () -> "round " + nemesis.story());
                }
                for (var restriction : Restriction.values()) {
                    assertTrue(strictUses(clients, nemesis, restriction) > 0, () -> "no use of a key " + restriction);
                }
            }
            assertOnRecord(cluster);
        } finally {
            open.forEach(KmsClient::close);
        }
    }

    /** Whatever was killed when: what callers were told is what the nodes have on record. */
    private static void assertOnRecord(ClusterTarget cluster) {
        Stream.concat(cluster.gateways().stream(), cluster.nodes().stream())
                .forEach(name -> cluster.member(name).kill());
        var logs = cluster.gateways().stream().map(cluster::log).toList();
        try (var verify = cluster.verifyAudit(logs)) {
            int code = verify.awaitExit();
            var output = verify.output();
            assertEquals(0, code, output);
            assertTrue(output.matches("(?s).*logs    [0-9]+ requests, [1-9][0-9]* of them used or changed.*"), output);
            System.out.println(output);
        }
    }

    private static void work(List<CampaignClient> clients, Nemesis nemesis, CountDownLatch end) throws Exception {
        var pool = Executors.newFixedThreadPool(CLIENTS + 1);
        try {
            var all = new ArrayList<>(clients.stream()
                    .map(client -> pool.submit(() -> client.run(() -> end.getCount() == 0)))
                    .toList());
            var faults = pool.submit(() -> {
                nemesis.run();
                return null;
            });
            boolean unused = end.await(SECONDS, TimeUnit.SECONDS);
            end.countDown();
            faults.get();
            for (var each : all) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void untilAnswered(BooleanSupplier turn) {
        int turns = 0;
        while (!turn.getAsBoolean()) {
            assertTrue(++turns < TURNS, "the cluster did not come to answer everything");
        }
    }

    private static long strictUses(List<CampaignClient> clients, Nemesis nemesis, Restriction restriction) {
        return clients.stream()
                .mapToLong(client -> ClientChecker.strictUses(client.log(), nemesis.unwell(), restriction))
                .sum();
    }

    private static long longestGap(List<CampaignClient> clients, long from, long to) {
        var times = LongStream.concat(
                        LongStream.of(from, to),
                        clients.stream()
                                .flatMapToLong(
                                        client -> client.log().served().stream().mapToLong(Long::longValue))
                                .filter(at -> at >= from && at <= to))
                .sorted()
                .toArray();
        return IntStream.range(1, times.length)
                .mapToLong(i -> times[i] - times[i - 1])
                .max()
                .orElse(0);
    }

    private static void report(int round, List<CampaignClient> clients, Nemesis nemesis, long gap) {
        var events = clients.stream()
                .flatMap(client -> client.log().events().stream())
                .toList();
        long writes = events.stream()
                .filter(event -> event instanceof ClientLog.KeyCreated
                        || (event instanceof ClientLog.StateAsked state && state.acknowledged())
                        || (event instanceof ClientLog.AliasAsked alias && alias.acknowledged()))
                .count();
        System.out.printf(
                "campaign: round %d, %d kills, %d pauses, %d power cuts of all five; so far %d keys and %d acknowledged writes,"
                        + " lost 0 unless said otherwise; %d uses tried that had been taken away, %d of them without excuse;"
                        + " longest gap of service %.1f s%n",
                round,
                nemesis.kills(),
                nemesis.pauses(),
                nemesis.powerCuts(),
                clients.stream().mapToInt(CampaignClient::keys).sum(),
                writes,
                events.stream().filter(ClientLog.UsedAfter.class::isInstance).count(),
                Stream.of(Restriction.values())
                        .mapToLong(restriction -> strictUses(clients, nemesis, restriction))
                        .sum(),
                gap / 1e9);
    }

    private List<KmsClient> gateways(ClusterTarget cluster) {
        var clients = cluster.gateways().stream()
                .map(gateway -> KmsClient.builder()
                        .endpointOverride(cluster.endpoint(gateway))
                        .region(Region.EU_WEST_1)
                        .credentialsProvider(cluster.credentials())
                        .httpClient(UrlConnectionHttpClient.builder()
                                .connectionTimeout(Duration.ofSeconds(2))
                                .socketTimeout(Duration.ofSeconds(15))
                                .build())
                        .overrideConfiguration(overrides -> overrides.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                        .build())
                .toList();
        open.addAll(clients);
        return clients;
    }
}
