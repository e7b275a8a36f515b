package dev.strongroom.hsm.node.cluster;

import com.google.protobuf.ByteString;
import dev.strongroom.hsm.node.crypto.MacKey;
import dev.strongroom.hsm.node.wire.RaftWire;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which life this node lives, kept beside the journal and apart from it, since it must outlive a lost journal. Peers
 * remember the highest they have heard of a node: one that comes back with a lower or an equal number of boots is a clone
 * or was restored from an old copy of its disk.
 *
 * <pre>
 * 32 tag · format byte · BootRecord of raft.proto
 * </pre>
 *
 * @param incarnation of the member the node is, from 1; rises when its journal is given up
 * @param boots how often the node was started, from 1
 */
public record BootRecord(int incarnation, long boots) {

    /** Of a node that starts for the first time. */
    public static final BootRecord FIRST = new BootRecord(1, 1);

    private static final int MAX_FIELDS = 2;

    public BootRecord {
        if (incarnation < 1 || boots < 1) {
            throw new IllegalArgumentException("incarnations and boots count from 1: " + incarnation + ", " + boots);
        }
    }

    /** The same life, started once more. */
    public BootRecord nextBoot() {
        return new BootRecord(incarnation, boots + 1);
    }

    /** A new life, for a node whose journal is given up. */
    public BootRecord nextIncarnation() {
        return new BootRecord(incarnation + 1, boots + 1);
    }

    /**
     * What was last written, or empty if this node has never been started.
     *
     * @throws IOException if there is a record that this node did not write; the message says how to mend it
     */
    public static Optional<BootRecord> read(JournalFolder folder, JournalIdentity identity, MacKey key)
            throws IOException {
        if (!Files.exists(folder.boot())) {
            return Optional.empty();
        }
        var file = Files.readAllBytes(folder.boot());
        try {
            if (file.length < MacKey.TAG_BYTES) {
                throw new MalformedMessageException("cut short");
            }
            var content = Arrays.copyOfRange(file, MacKey.TAG_BYTES, file.length);
            var tag = Arrays.copyOf(file, MacKey.TAG_BYTES);
            if (!MessageDigest.isEqual(tag, new JournalTags(key, identity).boot(content))) {
                throw new MalformedMessageException("its tag does not fit: edited, of another node, or another key");
            }
            var wire = StrictWire.read(RaftWire.BootRecord.parser(), content, MAX_FIELDS);
            return Optional.of(new BootRecord(wire.getIncarnation(), wire.getBoots()));
        } catch (MalformedMessageException e) {
            throw new JournalRefusedException("the boot record " + folder.boot() + " is not what this node wrote ("
                    + e.getMessage() + "); check folder and key, else let the node join again under a new name");
        }
    }

    /** Makes this the node's record, durably; after a crash on the way the old one stands. */
    public void write(JournalFolder folder, JournalIdentity identity, MacKey key) throws IOException {
        var content = StrictWire.write(RaftWire.BootRecord.newBuilder()
                .setIncarnation(incarnation)
                .setBoots(boots)
                .build());
        var tag = new JournalTags(key, identity).boot(content);
        JournalFolder.replace(
                folder.boot(),
                ByteString.copyFrom(tag).concat(ByteString.copyFrom(content)).toByteArray());
    }
}
