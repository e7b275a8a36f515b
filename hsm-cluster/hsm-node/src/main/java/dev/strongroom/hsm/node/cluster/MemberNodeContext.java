package dev.strongroom.hsm.node.cluster;

import com.hazelcast.instance.AddressPicker;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.ProtocolType;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.cluster.Joiner;
import com.hazelcast.internal.cluster.impl.MemberHandshake;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.networking.OutboundHandler;
import com.hazelcast.internal.nio.Packet;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.ServerConnectionManager;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.internal.server.tcp.PacketDecoder;
import com.hazelcast.internal.server.tcp.PacketEncoder;
import com.hazelcast.internal.server.tcp.TcpServerConnection;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seam in Hazelcast where {@link TlsLink} and {@link MemberMessage} are put in, and where it is told which address to
 * bind.
 *
 * <p>Hazelcast Community has no TLS and no public place to add it. Used here are internals of 5.7.0: {@link NodeExtension}
 * (its three methods that build the handlers of a connection), the handlers and buffers of {@code internal.networking},
 * {@link Packet} with one of its unused types, {@link MemberHandshake} and {@link AddressPicker}. The version is pinned
 * for that reason; {@code MemberRefusalTest} guards an upgrade, because a seam that is silently not called any more would
 * leave the port open, and that is what those tests probe from outside.
 */
final class MemberNodeContext extends DefaultNodeContext {

    private static final Logger log = LoggerFactory.getLogger(MemberNodeContext.class);

    private final MemberSettings settings;
    private final MemberLinks links;
    private final BiConsumer<String, byte[]> receiver;
    private volatile @Nullable Node node;

    MemberNodeContext(MemberSettings settings, MemberLinks links, BiConsumer<String, byte[]> receiver) {
        this.settings = settings;
        this.links = links;
        this.receiver = receiver;
    }

    @Override
    public NodeExtension createNodeExtension(Node created) {
        node = created;
        return new SecureExtension(created);
    }

    @Override
    public AddressPicker createAddressPicker(Node created) {
        return new MemberAddressPicker(settings);
    }

    @Override
    public Joiner createJoiner(Node created) {
        return new MemberJoiner(created);
    }

    /** The connections of the node, once it has any. */
    Optional<ServerConnectionManager> connections() {
        var current = node;
        return current == null || current.getServer() == null
                ? Optional.empty()
                : Optional.ofNullable(current.getServer().getConnectionManager(EndpointQualifier.MEMBER));
    }

    private final class SecureExtension extends DefaultNodeExtension {

        SecureExtension(Node node) {
            super(node);
        }

        /** The banner says nothing that an operator of an HSM node needs. */
        @Override
        public void printNodeInfo() {
            log.info("member {} of {} at {}", settings.nodeId(), settings.lineage(), settings.address());
        }

        @Override
        public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(ServerContext context) {
            var plain = super.createChannelInitializerFn(context);
            return qualifier -> channel -> {
                var link = links.secure(channel);
                channel.inboundPipeline().addLast(link.inbound());
                plain.apply(qualifier).initChannel(channel);
                channel.outboundPipeline().addLast(link.outbound());
            };
        }

        @Override
        public InboundHandler<?, ?>[] createInboundHandlers(
                EndpointQualifier qualifier, ServerConnection connection, ServerContext context) {
            var dispatcher = new Incoming(node, channelOf(connection), connection);
            return new InboundHandler<?, ?>[] {new PacketDecoder(connection, dispatcher)};
        }

        @Override
        public OutboundHandler<?, ?>[] createOutboundHandlers(
                EndpointQualifier qualifier, ServerConnection connection, ServerContext context) {
            return new OutboundHandler<?, ?>[] {new CountingEncoder()};
        }

        private Channel channelOf(ServerConnection connection) {
            return ((TcpServerConnection) connection).getChannel();
        }
    }

    /**
     * Takes our messages out of the stream of packets and lets nobody introduce himself as somebody else; the rest is
     * Hazelcast's.
     */
    private final class Incoming implements Consumer<Packet> {

        private final Node node;
        private final Channel channel;
        private final ServerConnection connection;

        Incoming(Node node, Channel channel, ServerConnection connection) {
            this.node = node;
            this.channel = channel;
            this.connection = connection;
        }

        @Override
        public void accept(Packet packet) {
            var nodeId = links.nodeOf(channel);
            if (nodeId == null) {
                connection.close("a packet from nobody", null);
            } else if (MemberMessage.isMessage(packet)) {
                deliver(nodeId, packet);
            } else if (packet.getPacketType() != Packet.Type.SERVER_CONTROL || isHonest(nodeId, packet)) {
                node.getNodeEngine().getPacketDispatcher().accept(packet);
            } else {
                links.refuse(channel, nodeId + " introduced itself with an address that is not its own");
            }
        }

        private void deliver(String nodeId, Packet packet) {
            try {
                receiver.accept(nodeId, links.read(packet));
            } catch (IOException e) {
                links.refuse(channel, nodeId + " sent " + e.getMessage());
            } catch (RuntimeException e) {
                // One message that its receiver cannot digest must not cost the connection of all the others.
                log.error("a message from {} was not digested", nodeId, e);
            }
        }

        /** Hazelcast files a connection under the addresses that the peer names in its first packet. */
        private boolean isHonest(String nodeId, Packet packet) {
            MemberHandshake handshake = node.getSerializationService().toObject(packet);
            var claimed = handshake.getLocalAddresses().getOrDefault(ProtocolType.MEMBER, List.of());
            return handshake.getLocalAddresses().size() == 1
                    && claimed.size() == 1
                    && links.isAddressOf(nodeId, claimed.iterator().next());
        }
    }

    /** Hazelcast's encoder, which in addition notes when one of our messages leaves the queue. */
    private final class CountingEncoder extends PacketEncoder {

        @Override
        public void src(Supplier<Packet> queue) {
            super.src(() -> {
                var packet = queue.get();
                if (packet != null && MemberMessage.isMessage(packet)) {
                    links.taken(channel, packet.totalSize());
                }
                return packet;
            });
        }
    }
}
