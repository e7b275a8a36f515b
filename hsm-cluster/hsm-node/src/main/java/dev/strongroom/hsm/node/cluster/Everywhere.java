package dev.strongroom.hsm.node.cluster;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Callers who wait until every live node has applied an index, at most two seconds. Used on the Raft thread only.
 */
final class Everywhere {

    static final long DEADLINE_NANOS = 2_000_000_000L;

    private final Peers peers;
    private final Waiters waiters;
    private final Map<Long, Open> open = new LinkedHashMap<>();
    private long question;

    private record Open(long index, long deadline, Set<String> missing, CompletableFuture<Void> caller) {}

    Everywhere(Peers peers, Waiters waiters, long firstQuestion) {
        this.peers = peers;
        this.waiters = waiters;
        this.question = firstQuestion;
    }

    void await(long index, CompletableFuture<Void> caller, long now) {
        var deadline = now + DEADLINE_NANOS;
        waiters.await(index, deadline, () -> askOthers(index, deadline, caller), () -> caller.complete(null));
    }

    void confirmed(String nodeId, long confirmedQuestion) {
        var confirmed = open.get(confirmedQuestion);
        if (confirmed != null) {
            confirmed.missing().remove(nodeId);
            finish(confirmedQuestion, confirmed);
        }
    }

    void tick(long now) {
        var live = peers.live();
        for (var entry : List.copyOf(open.entrySet())) {
            var each = entry.getValue();
            each.missing().retainAll(live);
            if (each.deadline() - now <= 0) {
                each.missing().clear();
            }
            ask(entry.getKey(), each);
            finish(entry.getKey(), each);
        }
    }

    void giveUp() {
        var all = List.copyOf(open.values());
        open.clear();
        all.forEach(each -> each.caller().complete(null));
    }

    private void askOthers(long index, long deadline, CompletableFuture<Void> caller) {
        question++;
        var asked = new Open(index, deadline, new HashSet<>(peers.live()), caller);
        open.put(question, asked);
        ask(question, asked);
        finish(question, asked);
    }

    private void ask(long number, Open asked) {
        asked.missing().forEach(node -> peers.send(node, new PeerMessage.AwaitApplied(number, asked.index())));
    }

    private void finish(long number, Open asked) {
        if (asked.missing().isEmpty()) {
            open.remove(number);
            asked.caller().complete(null);
        }
    }
}
