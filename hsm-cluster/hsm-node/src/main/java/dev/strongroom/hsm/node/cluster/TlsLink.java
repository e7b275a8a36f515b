package dev.strongroom.hsm.node.cluster;

import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.networking.OutboundHandler;
import com.hazelcast.internal.server.ServerConnection;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * TLS on one connection between members: the first handler that reads from the socket and the last that writes to it, so
 * that Hazelcast's own handlers see plaintext and the network sees none.
 *
 * <p>No byte passes upwards before the handshake is over <em>and</em> {@link Gate#admit} has accepted the peer. A
 * refused peer gets its alert and is closed.
 *
 * <p>The two handlers run on different threads (Hazelcast's input and output thread, or a sender's) and share one
 * engine, which locks itself. What needs care is waiting: a handler that cannot go on because the engine first needs
 * the other direction raises its flag <em>before</em> it wakes the other, and the other looks at the flag <em>after</em>
 * its own step; so at least one of the two sees the other. Signatures of the handshake are computed on an executor of
 * their own, so that a flood of strangers does not hold up the members that are already connected.
 *
 * <p>Truncation: Hazelcast closes sockets without close_notify, so the end of a stream proves nothing. Nothing is lost by
 * that, since messages carry their length and one that was cut short is never delivered.
 */
final class TlsLink {

    /** Decides who may be at the other end. */
    interface Gate {

        /** Accepts the owner of {@code certificate}, which the handshake has verified, or throws. */
        void admit(TlsLink link, X509Certificate certificate) throws SSLException;

        /** Notes that the peer was turned away; called once. */
        void refused(TlsLink link, String reason);
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Room for a few records per read; small enough that their plaintext always fits into the next handler's buffer. */
    private static final int RECORDS_PER_READ = 4;

    private static final int RECORDS_PER_WRITE = 8;

    private final Channel channel;
    private final SSLEngine engine;
    private final Gate gate;
    private final Executor signatures;
    private final AtomicBoolean inboundWaits = new AtomicBoolean();
    private final AtomicBoolean outboundWaits = new AtomicBoolean();
    private final AtomicBoolean signing = new AtomicBoolean();
    private volatile boolean isAdmitted;
    private volatile @Nullable String refusal;

    TlsLink(Channel channel, SSLEngine engine, Gate gate, Executor signatures) throws SSLException {
        this.channel = channel;
        this.engine = engine;
        this.gate = gate;
        this.signatures = signatures;
        engine.beginHandshake();
    }

    InboundHandler<ByteBuffer, ByteBuffer> inbound() {
        return new Inbound();
    }

    OutboundHandler<ByteBuffer, ByteBuffer> outbound() {
        return new Outbound();
    }

    Channel channel() {
        return channel;
    }

    boolean isAdmitted() {
        return isAdmitted;
    }

    /** Turns the peer away; only the first reason counts. */
    void refuse(String reason) {
        synchronized (this) {
            if (refusal != null) {
                return;
            }
            refusal = reason;
        }
        gate.refused(this, reason);
        engine.closeOutbound();
        channel.outboundPipeline().wakeup();
    }

    /** Turns the peer away before anything is read; for a connection whose pipelines have not started. */
    void refuseUnheard(String reason) {
        refusal = reason;
        engine.closeOutbound();
    }

    /** Closes without ceremony, from any thread. */
    void close(String reason) {
        var connection = (ServerConnection) channel.attributeMap().get(ServerConnection.class);
        if (connection != null) {
            // Without a cause: it is reported once, by us, and not as a fault of the network.
            connection.close(reason, null);
            // The sockets of a selector are let go when it wakes up, which could be seconds from now.
            channel.inboundPipeline().wakeup();
            channel.outboundPipeline().wakeup();
        }
    }

    private synchronized void handshakeIsOver() {
        if (isAdmitted || refusal != null) {
            return;
        }
        try {
            var certificates = engine.getSession().getPeerCertificates();
            gate.admit(this, (X509Certificate) certificates[0]);
            isAdmitted = true;
        } catch (SSLPeerUnverifiedException e) {
            refuse("it showed no certificate");
        } catch (SSLException e) {
            refuse(String.valueOf(e.getMessage()));
        }
        channel.inboundPipeline().wakeup();
        channel.outboundPipeline().wakeup();
    }

    private void note(SSLEngineResult result) {
        if (!isAdmitted
                && (result.getHandshakeStatus() == HandshakeStatus.FINISHED
                        || result.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING)
                && result.getStatus() == Status.OK) {
            handshakeIsOver();
        }
    }

    private void sign() {
        if (!signing.compareAndSet(false, true)) {
            return;
        }
        try {
            signatures.execute(() -> {
                try {
                    for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                } finally {
                    signing.set(false);
                    channel.inboundPipeline().wakeup();
                    channel.outboundPipeline().wakeup();
                }
            });
        } catch (RejectedExecutionException e) {
            signing.set(false);
            close("the node is closing");
        }
    }

    /** Socket to {@code src}, which is ours, to {@code dst}, which is the buffer of the next handler. */
    private final class Inbound extends InboundHandler<ByteBuffer, ByteBuffer> {

        /** Plaintext for which {@code dst} had no room; in reading mode. */
        private ByteBuffer rest = ByteBuffer.allocate(0);

        @Override
        public void handlerAdded() {
            initSrcBuffer(RECORDS_PER_READ * engine.getSession().getPacketBufferSize());
        }

        @Override
        public HandlerStatus onRead() throws EOFException {
            src.flip();
            try {
                return unwrap();
            } catch (SSLException e) {
                refuse(isAdmitted ? "its records are broken: " + e.getMessage() : String.valueOf(e.getMessage()));
                return HandlerStatus.BLOCKED;
            } finally {
                // At most a part of one record is left, so this copies little.
                src.compact();
            }
        }

        private HandlerStatus unwrap() throws SSLException, EOFException {
            for (; ; ) {
                if (refusal != null) {
                    src.position(src.limit());
                    return HandlerStatus.BLOCKED;
                }
                if (isAdmitted && rest.hasRemaining()) {
                    moveRest();
                    if (rest.hasRemaining()) {
                        return HandlerStatus.DIRTY;
                    }
                }
                var status = engine.getHandshakeStatus();
                if (status == HandshakeStatus.NEED_TASK) {
                    sign();
                    return HandlerStatus.BLOCKED;
                }
                if (status == HandshakeStatus.NEED_WRAP) {
                    inboundWaits.set(true);
                    channel.outboundPipeline().wakeup();
                    return HandlerStatus.BLOCKED;
                }
                if (!src.hasRemaining()) {
                    return HandlerStatus.CLEAN;
                }
                var result = unwrapOne();
                if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                    return HandlerStatus.CLEAN;
                }
                if (result.getStatus() == Status.CLOSED) {
                    throw new EOFException("the peer said goodbye");
                }
                note(result);
                if (engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP && outboundWaits.getAndSet(false)) {
                    channel.outboundPipeline().wakeup();
                }
            }
        }

        /** Straight into the next handler's buffer where that is allowed and has room, else by way of the rest. */
        private SSLEngineResult unwrapOne() throws SSLException {
            int recordBytes = engine.getSession().getApplicationBufferSize();
            if (isAdmitted && dst.remaining() >= recordBytes) {
                return engine.unwrap(src, dst);
            }
            if (rest.capacity() < recordBytes) {
                rest = ByteBuffer.allocate(recordBytes);
            }
            rest.clear();
            try {
                return engine.unwrap(src, rest);
            } finally {
                rest.flip();
            }
        }

        private void moveRest() {
            int bytes = Math.min(rest.remaining(), dst.remaining());
            dst.put(rest.slice().limit(bytes));
            rest.position(rest.position() + bytes);
        }
    }

    /** {@code src}, which is the buffer of the handler before us, to {@code dst}, which is ours, to the socket. */
    private final class Outbound extends OutboundHandler<ByteBuffer, ByteBuffer> {

        @Override
        public void handlerAdded() {
            initDstBuffer(RECORDS_PER_WRITE * engine.getSession().getPacketBufferSize());
        }

        @Override
        public HandlerStatus onWrite() throws EOFException {
            if (dst.hasRemaining()) {
                // The socket did not take all; nothing is added before it has, so nothing is ever moved to the front.
                return HandlerStatus.DIRTY;
            }
            dst.clear();
            try {
                return wrap();
            } catch (SSLException e) {
                refuse(String.valueOf(e.getMessage()));
                return farewell();
            } finally {
                dst.flip();
            }
        }

        private HandlerStatus wrap() throws SSLException, EOFException {
            for (; ; ) {
                if (refusal != null) {
                    return farewell();
                }
                var status = engine.getHandshakeStatus();
                if (status == HandshakeStatus.NEED_TASK) {
                    sign();
                    return HandlerStatus.BLOCKED;
                }
                if (status != HandshakeStatus.NEED_WRAP) {
                    if (status != HandshakeStatus.NOT_HANDSHAKING) {
                        outboundWaits.set(true);
                        if (engine.getHandshakeStatus() != status) {
                            continue;
                        }
                    }
                    if (inboundWaits.getAndSet(false)) {
                        channel.inboundPipeline().wakeup();
                    }
                    if (status != HandshakeStatus.NOT_HANDSHAKING || !isAdmitted) {
                        return HandlerStatus.BLOCKED;
                    }
                    if (!src.hasRemaining()) {
                        return HandlerStatus.CLEAN;
                    }
                }
                if (dst.remaining() < engine.getSession().getPacketBufferSize()) {
                    return HandlerStatus.DIRTY;
                }
                var result = engine.wrap(isAdmitted ? src : NOTHING, dst);
                if (result.getStatus() == Status.CLOSED) {
                    throw new EOFException("the peer said goodbye");
                }
                if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                    return HandlerStatus.DIRTY;
                }
                note(result);
            }
        }

        /** Sends what the engine has to say about the refusal, then closes. */
        private HandlerStatus farewell() {
            try {
                boolean hasMore = true;
                while (hasMore && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    hasMore = engine.wrap(NOTHING, dst).bytesProduced() > 0;
                }
            } catch (SSLException e) {
                // The engine is beyond saying anything; closing is all that is left.
            }
            if (dst.position() > 0) {
                return HandlerStatus.DIRTY;
            }
            close(String.valueOf(refusal));
            return HandlerStatus.BLOCKED;
        }
    }
}
