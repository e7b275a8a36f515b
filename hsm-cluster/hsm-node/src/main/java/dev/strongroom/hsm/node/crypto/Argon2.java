package dev.strongroom.hsm.node.crypto;

import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id (RFC 9106): turns a passphrase into a key, at a price in memory and time that a guesser has to pay as well. */
public final class Argon2 {

    private static final int KEY_BYTES = 32;

    private Argon2() {}

    /**
     * The 32-byte key, off the heap; the caller closes it. The passphrase lies on the heap while this runs.
     *
     * @param memoryKib the price in memory
     * @param passes the price in time
     */
    public static KeyMaterial derive(KeyMaterial passphrase, byte[] salt, int memoryKib, int passes) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(1)
                .withSalt(salt)
                .build());
        var typed = new byte[passphrase.length()];
        try {
            passphrase.read(0, typed, typed.length);
            passphrase.requireOpen();
            var key = new byte[KEY_BYTES];
            int unused = generator.generateBytes(typed, key);
            return KeyMaterial.takeFrom(key);
        } finally {
            Arrays.fill(typed, (byte) 0);
        }
    }
}
