package dev.strongroom.hsm.node.cluster;

import com.google.protobuf.ByteString;
import dev.strongroom.hsm.node.crypto.MacKey;
import dev.strongroom.hsm.node.wire.RaftWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's folder on a real disk. The identity stands in a file of its own, apart from the journal, since it must outlive
 * a lost one; it is replaced as a whole.
 *
 * <pre>
 * 32 tag · format byte · Identity of raft.proto
 * </pre>
 */
final class FolderDisk implements NodeDisk {

    private static final Logger LOG = LoggerFactory.getLogger(FolderDisk.class);

    private static final int MAX_FIELDS = 3 + LogCodec.MAX_MEMBERS;

    private final JournalFolder folder;

    private final JournalIdentity owner;

    private final MacKey key;

    private final JournalTags tags;

    private Optional<Journal> journal = Optional.empty();

    private FolderDisk(JournalFolder folder, JournalIdentity owner, MacKey key) {
        this.folder = folder;
        this.owner = owner;
        this.key = key;
        this.tags = new JournalTags(key, owner);
    }

    /**
     * Takes the folder, making it if there is none, until {@link #close}.
     *
     * @throws JournalRefusedException if another process has it
     */
    static FolderDisk lock(Path path, JournalIdentity owner, MacKey key) throws IOException {
        return new FolderDisk(JournalFolder.lock(path), owner, key);
    }

    /** Fails with {@link JournalRefusedException} if there is an identity that this node did not write. */
    @Override
    public Optional<Identity> identity() throws IOException {
        if (!Files.exists(folder.identity())) {
            return Optional.empty();
        }
        try {
            return Optional.of(decode(Files.readAllBytes(folder.identity())));
        } catch (MalformedMessageException e) {
            throw new JournalRefusedException("the file " + folder.identity() + " is not what this node wrote ("
                    + e.getMessage() + "); check folder and key, else move the folder away and let the node join anew");
        }
    }

    @Override
    public boolean isNew() {
        return Files.exists(folder.firstStart());
    }

    @Override
    public void noLongerNew() throws IOException {
        folder.removeFirstStart();
    }

    @Override
    public boolean hasJournal() {
        return Files.exists(folder.journal());
    }

    @Override
    public String place() {
        return folder.toString();
    }

    private Identity decode(byte[] file) throws MalformedMessageException {
        if (file.length < MacKey.TAG_BYTES) {
            throw new MalformedMessageException("cut short");
        }
        var content = Arrays.copyOfRange(file, MacKey.TAG_BYTES, file.length);
        if (!MessageDigest.isEqual(Arrays.copyOf(file, MacKey.TAG_BYTES), tags.self(content))) {
            throw new MalformedMessageException("its tag does not fit");
        }
        var wire = StrictWire.read(RaftWire.Identity.parser(), content, MAX_FIELDS);
        Map<String, Identity.Start> seen = new HashMap<>();
        for (var start : wire.getSeenList()) {
            var member = LogCodec.member(start.getMember());
            seen.put(member.nodeId(), new Identity.Start(member, start.getBoot(), start.getNonce()));
        }
        return new Identity(wire.getIncarnation(), life(wire.getLife()), wire.getBoot(), seen);
    }

    private static Identity.Life life(RaftWire.Identity.Life life) throws MalformedMessageException {
        return switch (life) {
            case UNBORN -> Identity.Life.UNBORN;
            case RETURNING -> Identity.Life.RETURNING;
            case SEATED -> Identity.Life.SEATED;
            default -> throw new MalformedMessageException("no such life");
        };
    }

    @Override
    public void keep(Identity identity) throws IOException {
        var wire = RaftWire.Identity.newBuilder()
                .setIncarnation(identity.incarnation())
                .setLife(
                        switch (identity.life()) {
                            case UNBORN -> RaftWire.Identity.Life.UNBORN;
                            case RETURNING -> RaftWire.Identity.Life.RETURNING;
                            case SEATED -> RaftWire.Identity.Life.SEATED;
                        })
                .setBoot(identity.boot());
        for (var start : identity.seen().values()) {
            wire.addSeen(RaftWire.Start.newBuilder()
                    .setMember(LogCodec.toWire(start.member()))
                    .setBoot(start.boot())
                    .setNonce(start.nonce()));
        }
        if (wire.getSeenCount() > LogCodec.MAX_MEMBERS) {
            throw new IllegalArgumentException("a group has at most " + LogCodec.MAX_MEMBERS + " members");
        }
        var content = StrictWire.write(wire.build());
        JournalFolder.replace(
                folder.identity(),
                ByteString.copyFrom(tags.self(content))
                        .concat(ByteString.copyFrom(content))
                        .toByteArray());
    }

    @Override
    public Journal.Opened openJournal() throws IOException {
        var opened = SqliteJournal.open(folder, owner, key);
        if (opened instanceof Journal.Intact intact) {
            journal = Optional.of(intact.journal());
        } else if (opened instanceof Journal.Empty empty) {
            journal = Optional.of(empty.journal());
        }
        return opened;
    }

    @Override
    public void setJournalAside() throws IOException {
        LOG.warn("the former journal is kept as {}", folder.setAsideJournal());
    }

    @Override
    public void close() {
        try (folder) {
            if (journal.isPresent()) {
                journal.get().close();
            }
        } catch (IOException e) {
            LOG.warn("the folder did not close in order; what was flushed is safe", e);
        }
    }
}
