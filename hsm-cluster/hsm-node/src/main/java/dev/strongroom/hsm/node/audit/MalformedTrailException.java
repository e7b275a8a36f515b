package dev.strongroom.hsm.node.audit;

/** A line is no record. The message says why, in a few words without the line's content. */
final class MalformedTrailException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedTrailException(String message) {
        super(message, null, false, false);
    }
}
