package dev.strongroom.hsm.node.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Carries messages with loss, delay, repetition and cuts in either direction. The "bytes" are the number of the message
 * in a list: what the real codec does is tested by itself.
 */
final class SimNetwork implements PeerCodec {

    private final SimWorld world;
    private final Map<String, SimNode> nodes = new LinkedHashMap<>();
    private final List<PeerMessage> messages = new ArrayList<>();
    private final Set<String> cuts = new HashSet<>();
    double loss;
    double repetition;
    double lateness;

    SimNetwork(SimWorld world) {
        this.world = world;
    }

    void add(SimNode node) {
        nodes.put(node.id, node);
    }

    List<String> up() {
        return nodes.values().stream()
                .filter(SimNode::isUp)
                .map(node -> node.id)
                .toList();
    }

    void cut(String from, String to) {
        cuts.add(from + ">" + to);
    }

    void heal() {
        cuts.clear();
        loss = 0;
        repetition = 0;
        lateness = 0;
    }

    void send(String from, String to, byte[] message) {
        var target = nodes.get(to);
        if (target == null || cuts.contains(from + ">" + to) || world.chance(loss)) {
            return;
        }
        deliverLater(from, target, message);
        if (world.chance(repetition)) {
            deliverLater(from, target, message);
        }
    }

    private void deliverLater(String from, SimNode target, byte[] message) {
        var delay = world.chance(lateness)
                ? world.between(10 * SimWorld.MILLIS, 8 * SimWorld.SECONDS)
                : world.between(50 * SimWorld.MICROS, 8 * SimWorld.MILLIS);
        world.after(delay, () -> target.deliver(from, message));
    }

    @Override
    public byte[] encode(PeerMessage message) {
        messages.add(message);
        return ByteBuffer.allocate(4).putInt(messages.size() - 1).array();
    }

    @Override
    public Optional<PeerMessage> decode(byte[] octets) {
        return Optional.of(messages.get(ByteBuffer.wrap(octets).getInt()));
    }
}
