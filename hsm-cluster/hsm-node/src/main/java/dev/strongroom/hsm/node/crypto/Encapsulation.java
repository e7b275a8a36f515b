package dev.strongroom.hsm.node.crypto;

/** What {@link KeyPair#encapsulate} gives: a secret of 32 bytes, and the blob from which the key pair gets it again. */
public final class Encapsulation {

    private final byte[] secret;
    private final byte[] blob;

    Encapsulation(byte[] secret, byte[] blob) {
        this.secret = secret;
        this.blob = blob;
    }

    /** The secret itself, not a copy; whoever takes it wipes it. */
    public byte[] secret() {
        return secret;
    }

    /** Public: 768, 1,088 or 1,568 bytes (FIPS 203, table 3). */
    public byte[] blob() {
        return blob;
    }
}
