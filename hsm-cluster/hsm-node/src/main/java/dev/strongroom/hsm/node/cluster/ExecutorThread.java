package dev.strongroom.hsm.node.cluster;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link RaftThread} that is a thread. */
public final class ExecutorThread implements RaftThread {

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorThread.class);

    private final ScheduledThreadPoolExecutor executor;

    /** @param name of the thread, for those who read thread dumps */
    public ExecutorThread(String name) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Tasks that come after the end are late ticks and messages.
        executor.setRejectedExecutionHandler((task, unused) -> {});
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
