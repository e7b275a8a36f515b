package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.protocol.Bytes;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One pass over the records of one trail, from the first to the last. */
final class TrailWalk implements TrailFiles.Reader {

    private static final int MOST_FINDINGS = 50;

    /** A checkpoint speaks of the record before it, or of one not long before. */
    private static final int RECENT = 100_000;

    private final String folder;
    private final TrailMacs macs;
    private final TrailSignatures signatures;
    private final Claims claims;
    private final Consumer<ServedCommand> served;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Finding> notes = new ArrayList<>();
    private final Map<Long, Bytes> recent = new LinkedHashMap<>();
    private final TornEnd torn = new TornEnd();
    private @Nullable TrailRecord last;
    private boolean isFirstOfFile;
    private boolean startMustFollow;
    private long first;
    private long starts;
    private long checkpoints;
    private long heldByPeers;

    /** @param served is told of each command that served a request of a caller */
    TrailWalk(
            String folder,
            Optional<KeyMaterial> root,
            Optional<X509Certificate> authority,
            Claims claims,
            Consumer<ServedCommand> served) {
        this.folder = folder;
        this.macs = new TrailMacs(root);
        this.signatures = new TrailSignatures(authority);
        this.claims = claims;
        this.served = served;
    }

    List<Finding> findings() {
        return findings;
    }

    List<Finding> notes() {
        return notes;
    }

    /** The lines that follow are of this file. */
    void begin(Path file) {
        isFirstOfFile = true;
    }

    @Override
    public void line(Path file, byte[] octets, boolean isEnded) {
        TrailRecord record;
        try {
            record = TrailRecord.read(octets);
        } catch (MalformedTrailException e) {
            torn.add(octets, isEnded, e.getMessage());
            return;
        }
        if (!isEnded) {
            // Its line feed was not written any more.
            torn.add(octets, false, "the line is not ended");
            return;
        }
        try {
            check(record);
        } catch (MalformedTrailException e) {
            find(record.position().seq(), "its fields are not those of a " + record.kind() + " record");
        }
        last = record;
        isFirstOfFile = false;
    }

    private void check(TrailRecord record) throws MalformedTrailException {
        var before = last;
        boolean isFile = record.kind().equals("file");
        if (isFirstOfFile != isFile) {
            find(
                    record,
                    isFile ? "the record of a file's beginning stands inside" : "the file does not begin as it must");
        }
        if (startMustFollow != record.kind().equals("start")) {
            find(record, "the record of a start is missing, or stands where there was none");
        }
        if (!torn.isEmpty() && !isFile && !startMustFollow) {
            reportTorn();
        }
        startMustFollow = false;
        if (before == null) {
            checkFirst(record);
        } else {
            checkOrder(record, before);
        }
        macs.check(record).ifPresent(problem -> find(record, problem));
        remember(record);
        checkKind(record);
        checkClaims(record);
    }

    private void checkFirst(TrailRecord record) {
        first = record.position().seq();
        starts = 1;
        startMustFollow = record.kind().equals("file");
        if (first != 1) {
            find(record, "the trail does not begin at record 1");
        } else if (!record.seal().prev().toHex().equals(TrailRecord.NO_HASH)) {
            find(record, "the first record follows another");
        }
    }

    private void checkOrder(TrailRecord record, TrailRecord before) {
        var here = record.position();
        var there = before.position();
        if (here.seq() != there.seq() + 1) {
            find(
                    record,
                    here.seq() > there.seq()
                            ? here.seq() - there.seq() - 1 + " records are missing before it"
                            : "it comes again, or too late");
        }
        if (!record.seal().prev().equals(before.seal().hash())) {
            find(record, "it does not follow the record before it");
        }
        if (!here.node().equals(there.node()) || !here.lineage().equals(there.lineage())) {
            find(record, "it is of another node");
        }
        boolean isStart = here.boot() == there.boot() + 1 && record.kind().equals("file");
        if (isStart) {
            starts++;
            startMustFollow = true;
        } else if (here.boot() != there.boot()) {
            find(record, "the count of starts jumps from " + there.boot() + " to " + here.boot());
        } else if (here.epoch() < there.epoch() || here.mono() < there.mono()) {
            find(record, "time goes back within a start");
        }
    }

    private void checkKind(TrailRecord record) throws MalformedTrailException {
        switch (record.kind()) {
            case "file" -> signatures.take(record).ifPresent(problem -> find(record, problem));
            case "start" -> checkStart(record);
            case "checkpoint" -> checkCheckpoint(record);
            case "alarm" -> find(record, "another node's trail had gone back when this one heard of it");
            case "resumed" -> notes.add(new Finding(node(), record.position().seq(), "the disk had been full"));
            case "command" -> ServedCommand.of(record).ifPresent(served);
            case "peer", "stop" -> {}
            default -> find(record, "there is no such kind of record");
        }
    }

    private void checkStart(TrailRecord record) throws MalformedTrailException {
        var scan = record.fields().scan();
        scan.expect(",\"version\":").text();
        var isClean = scan.expect(",\"clean\":").number() == 1;
        var cut = scan.expect(",\"cut\":").number();
        var cutHash = scan.expect(",\"cutHash\":").quotedHex();
        if (!torn.matches(cut, cutHash)) {
            if (torn.isEmpty()) {
                find(record, "the torn end that this start found is gone");
            } else {
                reportTorn();
            }
        } else if (!isClean && starts > 1) {
            note(
                    record,
                    "the node had been killed or lost power"
                            + (cut == 0 ? "" : "; " + cut + " bytes of an unfinished record stayed behind"));
        }
        torn.clear();
    }

    private void checkCheckpoint(TrailRecord record) throws MalformedTrailException {
        var scan = record.fields().scan();
        long seq = scan.expect(",\"head\":").number();
        var hash = scan.expect(",\"headHash\":").quotedHex();
        var signature = scan.expect(",\"signature\":").quotedHex();
        scan.requireEnd();
        var own = recent.get(seq);
        if (own == null || !own.equals(hash)) {
            find(record, "what the node signed is not what stands here as record " + seq);
        }
        var head = new TrailHead(record.position().node(), record.position().boot(), seq, hash, signature);
        signatures
                .check(record.position().lineage(), head)
                .ifPresentOrElse(problem -> find(record, problem), () -> checkpoints++);
    }

    private void checkClaims(TrailRecord record) {
        for (var claim :
                claims.about(record.position().node(), record.position().seq())) {
            var problem = signatures.check(record.position().lineage(), claim.head());
            if (!claim.head().hash().equals(record.seal().hash())) {
                find(record, "node " + claim.holder() + " was told another record of that number");
            } else if (problem.isPresent()) {
                find(record, "the head that node " + claim.holder() + " holds of it: " + problem.get());
            } else {
                heldByPeers = record.position().seq();
            }
        }
    }

    private void remember(TrailRecord record) {
        recent.put(record.position().seq(), record.seal().hash());
        if (recent.size() > RECENT) {
            var oldest = recent.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** What is left to say when all was read. */
    TrailReport.Trail end() {
        if (!torn.isEmpty()) {
            if (torn.isUnfinishedLine()) {
                notes.add(new Finding(node(), lastSeq(), "the last line is unfinished"));
            } else {
                reportTorn();
            }
        }
        if (last == null) {
            find(0, "there is no record at all");
        }
        var beyond = claims.beyond(node(), lastSeq());
        if (!beyond.isEmpty()) {
            var furthest = beyond.get(beyond.size() - 1);
            find(
                    lastSeq(),
                    "the trail is cut short: node " + furthest.holder() + " was told of record "
                            + furthest.head().seq());
        }
        macs.close();
        return new TrailReport.Trail(node(), first, lastSeq(), starts, checkpoints, heldByPeers);
    }

    private void reportTorn() {
        find(lastSeq(), "what follows is no record (" + torn.reason() + ")");
        torn.clear();
    }

    private String node() {
        return last == null ? folder : last.position().node();
    }

    private long lastSeq() {
        return last == null ? 0 : last.position().seq();
    }

    private void note(TrailRecord record, String what) {
        notes.add(new Finding(record.position().node(), record.position().seq(), what));
    }

    private void find(TrailRecord record, String what) {
        find(record.position().seq(), what);
    }

    /** One fault can have many consequences; the first are enough. */
    private void find(long seq, String what) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(new Finding(node(), seq, what));
        }
    }

    /** Bytes between records that are none. */
    private static final class TornEnd {

        private final MessageDigest digest = sha256();
        private long count;
        private boolean hasWholeLine;
        private String reason = "";

        void add(byte[] octets, boolean isEnded, @Nullable String why) {
            if (count == 0) {
                reason = String.valueOf(why);
            }
            digest.update(octets);
            count += octets.length;
            if (isEnded) {
                digest.update((byte) '\n');
                count++;
                hasWholeLine = true;
            }
        }

        boolean isEmpty() {
            return count == 0;
        }

        boolean isUnfinishedLine() {
            return !hasWholeLine;
        }

        String reason() {
            return reason;
        }

        /** Whether these are the bytes that a start said it found. */
        boolean matches(long cut, Bytes hash) {
            var own = Bytes.wrap(copy().digest());
            return cut == count && own.equals(hash);
        }

        private MessageDigest copy() {
            try {
                return (MessageDigest) digest.clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("SHA-256 of the JDK can be copied", e);
            }
        }

        void clear() {
            digest.reset();
            count = 0;
            hasWholeLine = false;
            reason = "";
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }
}
