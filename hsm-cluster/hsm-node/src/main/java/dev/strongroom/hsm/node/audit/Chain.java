package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.protocol.Bytes;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Makes records: the next of a trail, in its canonical form, with its place in the chain. Nothing advances before {@link
 * #accept}, so a record that could not be written is made anew with the same number.
 *
 * <p>For one thread at a time.
 */
final class Chain implements AutoCloseable {

    /** How long one MAC key is used. */
    static final long EPOCH_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final long MICROS = 1_000;

    private final InstantSource clock;
    private final LongSupplier nanos;
    private final long begun;
    private final long boot;
    private final RatchetKey key;
    private final Line own = new Line();
    private final Line line = new Line();
    private long seq;
    private byte[] last;
    private byte[] next = new byte[0];

    /**
     * The chain of one more start.
     *
     * @param before the last record of the start before, if there is one
     * @param root the audit root; stays the caller's
     */
    Chain(
            TrailSettings settings,
            Optional<TrailRecord> before,
            KeyMaterial root,
            InstantSource clock,
            LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
        this.boot = before.map(record -> record.position().boot()).orElse(0L) + 1;
        this.seq = before.map(record -> record.position().seq()).orElse(0L);
        this.last = before.map(record -> record.seal().hash())
                .orElse(Bytes.ofHex(TrailRecord.NO_HASH))
                .toArray();
        this.key = new RatchetKey(root, settings.node(), boot);
        own.number("boot", boot).text("node", settings.node()).text("lineage", settings.lineage());
    }

    long boot() {
        return boot;
    }

    /** Number of the last record that was accepted. */
    long seq() {
        return seq;
    }

    /** Its hash. */
    byte[] hash() {
        return last;
    }

    /** Moves on to the MAC key of now; the one before is overwritten. */
    void ratchet() {
        key.advanceTo((nanos.getAsLong() - begun) / EPOCH_NANOS);
    }

    /** The next record as it goes into the file; good until the next call. */
    Line make(String kind, Line fields) {
        ratchet();
        line.clear()
                .raw("{\"seq\":")
                .number(seq + 1)
                .append(own)
                .number("epoch", key.epoch())
                .number("ts", ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()))
                .number("mono", (nanos.getAsLong() - begun) / MICROS)
                .text("kind", kind)
                .append(fields);
        TrailRecord.endBody(line, last);
        var digest = Digests.sha256(line.array(), 0, line.length());
        var mac = key.tag(digest);
        next = TrailRecord.hash(digest, mac);
        TrailRecord.seal(line, mac, next);
        return line;
    }

    /** The record that was made is in the file. */
    void accept() {
        seq++;
        last = next;
    }

    @Override
    public void close() {
        key.close();
    }
}
