package dev.strongroom.gateway.launch;

/** Something the operator has to mend: one line that says what is wrong and how to mend it. Ends the program with 1. */
final class LaunchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LaunchException(String message) {
        super(message, null, false, false);
    }
}
