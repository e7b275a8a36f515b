package dev.strongroom.hsm.node.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network in front of one member: passes bytes on and keeps a copy, can be silent (a partition) or cut. */
final class RecordingRelay implements AutoCloseable {

    private final ServerSocket server;
    private final MemberAddress target;
    private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private boolean isSilent;

    RecordingRelay(MemberAddress address, MemberAddress target) throws IOException {
        this.server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port()));
        this.target = target;
        daemon(this::acceptAll);
    }

    /** Every byte that passed, all connections and both directions mixed. */
    byte[] recorded() {
        synchronized (recorded) {
            return recorded.toByteArray();
        }
    }

    /** From now on nothing passes, and nobody is told. */
    void silence() {
        synchronized (gate) {
            isSilent = true;
        }
    }

    /** What was held back passes, and all that follows. */
    void resume() {
        synchronized (gate) {
            isSilent = false;
            gate.notifyAll();
        }
    }

    /** Breaks the connections there are. */
    void cut() {
        open.forEach(RecordingRelay::end);
    }

    @Override
    public void close() throws IOException {
        server.close();
        resume();
        cut();
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                var member = new Socket(InetAddress.getLoopbackAddress(), target.port());
                open.add(client);
                open.add(member);
                daemon(() -> pass(client, member));
                daemon(() -> pass(member, client));
            } catch (IOException e) {
                // The member is not there, or the relay is closed: either way the client finds out.
            }
        }
    }

    private void pass(Socket from, Socket to) {
        var buffer = new byte[1 << 16];
        try {
            for (int length = from.getInputStream().read(buffer);
                    length >= 0;
                    length = from.getInputStream().read(buffer)) {
                synchronized (recorded) {
                    recorded.write(buffer, 0, length);
                }
                awaitSound();
                to.getOutputStream().write(buffer, 0, length);
            }
        } catch (IOException | InterruptedException e) {
            // The end of this connection; the other direction ends with it.
        }
        end(from);
        end(to);
    }

    private void awaitSound() throws InterruptedException {
        synchronized (gate) {
            while (isSilent) {
                gate.wait();
            }
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
