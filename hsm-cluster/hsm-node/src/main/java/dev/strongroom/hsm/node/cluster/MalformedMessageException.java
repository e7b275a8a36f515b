package dev.strongroom.hsm.node.cluster;

/**
 * Bytes that are not what they should be. From a member it means that the member is broken or speaks a format this
 * software does not know: the message is dropped. From the own journal it means damage.
 */
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }

    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
