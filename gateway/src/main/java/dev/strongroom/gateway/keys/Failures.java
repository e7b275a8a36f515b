package dev.strongroom.gateway.keys;

import java.util.concurrent.CompletionException;

/** What went wrong in a stage, without the wrapping that stages put around it. */
public final class Failures {

    private Failures() {}

    public static Throwable cause(Throwable failure) {
        var cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause(cause) : failure;
    }
}
