package dev.strongroom.hsm.node.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the peers made known about their trails, and what of it is worth a record here. For one thread at a time. */
final class PeerHeads {

    /** More than peers can send between two turns, unless one is broken; the next head says the same and more. */
    private static final int MOST_WAITING = 1_000;

    private final Deque<TrailHead> waiting = new ArrayDeque<>();
    private final Map<String, TrailHead> held = new HashMap<>();

    /** A record to be written. */
    record Said(String kind, Line fields) {}

    void add(TrailHead head) {
        if (waiting.size() < MOST_WAITING) {
            waiting.add(head);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The records that the next head is worth, which is thereby done. Messages may come late: only news counts. */
    List<Said> next() {
        var head = waiting.remove();
        var before = held.get(head.node());
        var said = new ArrayList<Said>();
        if (before != null && head.boot() > before.boot() && head.seq() <= before.seq()) {
            // A later start of that node counts from fewer records than it had signed before.
            said.add(new Said(
                    "alarm",
                    new Line()
                            .text("peerNode", head.node())
                            .number("peerSeq", head.seq())
                            .number("heldSeq", before.seq())));
        }
        if (before == null || head.boot() > before.boot() || isLaterOfSameStart(head, before)) {
            held.put(head.node(), head);
            said.add(new Said(
                    "peer",
                    new Line()
                            .text("peerNode", head.node())
                            .number("peerBoot", head.boot())
                            .number("peerSeq", head.seq())
                            .hex("peerHash", head.hash().readOnlyArray())
                            .hex("peerSignature", head.signature().readOnlyArray())));
        }
        return said;
    }

    private static boolean isLaterOfSameStart(TrailHead head, TrailHead before) {
        return head.boot() == before.boot() && head.seq() > before.seq();
    }
}
