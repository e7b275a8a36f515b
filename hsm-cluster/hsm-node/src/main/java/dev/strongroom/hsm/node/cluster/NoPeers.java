package dev.strongroom.hsm.node.cluster;

import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** The connections of a node that is the whole group, and the code in which it talks to nobody. */
final class NoPeers implements MemberLink, PeerCodec {

    @Override
    public void send(String nodeId, byte[] message) {
        throw new IllegalStateException("a group of one has nobody to talk to");
    }

    @Override
    public void receive(BiConsumer<String, byte[]> receiver) {
        // Nothing ever arrives.
    }

    @Override
    public Set<String> liveMembers() {
        return Set.of();
    }

    @Override
    public byte[] encode(PeerMessage message) {
        throw new IllegalStateException("a group of one has nobody to talk to");
    }

    @Override
    public Optional<PeerMessage> decode(byte[] octets) {
        return Optional.empty();
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
