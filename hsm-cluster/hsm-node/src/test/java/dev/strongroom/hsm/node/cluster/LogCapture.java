package dev.strongroom.hsm.node.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What Hazelcast logged at WARN and above since this was opened, with stack traces; it goes nowhere else. */
final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger hazelcast = (Logger) LoggerFactory.getLogger("com.hazelcast");
    private final Level before = hazelcast.getLevel();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    LogCapture() {
        setContext(hazelcast.getLoggerContext());
        start();
        hazelcast.setLevel(Level.WARN);
        hazelcast.setAdditive(false);
        hazelcast.addAppender(this);
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
        hazelcast.detachAppender(this);
        hazelcast.setAdditive(true);
        hazelcast.setLevel(before);
        stop();
    }
}
