package dev.strongroom.hsm.node.crypto;

/**
 * A ciphertext does not open: wrong form, wrong key, wrong AAD or changed bytes. It does not say which, so that nobody
 * learns from the difference, and carries no stack trace, since any caller can provoke it.
 */
public final class InvalidCiphertextException extends Exception {

    private static final long serialVersionUID = 1L;

    public InvalidCiphertextException() {
        super("invalid ciphertext", null, false, false);
    }
}
