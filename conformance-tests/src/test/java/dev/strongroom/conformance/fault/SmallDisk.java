package dev.strongroom.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of its own, which can be full and have room again. It takes the right to mount one. */
final class SmallDisk implements AutoCloseable {

    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** Mounts one on a folder, made if it is not there; ends the test as skipped where this user may not. */
    static SmallDisk mount(Path folder, int mebibytes) throws IOException {
        Files.createDirectories(folder);
        boolean isMounted =
                run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString()) == 0;
        if (!isMounted) {
            System.out.println("a test of a full disk is skipped: this user may not mount a small file system");
        }
        assumeTrue(isMounted, "this user may not mount a small file system");
        return new SmallDisk(folder);
    }

    Path path() {
        return path;
    }

    /** Leaves so much room. */
    void fill(long room) throws IOException {
        Files.write(ballast(), new byte[(int) (Files.getFileStore(path).getUsableSpace() - room)]);
    }

    /** There is room again. */
    void free() throws IOException {
        Files.delete(ballast());
    }

    private Path ballast() {
        return path.resolve("ballast");
    }

    @Override
    public void close() throws IOException {
        assertEquals(0, run("umount", path.toString()), () -> path + " is still in use");
    }

    private static int run(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
    }
}
