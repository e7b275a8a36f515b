package dev.strongroom.hsm.node.seal;

import dev.strongroom.hsm.node.crypto.Argon2;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.MaterialSeal;
import dev.strongroom.hsm.node.crypto.UnsealException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A seal that a passphrase opens, stretched with Argon2id.
 *
 * <pre>
 * offset  bytes  content
 *      0      1  version 0x01
 *      1      4  memory in KiB, big-endian: 65536 to 262144
 *      5      4  passes, big-endian: 3 to 16
 *      9     16  salt
 *     25      n  MaterialSeal under Argon2id(passphrase, salt), AAD = label || bytes 0 to 24
 * </pre>
 *
 * <p>The bounds are checked before any work: whoever edits the file can neither make a start eat the machine's memory nor
 * have a weaker form accepted. A passphrase is its UTF-8 bytes, 1 to 512; two spellings of one accented letter are two
 * passphrases.
 */
public final class PassphraseSeal implements Seal, AutoCloseable {

    private static final byte VERSION = 1;
    private static final int MEMORY_KIB = 64 * 1024;
    private static final int MAX_MEMORY_KIB = 4 * MEMORY_KIB;
    private static final int PASSES = 3;
    private static final int MAX_PASSES = 16;
    private static final int SALT_OFFSET = 9;
    private static final int SALT_BYTES = 16;
    private static final int HEADER_BYTES = SALT_OFFSET + SALT_BYTES;
    private static final byte[] LABEL = "strongroom passphrase seal v1\0".getBytes(StandardCharsets.US_ASCII);

    private final KeyMaterial passphrase;
    private final Entropy entropy;
    private final MaterialSeal materialSeal;

    private PassphraseSeal(KeyMaterial passphrase, Entropy entropy) {
        this.passphrase = passphrase;
        this.entropy = entropy;
        this.materialSeal = new MaterialSeal(entropy);
    }

    /** Takes {@code passphrase} over and overwrites the array. */
    public static PassphraseSeal of(char[] passphrase, Entropy entropy) {
        // A char is at most three bytes of UTF-8.
        var encoded = new byte[3 * passphrase.length];
        var out = ByteBuffer.wrap(encoded);
        var result = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(passphrase), out, true);
        var exact = Arrays.copyOf(encoded, out.position());
        Arrays.fill(passphrase, '\0');
        Arrays.fill(encoded, (byte) 0);
        if (result.isError()) {
            Arrays.fill(exact, (byte) 0);
            throw new IllegalArgumentException("the passphrase is not well-formed text");
        }
        return new PassphraseSeal(KeyMaterial.takeFrom(exact), entropy);
    }

    @Override
    public String kind() {
        return "passphrase";
    }

    @Override
    public String describe() {
        return "a passphrase, stretched with Argon2id (" + MEMORY_KIB / 1024 + " MiB, " + PASSES + " passes)";
    }

    @Override
    public byte[] wrap(KeyMaterial rootKey) {
        var salt = new byte[SALT_BYTES];
        entropy.fill(salt);
        var header = ByteBuffer.allocate(HEADER_BYTES)
                .put(VERSION)
                .putInt(MEMORY_KIB)
                .putInt(PASSES)
                .put(salt)
                .array();
        try (var key = Argon2.derive(passphrase, salt, MEMORY_KIB, PASSES)) {
            return Layout.join(header, materialSeal.seal(key, Layout.join(LABEL, header), rootKey));
        }
    }

    @Override
    public KeyMaterial unwrap(byte[] wrapped) throws WrongSealException {
        if (wrapped.length <= HEADER_BYTES || wrapped[0] != VERSION) {
            throw new WrongSealException("not sealed with a passphrase, or by a later version");
        }
        var header = Arrays.copyOf(wrapped, HEADER_BYTES);
        int memoryKib = ByteBuffer.wrap(header).getInt(1);
        int passes = ByteBuffer.wrap(header).getInt(5);
        if (memoryKib < MEMORY_KIB || memoryKib > MAX_MEMORY_KIB || passes < PASSES || passes > MAX_PASSES) {
            throw new WrongSealException("the passphrase seal asks for " + memoryKib + " KiB and " + passes
                    + " passes, which is out of bounds: the file was changed");
        }
        var salt = Arrays.copyOfRange(header, SALT_OFFSET, HEADER_BYTES);
        var sealed = Arrays.copyOfRange(wrapped, HEADER_BYTES, wrapped.length);
        try (var key = Argon2.derive(passphrase, salt, memoryKib, passes)) {
            return materialSeal.open(key, Layout.join(LABEL, header), sealed);
        } catch (UnsealException e) {
            throw new WrongSealException(
                    "the passphrase does not open this cluster: give the one that was chosen at hsm init");
        }
    }

    /** Overwrites the passphrase. */
    @Override
    public void close() {
        passphrase.close();
    }

    @Override
    public String toString() {
        return "PassphraseSeal[redacted]";
    }
}
