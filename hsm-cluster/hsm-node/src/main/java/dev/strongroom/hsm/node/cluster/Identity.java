package dev.strongroom.hsm.node.cluster;

import java.util.HashMap;
import java.util.Map;

/**
 * What a node knows of its own lives and of the starts of the others; kept beside the journal, written a few times per
 * start.
 *
 * @param incarnation of the present life; drawn by chance, so that a node which forgot everything does not take an old
 *     one again
 * @param life how far this life has come
 * @param boot counts the starts on this disk, so that an old copy of the disk is known by its lower count
 * @param seen the last start of every other node, by node id
 */
record Identity(int incarnation, Life life, int boot, Map<String, Start> seen) {

    Identity {
        seen = Map.copyOf(seen);
    }

    enum Life {
        /** Has never taken part and may be among the founders of the group. */
        UNBORN,
        /** Has never taken part and must be admitted by a leader, because an earlier life of the node took part. */
        RETURNING,
        /** Takes part: votes and acknowledgements may have been given under this incarnation. */
        SEATED
    }

    record Start(Member member, int boot, long nonce) {}

    Identity booted() {
        return new Identity(incarnation, life, boot + 1, seen);
    }

    Identity with(Life next) {
        return new Identity(incarnation, next, boot, seen);
    }

    Identity reborn(int next) {
        return new Identity(next, Life.RETURNING, boot, seen);
    }

    Identity having(Start start) {
        var more = new HashMap<>(seen);
        more.put(start.member().nodeId(), start);
        return new Identity(incarnation, life, boot, more);
    }
}
