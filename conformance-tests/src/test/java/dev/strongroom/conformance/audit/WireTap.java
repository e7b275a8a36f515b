package dev.strongroom.conformance.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Stands in front of a port, passes every byte on and keeps a copy. */
final class WireTap implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    /** At any free port. */
    WireTap(int target) throws IOException {
        this(InetAddress.getLoopbackAddress(), 0, target);
    }

    WireTap(InetAddress address, int port, int target) throws IOException {
        this.server = new ServerSocket(port, 50, address);
        this.target = target;
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** All connections and both directions, mixed. */
    byte[] taken() {
        synchronized (taken) {
            return taken.toByteArray();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                // The tap is closed.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            var node = new Socket(InetAddress.getLoopbackAddress(), target);
            daemon(() -> pass(client, node));
            daemon(() -> pass(node, client));
        } catch (IOException e) {
            // The node is not there: the client finds out.
            client.close();
        }
    }

    private void pass(Socket from, Socket to) {
        var buffer = new byte[1 << 16];
        try (from;
                to) {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                synchronized (taken) {
                    taken.write(buffer, 0, read);
                }
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One side hung up; so does the other.
        }
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "wire tap");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
