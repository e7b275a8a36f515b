package dev.strongroom.hsm.protocol.attestation;

/** An attestation document is malformed, forged, too old, or of a root that is not trusted here. One line, no secrets. */
public final class InvalidAttestationException extends Exception {

    private static final long serialVersionUID = 1L;

    public InvalidAttestationException(String message) {
        super(message, null, false, false);
    }
}
