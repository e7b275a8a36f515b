package dev.strongroom.conformance.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects the samples of all rounds and says of each row which one counts. */
final class LoadReport {

    static final String ECHO = "echo";

    /** What a row is about. */
    record Row(String operation, int connections, String server) {}

    /**
     * One run.
     *
     * @param micros of processor time that the server took per request
     */
    record Sample(double perSecond, double p50, double p99, double micros, long failed) {

        static Sample of(LoadGenerator.Result result, double processorSeconds) {
            return new Sample(
                    result.perSecond(),
                    result.nanos().getValueAtPercentile(50) / 1e3,
                    result.nanos().getValueAtPercentile(99) / 1e3,
                    processorSeconds * 1e6 / Math.max(1, result.nanos().getTotalCount()),
                    result.failed());
        }
    }

    private final Map<Row, List<Sample>> samples = new LinkedHashMap<>();

    void add(Row row, Sample sample) {
        samples.computeIfAbsent(row, unused -> new ArrayList<>()).add(sample);
    }

    /**
     * A table in Markdown. Of each row's runs the one counts in which a request took the least processor time: whatever else
     * the machine did can only have made it more.
     */
    String markdown() {
        var text =
                new StringBuilder("| operation | connections | server | requests/s | p50 µs | p99 µs | CPU µs/request"
                        + " | over the echo | failed |\n|---|---:|---|---:|---:|---:|---:|---:|---:|\n");
        for (var row : rows()) {
            var best = best(row);
            var echo = best(new Row(row.operation(), row.connections(), ECHO));
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %,.0f | %,.0f | %,.0f | %.1f | %s | %d |%n",
                    row.operation(),
                    row.connections(),
                    row.server(),
                    best.perSecond(),
                    best.p50(),
                    best.p99(),
                    best.micros(),
                    row.server().equals(ECHO) ? "–" : String.format(Locale.ROOT, "%.1f", best.micros() - echo.micros()),
                    samples.getOrDefault(row, List.of()).stream()
                            .mapToLong(Sample::failed)
                            .sum()));
        }
        return text.toString();
    }

    private List<Row> rows() {
        var order = new ArrayList<>(samples.keySet());
        var servers = order.stream().map(Row::server).distinct().toList();
        var operations = order.stream().map(Row::operation).distinct().toList();
        order.sort(Comparator.comparingInt((Row row) -> operations.indexOf(row.operation()))
                .thenComparingInt(Row::connections)
                .thenComparingInt(row -> servers.indexOf(row.server())));
        return order;
    }

    private Sample best(Row row) {
        return samples.getOrDefault(row, List.of()).stream()
                .min(Comparator.comparingDouble(Sample::micros))
                .orElseThrow(() -> new IllegalStateException("never ran: " + row));
    }
}
