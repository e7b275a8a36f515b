package dev.strongroom.hsm.node.crypto;

/** Bytes that are not a key of the spec they are said to be. One line, no secrets; any caller can provoke it. */
public final class InvalidKeyMaterialException extends Exception {

    private static final long serialVersionUID = 1L;

    public InvalidKeyMaterialException(String message) {
        super(message, null, false, false);
    }
}
