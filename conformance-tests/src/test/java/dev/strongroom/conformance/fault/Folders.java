package dev.strongroom.conformance.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Folders as a whole: copied, deleted, damaged, compared. */
final class Folders {

    private Folders() {}

    static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /**
     * SHA-256 of every file, without what SQLite unpacks and shares between processes, and without the audit trail, which
     * records every start, also one that ends at once.
     */
    static Map<String, String> hashes(Path folder) throws IOException {
        var hashes = new TreeMap<String, String>();
        try (var all = Files.walk(folder)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                var name = folder.relativize(file).toString();
                if (!name.contains("native/") && !name.contains("audit/") && !name.endsWith("-shm")) {
                    hashes.put(name, sha256(Files.readAllBytes(file)));
                }
            }
        }
        return hashes;
    }

    /** Another content of the same length in the middle of the file. */
    static void damage(Path file) throws IOException {
        var octets = Files.readAllBytes(file);
        for (int i = octets.length / 2; i < Math.min(octets.length, octets.length / 2 + 64); i++) {
            octets[i] ^= 0x5a;
        }
        Files.write(file, octets);
    }

    static void cutInHalf(Path file) throws IOException {
        var octets = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(octets, octets.length / 2));
    }

    private static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException("every Java platform has SHA-256", e));
        }
    }
}
