package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import java.util.Arrays;

/** A key pair made for a caller: closing wipes the private half. */
public final class DataKeyPair implements AutoCloseable {

    private final byte[] privateKey;
    private final Bytes publicKey;

    DataKeyPair(byte[] privateKey, Bytes publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** PKCS#8 in DER: the array itself, wiped by {@link #close}. */
    public byte[] privateKey() {
        return privateKey;
    }

    /** SubjectPublicKeyInfo in DER. */
    public Bytes publicKey() {
        return publicKey;
    }

    @Override
    public void close() {
        Arrays.fill(privateKey, (byte) 0);
    }
}
