package dev.strongroom.hsm.node;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a node beside its event loops, each kind of work on its own so that none waits for a slower one. Queues
 * are bounded: when one is full, its pool refuses and the caller is told to come again.
 */
final class NodePools implements AutoCloseable {

    private static final int CHANGE_THREADS = 2;
    private static final int CHANGE_QUEUE = 1_000;

    /** RSA-4096 signs some hundred times a second and thread: what waits longer has been given up by its caller. */
    private static final int USE_QUEUE = 1_000;

    /** An RSA-4096 pair can take seconds. */
    private static final int GENERATION_QUEUE = 64;

    private final ExecutorService changes;
    private final ExecutorService pairUses;
    private final ExecutorService generation;

    NodePools() {
        int processors = Runtime.getRuntime().availableProcessors();
        changes = pool("hsm-change", CHANGE_THREADS, CHANGE_QUEUE);
        pairUses = pool("hsm-pair", Math.max(2, processors), USE_QUEUE);
        generation = pool("hsm-generate", Math.max(1, processors / 2), GENERATION_QUEUE);
    }

    private static ExecutorService pool(String name, int threads, int queue) {
        return new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Prepares changes. */
    Executor changes() {
        return changes;
    }

    /** Uses key pairs. */
    Executor pairUses() {
        return pairUses;
    }

    /** Makes key pairs. */
    Executor generation() {
        return generation;
    }

    /** Takes nothing new and lets what was begun come to its end, for some seconds at most. */
    @Override
    public void close() {
        var all = List.of(changes, pairUses, generation);
        all.forEach(ExecutorService::shutdown);
        try {
            for (var pool : all) {
                var unused = pool.awaitTermination(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
