package dev.strongroom.hsm.node.audit;

import java.io.IOException;
import java.util.Base64;
import java.util.stream.Collectors;

/** Writes record after record into the files of a trail. For one thread at a time, save for {@link #force}. */
final class TrailPen implements AutoCloseable {

    private static final int FORMAT = 1;

    private final TrailSettings settings;
    private final TrailSigner signer;
    private final TrailFolder folder;
    private final Chain chain;

    /** Takes {@code folder} and {@code chain} over. */
    TrailPen(TrailSettings settings, TrailSigner signer, TrailFolder folder, Chain chain) {
        this.settings = settings;
        this.signer = signer;
        this.folder = folder;
        this.chain = chain;
    }

    Chain chain() {
        return chain;
    }

    /**
     * Writes a record, and what must stand before it in a file that is begun with it.
     *
     * @throws IOException if it could not be written: then there is nothing of it
     */
    TrailFolder.Room append(String kind, Line fields) throws IOException {
        if (folder.length() > settings.fileBytes()) {
            folder.begin(chain.seq() + 1);
        }
        if (folder.length() == 0) {
            var unused = write("file", fileFields());
        }
        return write(kind, fields);
    }

    private TrailFolder.Room write(String kind, Line fields) throws IOException {
        var line = chain.make(kind, fields);
        var room = folder.append(line.array(), line.length());
        chain.accept();
        return room;
    }

    private Line fileFields() {
        var certificates = signer.certificates().stream()
                .map(Base64.getEncoder()::encodeToString)
                .collect(Collectors.joining(" "));
        return new Line().number("format", FORMAT).text("certificates", certificates);
    }

    /** When this returns, what was appended before the call survives a power cut. From any thread. */
    void force() throws IOException {
        folder.force();
    }

    /** Sets room aside for what is under way when the disk is full. */
    void restoreReserve() throws IOException {
        folder.restoreReserve();
    }

    @Override
    public void close() throws IOException {
        try (chain) {
            folder.close();
        }
    }
}
