package dev.strongroom.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * This request ends here, with this error. The only exception that crosses packages in the gateway.
 *
 * <p>An expected outcome, not a fault of ours, so it carries no stack trace and costs about as much as any object. The
 * text is sent to the caller as it stands: it must never hold a secret.
 */
public final class KmsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final KmsError error;
    private final @Nullable String text;

    private KmsException(KmsError error, @Nullable String text) {
        super(null, null, false, false);
        this.error = Objects.requireNonNull(error);
        this.text = text;
    }

    /** An error without a text: its body names the code and nothing else. */
    public static KmsException of(KmsError error) {
        return new KmsException(error, null);
    }

    /** An error with a text, which may be empty: the body then holds an empty text. */
    public static KmsException of(KmsError error, String text) {
        return new KmsException(error, Objects.requireNonNull(text));
    }

    public KmsError error() {
        return error;
    }

    /** The text for the caller; null if the body shall have none. */
    public @Nullable String text() {
        return text;
    }

    @Override
    public String getMessage() {
        return text == null ? error.code() : error.code() + ": " + text;
    }
}
