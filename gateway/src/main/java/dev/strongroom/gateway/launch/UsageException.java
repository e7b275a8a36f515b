package dev.strongroom.gateway.launch;

/** Arguments that mean nothing: one line that says how to write them. Ends the program with 2. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message, null, false, false);
    }
}
