package dev.strongroom.hsm.node.listen;

import dev.strongroom.hsm.node.crypto.TlsIdentity;
import dev.strongroom.hsm.protocol.Answer;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.FrameReader;
import dev.strongroom.hsm.protocol.FrameWriter;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.MalformedFrameException;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.ReplyCodec;
import dev.strongroom.hsm.protocol.SessionCommand;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client that does exactly what it is told, byte by byte. */
final class RawClient implements AutoCloseable {

    private final SSLSocket socket;
    private final FrameReader reader = new FrameReader();

    record Received(long requestId, Answer answer) {}

    RawClient(HsmListener listener, TlsIdentity identity) throws IOException {
        this(listener, identity.context(), "TLSv1.3");
    }

    RawClient(HsmListener listener, SSLContext context, String version) throws IOException {
        socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", listener.port());
        socket.setSoTimeout((int) TestCluster.PATIENCE_SECONDS * 1_000);
        socket.setEnabledProtocols(new String[] {version});
    }

    void send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        socket.getOutputStream().flush();
    }

    void send(long requestId, Command<?> command) throws Exception {
        send(frame(requestId, 10_000, command));
    }

    static byte[] frame(long requestId, int deadlineMillis, Command<?> command) throws MalformedFrameException {
        var writer = new FrameWriter();
        writer.append(requestId, deadlineMillis, Hsm.NO_REQUEST, command);
        return writer.drain().getBytes();
    }

    /** The next answer. */
    Received receive() throws Exception {
        for (var frame = reader.next(); ; frame = reader.next()) {
            if (frame.isPresent()) {
                return new Received(frame.get().requestId(), ReplyCodec.decode(frame.get()));
            }
            var chunk = new byte[64 * 1024];
            var count = socket.getInputStream().read(chunk);
            if (count < 0) {
                throw new IOException("hung up");
            }
            reader.append(Buffer.buffer(Arrays.copyOf(chunk, count)));
        }
    }

    Reply receiveReply() throws Exception {
        return ((Answer.Given) receive().answer()).reply();
    }

    Refusal receiveRefusal() throws Exception {
        return ((Answer.Declined) receive().answer()).refused().refusal();
    }

    void logIn(String user, Plaintext credential) throws Exception {
        send(1, new SessionCommand.Login(user, credential));
    }

    RawClient loggedIn() throws Exception {
        logIn(TestCluster.USER, TestCluster.credential());
        var answer = receive().answer();
        if (!(answer instanceof Answer.Given given && given.reply() instanceof Reply.LoggedIn)) {
            throw new IllegalStateException("the stub accepts this credential, yet: " + answer);
        }
        return this;
    }

    /** Whether the node hangs up without another answer; waits until it does. */
    boolean isHungUpOn() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            // A reset or a TLS alert is a way to hang up, too.
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
