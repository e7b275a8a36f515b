package dev.strongroom.hsm.node.crypto;

/** Something that this cluster sealed does not open: it was changed, moved, or sealed under another key. One line, no secrets. */
public final class UnsealException extends Exception {

    private static final long serialVersionUID = 1L;

    public UnsealException(String message) {
        super(message, null, false, false);
    }
}
