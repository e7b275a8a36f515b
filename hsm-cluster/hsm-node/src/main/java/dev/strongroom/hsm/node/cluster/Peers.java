package dev.strongroom.hsm.node.cluster;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** The other nodes, as those one can say something to. Once muted, nothing leaves this node any more. */
final class Peers {

    private final MemberLink link;
    private final PeerCodec codec;
    private final String self;
    private final List<String> voters;
    private volatile boolean muted;

    Peers(MemberLink link, PeerCodec codec, RaftSettings settings) {
        this.link = link;
        this.codec = codec;
        this.self = settings.nodeId();
        this.voters = settings.voters();
    }

    /** Names the one receiver of what the others say; it is called on the link's threads. */
    void receive(BiConsumer<String, PeerMessage> receiver) {
        link.receive((from, octets) -> {
            Optional<PeerMessage> message = codec.decode(octets);
            message.ifPresent(understood -> receiver.accept(from, understood));
        });
    }

    void send(String nodeId, PeerMessage message) {
        if (!muted) {
            link.send(nodeId, codec.encode(message));
        }
    }

    /** The other nodes held to be alive. */
    Set<String> live() {
        return link.liveMembers();
    }

    /** The other nodes held to be alive and the other voters, whether alive or not. */
    Set<String> known() {
        var known = new LinkedHashSet<>(voters);
        known.addAll(link.liveMembers());
        known.remove(self);
        return known;
    }

    void mute() {
        muted = true;
    }
}
