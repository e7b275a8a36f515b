package dev.strongroom.conformance.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The end-to-end load run: Encrypt, Decrypt and GenerateDataKey at 1, 16 and 64 connections against the bare echo, the
 * embedded mode and a gateway in front of three nodes, in turns. Writes its table into BENCHMARKS.md.
 *
 * <p>Arguments: that file, how many rounds, and the seconds of each run.
 */
public final class LoadMain {

    private static final List<Integer> CONNECTIONS = List.of(1, 16, 64);
    private static final int WARM_UP_CONNECTIONS = 64;
    private static final int WARM_UP_SECONDS = 30;

    private LoadMain() {}

    public static void main(String[] args) throws IOException {
        var file = new BenchmarksFile(Path.of(args[0]));
        int rounds = Integer.parseInt(args[1]);
        var length = Duration.ofSeconds(Integer.parseInt(args[2]));
        var report = new LoadReport();
        try (var all = Servers.start()) {
            warmUp(all.servers());
            for (int round = 1; round <= rounds; round++) {
                System.out.println("round " + round + " of " + rounds);
                round(all.servers(), length, report);
            }
        }
        System.out.println(report.markdown());
        file.replace("load", report.markdown());
    }

    private static void warmUp(List<Servers.Server> servers) throws IOException {
        for (var server : servers) {
            System.out.println("warming up: " + server.name());
            for (var request : server.requests().get().values()) {
                long left = server.warmUpRequests();
                for (int second = 0; left > 0 && second < WARM_UP_SECONDS; second++) {
                    left -= LoadGenerator.run(server.endpoint(), request, WARM_UP_CONNECTIONS, Duration.ofSeconds(1))
                            .nanos()
                            .getTotalCount();
                }
            }
        }
    }

    private static void round(List<Servers.Server> servers, Duration length, LoadReport report) throws IOException {
        for (var operation : servers.get(0).requests().get().keySet()) {
            for (int connections : CONNECTIONS) {
                for (var server : servers) {
                    var request = Objects.requireNonNull(server.requests().get().get(operation));
                    double before = ProcessorTime.seconds(server.pids());
                    var result = LoadGenerator.run(server.endpoint(), request, connections, length);
                    double used = ProcessorTime.seconds(server.pids()) - before;
                    report.add(
                            new LoadReport.Row(operation, connections, server.name()),
                            LoadReport.Sample.of(result, used));
                }
            }
        }
    }
}
