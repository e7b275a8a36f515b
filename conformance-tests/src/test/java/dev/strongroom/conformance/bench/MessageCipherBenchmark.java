package dev.strongroom.conformance.bench;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.InvalidCiphertextException;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.MessageCipher;
import dev.strongroom.hsm.protocol.Bytes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Sealing and opening a message under a KMS key: nonce, key derivation, commitment, AES-GCM. */
@State(Scope.Benchmark)
public class MessageCipherBenchmark {

    private static final Bytes ID = Bytes.copyOf(new byte[16]);

    /** Bytes of plaintext: a data key, and the most that Encrypt takes. */
    @Param({"32", "4096"})
    private int plaintextBytes;

    private final byte[] aad = new byte[64];
    private final Entropy entropy = Entropy.start(Bytes.copyOf(new byte[24]), System::nanoTime);
    private final KeyMaterial key = entropy.newKey(32);
    private final MessageCipher cipher = new MessageCipher(entropy);
    private byte[] plaintext = new byte[0];
    private byte[] blob = new byte[0];

    @Setup
    public void seals() {
        plaintext = new byte[plaintextBytes];
        blob = cipher.seal(key, ID, plaintext, aad);
    }

    @Benchmark
    public byte[] seal() {
        return cipher.seal(key, ID, plaintext, aad);
    }

    @Benchmark
    public byte[] open() throws InvalidCiphertextException {
        return cipher.open(key, blob, aad);
    }
}
