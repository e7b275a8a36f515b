package dev.strongroom.gateway.sts;

import dev.strongroom.api.KmsException;

/** This request ends here, with this error. An expected outcome; the text goes to the caller and never holds a secret. */
public final class StsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final StsError error;
    private final String text;

    private StsException(StsError error, String text) {
        super(null, null, false, false);
        this.error = error;
        this.text = text;
    }

    public static StsException of(StsError error, String text) {
        return new StsException(error, text);
    }

    /** The same refusal in the words of STS. */
    public static StsException of(KmsException refusal) {
        var error = StsError.of(refusal.error());
        var text = refusal.text();
        return new StsException(error, error == StsError.THROTTLING ? "Rate exceeded" : text == null ? "" : text);
    }

    public StsError error() {
        return error;
    }

    /** The text for the caller. */
    public String text() {
        return text;
    }

    @Override
    public String getMessage() {
        return error.code() + ": " + text;
    }
}
