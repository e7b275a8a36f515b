package dev.strongroom.gateway.launch;

import dev.strongroom.hsm.node.cluster.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the passphrase of a seal from a file or the terminal; whoever gets it wipes it. */
final class Passphrase {

    private static final int SHORTEST = 12;

    private Passphrase() {}

    /** The passphrase of a seal that exists. */
    static char[] read(@Nullable Path file) {
        return file == null ? ask("Passphrase of the root key: ") : fromFile(file);
    }

    /** The passphrase for a new seal; asked for twice. */
    static char[] readNew(@Nullable Path file) {
        var passphrase = file == null ? ask("New passphrase of the root key: ") : fromFile(file);
        if (passphrase.length < SHORTEST) {
            Arrays.fill(passphrase, '\0');
            throw new LaunchException("the passphrase has fewer than " + SHORTEST + " characters; choose a longer one");
        }
        if (file == null) {
            var again = ask("The same again: ");
            boolean same = Arrays.equals(passphrase, again);
            Arrays.fill(again, '\0');
            if (!same) {
                Arrays.fill(passphrase, '\0');
                throw new LaunchException("the two passphrases differ; nothing was made");
            }
        }
        return passphrase;
    }

    private static char[] fromFile(Path file) {
        try {
            var octets = Files.readAllBytes(file);
            CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(octets));
            Arrays.fill(octets, (byte) 0);
            int length = text.length();
            while (length > 0 && (text.charAt(length - 1) == '\n' || text.charAt(length - 1) == '\r')) {
                length--;
            }
            var passphrase = new char[length];
            text.get(passphrase, 0, length);
            Arrays.fill(text.array(), '\0');
            return passphrase;
        } catch (IOException e) {
            throw new LaunchException(
                    "the passphrase cannot be read: " + Reason.of(e) + "; name its file with passphrase-file");
        }
    }

    // Newer Java may have a console that is no terminal; it then reads a line, which is what we want of it.
    @SuppressWarnings("SystemConsoleNull")
    private static char[] ask(String prompt) {
        var console = System.console();
        var answer = console == null ? null : console.readPassword("%s", prompt);
        if (answer == null) {
            throw new LaunchException("there is no terminal to ask for the passphrase; name its file with"
                    + " --passphrase-file or the key passphrase-file");
        }
        return answer;
    }
}
