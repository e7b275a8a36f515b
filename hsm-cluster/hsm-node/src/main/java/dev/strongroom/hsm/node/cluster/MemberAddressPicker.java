package dev.strongroom.hsm.node.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.instance.AddressPicker;
import com.hazelcast.instance.EndpointQualifier;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Binds the one address that the settings name and advertises the member's own as it is spelled in the list; Hazelcast's
 * picker would search interfaces and ports and advertise what it found.
 */
final class MemberAddressPicker implements AddressPicker {

    private static final int BACKLOG = 100;

    private final MemberSettings settings;
    private @Nullable ServerSocketChannel socket;
    private @Nullable Address bound;
    private @Nullable Address advertised;

    MemberAddressPicker(MemberSettings settings) {
        this.settings = settings;
    }

    @Override
    public void pickAddress() throws IOException {
        bound = settings.listen().resolve();
        advertised = settings.address().resolve();
        var opened = ServerSocketChannel.open();
        try {
            // A restarted node takes its port back although connections of its former life still linger.
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            opened.bind(new InetSocketAddress(bound.getInetAddress(), bound.getPort()), BACKLOG);
            opened.configureBlocking(false);
        } catch (IOException e) {
            opened.close();
            throw new IOException("cannot accept members at " + settings.listen() + ": " + e.getMessage(), e);
        }
        socket = opened;
    }

    @Override
    public @Nullable Address getBindAddress(EndpointQualifier qualifier) {
        return bound;
    }

    @Override
    public @Nullable Address getPublicAddress(EndpointQualifier qualifier) {
        return advertised;
    }

    @Override
    public Map<EndpointQualifier, Address> getPublicAddressMap() {
        return advertised == null ? Map.of() : Map.of(EndpointQualifier.MEMBER, advertised);
    }

    @Override
    public Map<EndpointQualifier, Address> getBindAddressMap() {
        return bound == null ? Map.of() : Map.of(EndpointQualifier.MEMBER, bound);
    }

    @Override
    public @Nullable ServerSocketChannel getServerSocketChannel(EndpointQualifier qualifier) {
        return socket;
    }

    @Override
    public Map<EndpointQualifier, ServerSocketChannel> getServerSocketChannels() {
        return socket == null ? Map.of() : Map.of(EndpointQualifier.MEMBER, socket);
    }
}
