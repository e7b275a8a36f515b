package dev.strongroom.hsm.node;

/** A node cannot start. One line for the operator: what is the matter and how to mend it. */
public final class NodeStartException extends Exception {

    private static final long serialVersionUID = 1L;

    public NodeStartException(String message) {
        super(message, null, false, false);
    }

    public NodeStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
