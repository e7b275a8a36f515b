package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.fail;

import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.crypto.TlsIdentity;
import dev.strongroom.hsm.protocol.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A CA, addresses on the loopback interface, and members made of them. */
final class MemberFixture implements AutoCloseable {

    static final SecureRandom RANDOM = new SecureRandom();
    static final String LINEAGE = "fixture";
    static final int PATIENCE_SECONDS = 60;

    final CertificateAuthority authority = CertificateAuthority.create(LINEAGE, RANDOM, InstantSource.system());
    final Map<String, MemberAddress> addresses = new TreeMap<>();
    private final List<Started> started = new ArrayList<>();

    /** One running member and what it received. */
    record Started(String nodeId, HazelcastMembers members, BlockingQueue<Received> inbox) {

        Received next() {
            try {
                var received = inbox.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return received == null ? fail(nodeId + " received nothing") : received;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    record Received(String from, Bytes message) {}

    MemberFixture(String... nodeIds) {
        var ports = freePorts(nodeIds.length);
        for (int i = 0; i < nodeIds.length; i++) {
            addresses.put(nodeIds[i], loopback(ports.get(i)));
        }
    }

    static MemberAddress loopback(int port) {
        return new MemberAddress("127.0.0.1", port);
    }

    /** Held together until all are chosen, so that none is handed out twice. */
    static List<Integer> freePorts(int count) {
        var sockets = new ArrayList<ServerSocket>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            sockets.forEach(socket -> {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    TlsIdentity node(String id) {
        return authority.issue(PeerIdentity.node(id), List.of("127.0.0.1"));
    }

    MemberSettings settings(String id) {
        return settings(id, node(id));
    }

    MemberSettings settings(String id, TlsIdentity identity) {
        return new MemberSettings(LINEAGE, identity, address(id), addresses);
    }

    MemberAddress address(String id) {
        var address = addresses.get(id);
        return address == null ? fail("no address of " + id) : address;
    }

    Started start(String id) {
        return start(settings(id));
    }

    Started start(MemberSettings settings) {
        var member = create(settings);
        member.members().start();
        return member;
    }

    /** All at the same time, as after a power cut. */
    List<Started> startTogether(MemberSettings... settings) {
        var members = Stream.of(settings).map(this::create).toList();
        var threads = members.stream()
                .map(member -> new Thread(() -> member.members().start()))
                .toList();
        threads.forEach(Thread::start);
        threads.forEach(thread -> {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return members;
    }

    Started create(MemberSettings settings) {
        var inbox = new LinkedBlockingQueue<Received>();
        var member = new Started(settings.nodeId(), new HazelcastMembers(settings), inbox);
        member.members().receive((from, message) -> inbox.add(new Received(from, Bytes.wrap(message))));
        started.add(member);
        return member;
    }

    /** Waits for something that another thread or process brings about. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                fail("waited in vain: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Sends until it arrives: the link promises at most once, and connections take a moment. */
    static void awaitPath(Started from, Started to) {
        var probe = new byte[] {'?'};
        await("a path from " + from.nodeId() + " to " + to.nodeId(), () -> {
            from.members().send(to.nodeId(), probe);
            try {
                var received = to.inbox().poll(50, TimeUnit.MILLISECONDS);
                return received != null && received.from().equals(from.nodeId());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Override
    public void close() {
        started.forEach(member -> member.members().close());
    }
}
