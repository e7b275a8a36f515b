package dev.strongroom.gateway.audit;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each record as a line to a file, to a stream such as standard output, or to both.
 *
 * <p>The line is made by the calling thread in a buffer of its own; threads wait for each other only for the write itself.
 */
public final class LineAuditLog implements AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(LineAuditLog.class);

    private final Optional<AuditFile> file;
    private final Optional<PrintStream> stream;
    private final AtomicBoolean isClosureTold = new AtomicBoolean();
    private final ThreadLocal<AuditLine> lines = ThreadLocal.withInitial(AuditLine::new);

    private LineAuditLog(Optional<AuditFile> file, Optional<PrintStream> stream) {
        this.file = file;
        this.stream = stream;
    }

    /**
     * Opens a log.
     *
     * @param path of the file, if there is to be one
     * @param stream gets each line too, if there is to be one; stays the caller's
     * @throws IOException if the file cannot be made, or another process writes to it
     */
    public static LineAuditLog open(
            Optional<Path> path, Optional<PrintStream> stream, AuditSettings settings, InstantSource clock)
            throws IOException {
        var file = path.isPresent()
                ? Optional.of(AuditFile.open(path.get(), settings, clock))
                : Optional.<AuditFile>empty();
        return new LineAuditLog(file, stream);
    }

    @Override
    public void write(AuditRecord record) throws IOException {
        var line = lines.get();
        line.fill(record);
        if (file.isPresent()) {
            file.get().append(line.array(), line.size());
        }
        if (stream.isPresent()) {
            var out = stream.get();
            synchronized (out) {
                out.write(line.array(), 0, line.size());
                // Also flushes.
                requireOpen(out);
            }
        }
    }

    @Override
    public void requireWritable() throws IOException {
        if (file.isPresent()) {
            file.get().requireWritable();
        }
        if (stream.isPresent()) {
            requireOpen(stream.get());
        }
    }

    /** A stream that has failed stays so: that is told once, and not for each request that is refused for it. */
    private void requireOpen(PrintStream out) throws IOException {
        if (!out.checkError()) {
            return;
        }
        if (isClosureTold.compareAndSet(false, true)) {
            LOG.error("the audit stream is closed, nothing is done any more");
        }
        throw new IOException("the audit stream is closed");
    }

    @Override
    public void close() {
        file.ifPresent(AuditFile::close);
    }
}
