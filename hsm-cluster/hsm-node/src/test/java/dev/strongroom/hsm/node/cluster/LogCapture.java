package dev.strongroom.hsm.node.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What was logged at WARN and above since this was opened, with stack traces; it goes nowhere else. */
final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger;
    private final @Nullable Level before;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    /** Of Hazelcast. */
    LogCapture() {
        this("com.hazelcast");
    }

    LogCapture(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        before = logger.getLevel();
        setContext(logger.getLoggerContext());
        start();
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
        logger.addAppender(this);
    }

    long count(String text) {
        return lines.stream().filter(line -> line.contains(text)).count();
    }

    boolean contains(String text) {
        return lines.stream().anyMatch(line -> line.contains(text));
    }

    @Override
    protected void append(ILoggingEvent event) {
        var trace = event.getThrowableProxy();
        lines.add(event.getFormattedMessage() + (trace == null ? "" : "\n" + ThrowableProxyUtil.asString(trace)));
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setAdditive(true);
        logger.setLevel(before);
        stop();
    }
}
