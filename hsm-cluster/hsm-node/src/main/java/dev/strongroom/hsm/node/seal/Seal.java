package dev.strongroom.hsm.node.seal;

import dev.strongroom.hsm.node.crypto.KeyMaterial;

/**
 * One way to open a sealed cluster. Several may guard the same root key, each with a sealed copy of its own; any one
 * opens. A seal protects its copy against reading and change.
 */
public interface Seal {

    /** The word by which the root key file tells copies apart: lower-case letters and hyphens. */
    String kind();

    /** One line for the operator: what opens this seal. Without secrets. */
    String describe();

    /**
     * Wraps {@code rootKey}, which stays the caller's.
     *
     * @throws java.io.UncheckedIOException if what the seal needs cannot be read or made
     */
    byte[] wrap(KeyMaterial rootKey);

    /**
     * Opens what {@link #wrap} made; the caller closes the result.
     *
     * @throws WrongSealException if this seal did not make {@code wrapped}, or it was changed; says what to look at
     */
    KeyMaterial unwrap(byte[] wrapped) throws WrongSealException;
}
