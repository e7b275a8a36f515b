package dev.strongroom.hsm.node.seal;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.MaterialSeal;
import dev.strongroom.hsm.node.crypto.UnsealException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A seal that a file opens: 32 random bytes in a file of mode 0600, made when the seal first wraps. For development, or
 * where another secret store provides the file.
 *
 * <pre>
 * line 1   a comment that begins with # and says what the file does not protect
 * line 2   64 hex digits, lower case
 * </pre>
 *
 * The wrapped form is {@link MaterialSeal}'s under that key.
 */
public final class KeyFileSeal implements Seal {

    private static final String WARNING =
            "# Strongroom seal key. It protects a copy of the data folder that was taken WITHOUT this file. It does not "
                    + "protect against root, against whoever runs the node, or against a backup that holds both.\n";
    private static final int KEY_BYTES = 32;
    private static final byte[] LABEL = "strongroom key file seal v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Path file;
    private final Entropy entropy;
    private final MaterialSeal materialSeal;

    public KeyFileSeal(Path file, Entropy entropy) {
        this.file = file;
        this.entropy = entropy;
        this.materialSeal = new MaterialSeal(entropy);
    }

    @Override
    public String kind() {
        return "key-file";
    }

    @Override
    public String describe() {
        return "the key file " + file;
    }

    @Override
    public byte[] wrap(KeyMaterial rootKey) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                makeFile();
            }
            try (var key = readKey()) {
                return materialSeal.seal(key, LABEL, rootKey);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or make the key file " + file, e);
        }
    }

    @Override
    public KeyMaterial unwrap(byte[] wrapped) throws WrongSealException {
        try (var key = readKey()) {
            return materialSeal.open(key, LABEL, wrapped);
        } catch (NoSuchFileException e) {
            throw new WrongSealException("the key file " + file + " is missing");
        } catch (IOException e) {
            throw new WrongSealException("cannot read the key file: " + e);
        } catch (UnsealException e) {
            throw new WrongSealException("the key file " + file + " does not open this cluster");
        }
    }

    private void makeFile() throws IOException {
        var key = new byte[KEY_BYTES];
        entropy.fill(key);
        var content = Arrays.copyOf(WARNING.getBytes(StandardCharsets.US_ASCII), WARNING.length() + 2 * KEY_BYTES + 1);
        for (int i = 0; i < KEY_BYTES; i++) {
            content[WARNING.length() + 2 * i] = DIGITS[key[i] >> 4 & 0xf];
            content[WARNING.length() + 2 * i + 1] = DIGITS[key[i] & 0xf];
        }
        content[content.length - 1] = '\n';
        try {
            PrivateFile.create(file, content);
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(content, (byte) 0);
        }
    }

    private KeyMaterial readKey() throws IOException {
        var content = PrivateFile.read(file);
        try {
            int at = 0;
            while (at < content.length && content[at] != '\n') {
                at++;
            }
            at++;
            boolean wellFormed = content.length == at + 2 * KEY_BYTES + 1
                    && content[0] == '#'
                    && content[content.length - 1] == '\n';
            var key = new byte[KEY_BYTES];
            for (int i = 0; wellFormed && i < KEY_BYTES; i++) {
                int high = Character.digit(content[at + 2 * i], 16);
                int low = Character.digit(content[at + 2 * i + 1], 16);
                wellFormed = high >= 0 && low >= 0;
                key[i] = (byte) (high << 4 | low);
            }
            if (!wellFormed) {
                Arrays.fill(key, (byte) 0);
                throw new IOException(file + " is not a Strongroom key file");
            }
            return KeyMaterial.takeFrom(key);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }
}
