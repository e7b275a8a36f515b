package dev.strongroom.gateway.sigv4;

import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Reply;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * The key of one access key for one day, Region and service, until it is closed; then its bytes are overwritten.
 *
 * <p>Java's Mac keeps two blocks derived from the last key it was given; they stay in memory until the thread checks the
 * next signature.
 */
final class SigningKey implements AutoCloseable {

    private static final String HMAC = "HmacSHA256";

    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(() -> {
        try {
            return Mac.getInstance(HMAC);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    });

    /** Lends a copy to the Mac, which overwrites it once it has made its blocks. */
    private static final class View implements SecretKey {
        private static final long serialVersionUID = 1L;
        private final transient Plaintext octets;

        private View(Plaintext octets) {
            this.octets = octets;
        }

        @Override
        public String getAlgorithm() {
            return HMAC;
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            return octets.use(byte[]::clone);
        }
    }

    private final CallerRecords caller;
    private final View view;
    private final long since;
    private boolean closed;

    /**
     * Takes the key in {@code reply} over.
     *
     * @param since when it was asked for, in nanoseconds of a monotonic clock
     */
    SigningKey(Reply.SigningKey reply, long since) {
        this.caller = reply.caller();
        this.view = new View(reply.key());
        this.since = since;
    }

    CallerRecords caller() {
        return caller;
    }

    /** When it was asked for. */
    long since() {
        return since;
    }

    /** HMAC-SHA-256 of {@code message}, 32 bytes; empty if the key was closed meanwhile. */
    Optional<byte[]> sign(byte[] message) {
        var mac = MAC.get();
        synchronized (this) {
            if (closed) {
                return Optional.empty();
            }
            try {
                mac.init(view);
            } catch (InvalidKeyException e) {
                throw new IllegalStateException("32 bytes are a key for HMAC", e);
            }
        }
        return Optional.of(mac.doFinal(message));
    }

    @Override
    public synchronized void close() {
        closed = true;
        view.octets.close();
    }
}
