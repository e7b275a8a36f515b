package dev.strongroom.hsm.node.seal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that only their owner may read and that are written once. */
final class PrivateFile {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final int MAX_BYTES = 1 << 16;

    private PrivateFile() {}

    /**
     * Makes the file with mode 0600 and this content, whole and on disk, or not at all.
     *
     * @throws FileAlreadyExistsException if there is one: it is never overwritten
     */
    static void create(Path file, byte[] content) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new NoSuchFileException(file.toString());
        }
        var draft = Files.createTempFile(
                folder, file.getFileName() + ".", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                var rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    int unused = channel.write(rest);
                }
                channel.force(true);
            }
            // A hard link appears whole and fails if the name is taken; a rename would replace what is there.
            Files.createLink(file, draft);
        } finally {
            Files.delete(draft);
        }
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * The content; the caller wipes it.
     *
     * @throws IOException one line: no such file, not a plain file, open to others, or longer than any of ours
     */
    static byte[] read(Path file) throws IOException {
        var attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new IOException(file + " is not a plain file");
        }
        if (!attributes.permissions().equals(OWNER_ONLY)) {
            throw new IOException(file + " has mode " + PosixFilePermissions.toString(attributes.permissions())
                    + ", it must be rw------- (chmod 600)");
        }
        if (attributes.size() > MAX_BYTES) {
            throw new IOException(file + " is longer than " + MAX_BYTES + " bytes");
        }
        return Files.readAllBytes(file);
    }
}
