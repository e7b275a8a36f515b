package dev.strongroom.hsm.protocol;

/**
 * A frame that cannot be understood, or a message that does not fit one. The texts are fixed words, never content of the
 * frame: what lies in the wrong place may be a secret.
 */
public final class MalformedFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean unsupported;

    private MalformedFrameException(String message, boolean unsupported) {
        super(message, null, false, false);
        this.unsupported = unsupported;
    }

    /** The bytes are not what the protocol allows: the connection is of no further use. */
    static MalformedFrameException broken(String message) {
        return new MalformedFrameException(message, false);
    }

    /** Well formed, but from a newer version of the protocol: only this one request cannot be served. */
    static MalformedFrameException unsupported(String message) {
        return new MalformedFrameException(message, true);
    }

    /** Whether the frame was well formed and only its meaning is unknown here; the connection may then live on. */
    public boolean isUnsupported() {
        return unsupported;
    }
}
