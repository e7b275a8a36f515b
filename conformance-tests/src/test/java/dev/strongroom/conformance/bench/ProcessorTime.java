package dev.strongroom.conformance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Processor time that processes have used, user and system, from {@code /proc/PID/stat} (proc(5)). */
final class ProcessorTime {

    private static final int UTIME = 11;
    private static final double TICKS_PER_SECOND = 100;

    private ProcessorTime() {}

    static double seconds(List<Long> pids) {
        return pids.stream().mapToDouble(ProcessorTime::seconds).sum();
    }

    private static double seconds(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            // The command's name may hold anything; fields are counted from the parenthesis that closes it.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
