package dev.strongroom.hsm.node.seal;

/** A seal does not open what it was given. One line for the operator, no secrets, no stack trace. */
public final class WrongSealException extends Exception {

    private static final long serialVersionUID = 1L;

    public WrongSealException(String message) {
        super(message, null, false, false);
    }
}
