package dev.strongroom.conformance.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the JMH benchmarks of this package and writes their table into BENCHMARKS.md, which is the one argument: how long an
 * operation takes, and what it allocates.
 */
public final class PartsMain {

    private static final int WARM_UP_SECONDS = 4;
    private static final int SECONDS = 5;

    /** As the profiler calls it: bytes per operation. */
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private PartsMain() {}

    public static void main(String[] args) throws RunnerException, IOException {
        var options = new OptionsBuilder()
                .include(PartsMain.class.getPackageName() + ".*Benchmark")
                .mode(Mode.SampleTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(1)
                .jvmArgs("-Xms512m", "-Xmx512m")
                .warmupIterations(WARM_UP_SECONDS)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(SECONDS)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .build();
        var table =
                new StringBuilder("| benchmark | median, µs | 90 %, µs | heap per call, B |\n|---|---:|---:|---:|\n");
        for (var result : new Runner(options).run()) {
            table.append(row(result));
        }
        new BenchmarksFile(Path.of(args[0])).replace("jmh", table.toString());
    }

    private static String row(RunResult result) {
        var score = result.getPrimaryResult();
        var name = result.getParams().getBenchmark().replaceAll(".*\\.([^.]+)Benchmark\\.", "$1 ");
        var size = result.getParams().getParam("plaintextBytes");
        return String.format(
                Locale.ROOT,
                "| %s%s | %.2f | %.2f | %.0f |%n",
                name,
                size == null ? "" : " " + size + " B",
                score.getStatistics().getPercentile(50),
                score.getStatistics().getPercentile(90),
                Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED), ALLOCATED)
                        .getScore());
    }
}
