package dev.strongroom.hsm.node.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The leader's side of quorum reads: who asks gets a commit index that was current at a time when a majority still
 * followed this leader, all of it after the question arrived. Questions that arrive while a round is under way share the
 * next one.
 *
 * <p>Used on the Raft thread only.
 */
final class Confirmations {

    private final Seat seat;
    private final RaftThread thread;
    private List<LongConsumer> next = new ArrayList<>();
    private boolean underWay;

    Confirmations(Seat seat, RaftThread thread) {
        this.seat = seat;
        this.thread = thread;
    }

    /** Calls {@code then} with the commit index, or never if this node does not lead; who asked asks again. */
    void confirm(LongConsumer then) {
        next.add(then);
        if (!underWay) {
            begin();
        }
    }

    private void begin() {
        var round = next;
        next = new ArrayList<>();
        underWay = true;
        // MicroRaft completes this inside its own call, where nothing may be asked of it.
        var unused = seat.confirmLeadership()
                .whenComplete((confirmed, failure) -> thread.submit(() -> {
                    underWay = false;
                    if (failure == null) {
                        round.forEach(each -> each.accept(confirmed.getCommitIndex()));
                    }
                    if (!underWay && !next.isEmpty()) {
                        begin();
                    }
                }));
    }
}
