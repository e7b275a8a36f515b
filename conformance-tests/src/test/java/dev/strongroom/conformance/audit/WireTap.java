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

    WireTap(int target) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
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
                var client = server.accept();
                var node = new Socket(InetAddress.getLoopbackAddress(), target);
                daemon(() -> pass(client, node));
                daemon(() -> pass(node, client));
            } catch (IOException e) {
                // The node is not there, or the tap is closed: the client finds out.
            }
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
