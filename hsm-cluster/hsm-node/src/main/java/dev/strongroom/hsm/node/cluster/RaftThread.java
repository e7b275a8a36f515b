package dev.strongroom.hsm.node.cluster;

import java.util.concurrent.TimeUnit;

/**
 * The one thread on which a node's Raft runs. Tasks submitted run one at a time in the order of submission, never inside
 * the call that submits them; a scheduled task runs among them when its delay is over.
 */
public interface RaftThread extends AutoCloseable {

    void submit(Runnable task);

    void schedule(Runnable task, long delay, TimeUnit unit);

    /** Takes no more tasks, and returns when those submitted so far are done; at once if called by one of them. */
    @Override
    void close();
}
