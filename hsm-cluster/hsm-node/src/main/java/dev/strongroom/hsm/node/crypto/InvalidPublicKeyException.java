package dev.strongroom.hsm.node.crypto;

/** Bytes that are not a public key on the curve of ours: wrong form, other curve, or a point that is not on it. */
public final class InvalidPublicKeyException extends Exception {

    private static final long serialVersionUID = 1L;

    public InvalidPublicKeyException() {
        super("not a public key on this curve", null, false, false);
    }
}
