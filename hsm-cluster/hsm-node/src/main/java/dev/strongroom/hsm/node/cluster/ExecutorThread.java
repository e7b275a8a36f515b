package dev.strongroom.hsm.node.cluster;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link RaftThread} that is a thread. */
public final class ExecutorThread implements RaftThread {

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorThread.class);

    /** A flush takes milliseconds, a snapshot of a large store seconds. */
    private static final long LAST_TASK_SECONDS = 10;

    private final ScheduledThreadPoolExecutor executor;

    private final String name;

    private volatile @Nullable Thread thread;

    /** @param name of the thread, for those who read thread dumps */
    public ExecutorThread(String name) {
        this.name = name;
        this.executor = new ScheduledThreadPoolExecutor(1, this::named);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Tasks that come after the end are late ticks and messages.
        executor.setRejectedExecutionHandler((task, unused) -> {});
    }

    private Thread named(Runnable task) {
        var created = new Thread(task, name);
        created.setDaemon(true);
        thread = created;
        return created;
    }

    @Override
    public void submit(Runnable task) {
        executor.execute(() -> run(task));
    }

    @Override
    public void schedule(Runnable task, long delay, TimeUnit unit) {
        var unused = executor.schedule(() -> run(task), delay, unit);
    }

    @Override
    public void close() {
        executor.shutdown();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!executor.awaitTermination(LAST_TASK_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{} is still at work; what was flushed is safe", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // The executor would swallow it.
            LOG.error("a task of the Raft thread failed", e);
        }
    }
}
