package dev.strongroom.hsm.node.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.internal.util.AddressUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where a member accepts its peers. A DNS name stays a name, so that a member that comes back with another IP address
 * is found again, and so that two members agree on an address without asking DNS; an IP address is kept in the one
 * spelling that Java writes.
 */
public record MemberAddress(String host, int port) {

    private static final int MAXIMUM_PORT = 65535;

    public MemberAddress {
        if (host.isBlank() || port < 1 || port > MAXIMUM_PORT) {
            throw new IllegalArgumentException("not the address of a member: " + host + " port " + port);
        }
        if (AddressUtil.isIpAddress(host)) {
            try {
                // No name, so nothing is asked of DNS.
                host = InetAddress.getByName(host).getHostAddress();
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("not an IP address: " + host, e);
            }
        }
    }

    static MemberAddress of(Address address) {
        return new MemberAddress(address.getHost(), address.getPort());
    }

    /** For Hazelcast, which needs to know the IP version; asks DNS when the host is a name. */
    Address resolve() throws UnknownHostException {
        return new Address(host, InetAddress.getByName(host), port);
    }

    /** {@code host:port}, {@code [host]:port} for IPv6. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
