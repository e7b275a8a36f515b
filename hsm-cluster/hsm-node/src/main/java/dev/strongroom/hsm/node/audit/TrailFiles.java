package dev.strongroom.hsm.node.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the lines of trail files. */
final class TrailFiles {

    /** No record comes near it; whatever does is read in pieces, none of which is a record. */
    private static final int LONGEST_LINE = 1 << 20;

    /** Gets each line. */
    interface Reader {
        /**
         * Whatever stands before the next line feed.
         *
         * @param octets without the line feed
         * @param isEnded false for the end of a file that does not end a line
         */
        void line(Path file, byte[] octets, boolean isEnded);
    }

    private TrailFiles() {}

    static void read(Path file, Reader reader) throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            var line = new ByteArrayOutputStream();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                if (octet == '\n') {
                    reader.line(file, line.toByteArray(), true);
                    line.reset();
                } else {
                    line.write(octet);
                }
                if (line.size() == LONGEST_LINE) {
                    reader.line(file, line.toByteArray(), false);
                    line.reset();
                }
            }
            if (line.size() > 0) {
                reader.line(file, line.toByteArray(), false);
            }
        }
    }
}
