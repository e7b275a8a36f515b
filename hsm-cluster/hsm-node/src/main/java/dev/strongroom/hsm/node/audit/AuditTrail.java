package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.protocol.Bytes;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trail of one node while it runs ({@link TrailRecord} has the form).
 *
 * <p>A record is written by the thread that executed the command, before the answer leaves: a killed process loses nothing.
 * One thread flushes for all (group commit): at once for a change, within 50 ms of the first unflushed record otherwise.
 * It also signs the head after {@value #RECORDS_PER_CHECKPOINT} records or 10 s and tells it to the peers, who keep it in
 * their own trails; what one node's files no longer say, its peers' do.
 *
 * <p>When the disk is full, what is under way is still recorded in a reserve and {@link #isFailing} stops further work,
 * until there is room again. After a flush that failed, nobody knows what is on disk: that lasts until the node is started
 * anew.
 *
 * <p>Thread-safe.
 */
public final class AuditTrail implements Ledger, AutoCloseable {

    static final int RECORDS_PER_CHECKPOINT = 1_000;
    static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_WAIT_MILLIS = 1_000;

    private final Object lock = new Object();
    private final TrailSettings settings;
    private final TrailSigner signer;
    private final Consumer<byte[]> peers;
    private final LongSupplier nanos;
    private final TrailPen pen;
    private final Chain chain;
    private final ContextTags tags;
    private final ThreadLocal<Line> lines = ThreadLocal.withInitial(Line::new);
    private final Thread thread;
    private final FlushWaiters waiters = new FlushWaiters();

    /** Guarded by the lock, as is what follows. */
    private final PeerHeads heads = new PeerHeads();

    private long flushed;
    private long unflushedSince;
    private long unsigned;
    private long unsignedSince;
    private long lost;
    private long retryAt;
    private boolean isClosing;

    private volatile Health health = Health.GOOD;

    private enum Health {
        GOOD,
        /** There is no room; there may be again. */
        FULL,
        /** A flush has failed. */
        BROKEN
    }

    private AuditTrail(
            TrailSettings settings,
            TrailSigner signer,
            Consumer<byte[]> peers,
            LongSupplier nanos,
            TrailPen pen,
            ContextTags tags) {
        this.settings = settings;
        this.signer = signer;
        this.peers = peers;
        this.nanos = nanos;
        this.pen = pen;
        this.chain = pen.chain();
        this.tags = tags;
        this.thread = new Thread(this::keepUp, "audit-" + settings.node());
        thread.setDaemon(true);
    }

    /**
     * Goes on with the trail in the folder, or begins one.
     *
     * @param root the audit root of the cluster; taken over, and overwritten when this returns
     * @param peers sends a message to each other node; must not wait
     * @param clock wall clock
     * @param nanos monotonic nanoseconds
     * @throws IOException one line: the folder cannot be written, or what is in it is damaged
     */
    public static AuditTrail open(
            TrailSettings settings,
            KeyMaterial root,
            TrailSigner signer,
            Consumer<byte[]> peers,
            InstantSource clock,
            LongSupplier nanos)
            throws IOException {
        try (root) {
            var folder = TrailFolder.take(settings.folder());
            try {
                var end = TrailEnd.of(settings.folder());
                var chain = new Chain(settings, end.last(), root, clock, nanos);
                folder.begin(chain.seq() + 1);
                var pen = new TrailPen(settings, signer, folder, chain);
                var trail = new AuditTrail(settings, signer, peers, nanos, pen, new ContextTags(root));
                trail.begin(end);
                return trail;
            } catch (IOException e) {
                folder.close();
                throw e;
            }
        }
    }

    private void begin(TrailEnd end) throws IOException {
        boolean isClean = end.torn() == 0
                && end.last().map(last -> last.kind().equals("stop")).orElse(true);
        synchronized (lock) {
            append(
                    "start",
                    new Line()
                            .text("version", settings.version())
                            .number("clean", isClean ? 1 : 0)
                            .number("cut", end.torn())
                            .hex("cutHash", end.tornHash().readOnlyArray()));
            pen.force();
            flushed = chain.seq();
        }
        LOG.info("audit trail of {}: start {}, record {}", settings.node(), chain.boot(), chain.seq());
        thread.start();
    }

    @Override
    public @Nullable CompletionStage<Void> record(Weight weight, Fields fields) throws IOException {
        var line = lines.get().clear();
        fields.writeTo(line);
        synchronized (lock) {
            try {
                append("command", line);
            } catch (IOException e) {
                lost++;
                throw e;
            }
            if (weight == Weight.USE && settings.flush() == TrailSettings.Flush.SOON) {
                return null;
            }
            lock.notifyAll();
            return waiters.await(chain.seq());
        }
    }

    /** One record; the lock is held. */
    private void append(String kind, Line fields) throws IOException {
        if (isClosing || health == Health.BROKEN) {
            throw new IOException("the audit trail is closed");
        }
        boolean wasFlushed = flushed == chain.seq();
        try {
            if (pen.append(kind, fields) == TrailFolder.Room.LAST) {
                suffer();
            }
        } catch (IOException e) {
            suffer();
            throw e;
        }
        if (wasFlushed) {
            unflushedSince = nanos.getAsLong();
            lock.notifyAll();
        }
        // What others said needs no signature of ours soon, or two idle nodes would keep each other busy.
        if (!kind.equals("checkpoint") && !kind.equals("peer") && ++unsigned == 1) {
            unsignedSince = nanos.getAsLong();
        }
        if (unsigned == RECORDS_PER_CHECKPOINT) {
            lock.notifyAll();
        }
    }

    /** No further work until there is room again; the lock is held. */
    private void suffer() {
        if (health != Health.BROKEN) {
            health = Health.FULL;
        }
        retryAt = nanos.getAsLong() + RETRY_NANOS;
    }

    @Override
    public byte[] contextTag(byte[] context) {
        return tags.of(context);
    }

    @Override
    public boolean isFailing() {
        return health != Health.GOOD;
    }

    /** Whether a message between members is for the trail. */
    public static boolean isMessage(byte[] message) {
        return TrailHead.isMessage(message);
    }

    /** A message from the node {@code from}, as the link authenticated it. Does not wait. */
    public void receive(String from, byte[] message) {
        TrailHead.ofMessage(message).filter(head -> head.node().equals(from)).ifPresent(head -> {
            synchronized (lock) {
                heads.add(head);
                lock.notifyAll();
            }
        });
    }

    // ---- the thread that flushes, signs, listens

    private void keepUp() {
        boolean isOver = false;
        while (!isOver) {
            try {
                isOver = turn();
            } catch (IOException | RuntimeException e) {
                // That the disk is full was told when it was noticed, and is tried again and again.
                if (health != Health.FULL || e instanceof RuntimeException) {
                    LOG.error("the audit trail of {} cannot be kept", settings.node(), e);
                }
                synchronized (lock) {
                    suffer();
                }
            }
        }
    }

    private boolean turn() throws IOException {
        boolean isDue;
        boolean isOver;
        synchronized (lock) {
            awaitWork();
            isOver = isClosing;
            listen();
            chain.ratchet();
            isDue = unsigned >= RECORDS_PER_CHECKPOINT
                    || (unsigned > 0 && nanos.getAsLong() - unsignedSince >= CHECKPOINT_NANOS);
        }
        if (isOver || health == Health.BROKEN) {
            return isOver;
        }
        if (health == Health.FULL) {
            recover();
        }
        flush();
        if (isDue) {
            tell(checkpoint());
        }
        return false;
    }

    /** Returns when a flush or a signature is due, when something was heard, or after a second at the latest; the lock is held. */
    private void awaitWork() {
        long begun = nanos.getAsLong();
        while (!isClosing && !hasNews() && waiters.isEmpty() && unsigned < RECORDS_PER_CHECKPOINT) {
            long now = nanos.getAsLong();
            long wait = LONGEST_WAIT_MILLIS - TimeUnit.NANOSECONDS.toMillis(now - begun);
            if (flushed < chain.seq() && health != Health.BROKEN) {
                wait = Math.min(wait, TimeUnit.NANOSECONDS.toMillis(FLUSH_NANOS - (now - unflushedSince)));
            }
            if (unsigned > 0 && health == Health.GOOD) {
                wait = Math.min(wait, TimeUnit.NANOSECONDS.toMillis(CHECKPOINT_NANOS - (now - unsignedSince)));
            }
            if (wait <= 0) {
                return;
            }
            try {
                lock.wait(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Keeps what the peers said in this trail. */
    private void listen() throws IOException {
        while (hasNews() && !isClosing) {
            for (var said : heads.next()) {
                append(said.kind(), said.fields());
            }
        }
    }

    private boolean hasNews() {
        return health == Health.GOOD && !heads.isEmpty();
    }

    private void flush() throws IOException {
        long written;
        synchronized (lock) {
            written = chain.seq();
            if (written == flushed) {
                return;
            }
        }
        try {
            pen.force();
        } catch (IOException e) {
            health = Health.BROKEN;
            waiters.lost(e);
            throw e;
        }
        synchronized (lock) {
            flushed = Math.max(flushed, written);
            unflushedSince = nanos.getAsLong();
        }
        waiters.flushed(written);
    }

    private TrailHead checkpoint() throws IOException {
        var head = signedHead();
        synchronized (lock) {
            unsigned = 0;
            if (!isClosing) {
                append("checkpoint", head.toFields());
            }
        }
        return head;
    }

    /** The head as it is on disk: the peers must not hold more than a power cut leaves. */
    private TrailHead signedHead() throws IOException {
        long seq;
        byte[] hash;
        synchronized (lock) {
            seq = chain.seq();
            hash = chain.hash();
        }
        flush();
        var signed = TrailHead.signed(settings.lineage(), settings.node(), chain.boot(), seq, hash);
        return new TrailHead(settings.node(), chain.boot(), seq, Bytes.wrap(hash), Bytes.wrap(signer.sign(signed)));
    }

    private void tell(TrailHead head) {
        try {
            peers.accept(head.toMessage());
        } catch (RuntimeException e) {
            LOG.warn("the peers do not hear how far the audit trail of {} has come", settings.node(), e);
        }
    }

    private void recover() throws IOException {
        synchronized (lock) {
            if (nanos.getAsLong() - retryAt < 0) {
                return;
            }
            retryAt = nanos.getAsLong() + RETRY_NANOS;
        }
        pen.restoreReserve();
        synchronized (lock) {
            append("resumed", new Line().number("lost", lost));
            lost = 0;
            health = Health.GOOD;
        }
        LOG.info("the audit trail of {} can be written again", settings.node());
    }

    /** Ends the trail of this start and tells the peers where; further records are refused. */
    @Override
    public void close() {
        synchronized (lock) {
            if (isClosing) {
                return;
            }
            try {
                listen();
                append("stop", new Line());
            } catch (IOException e) {
                LOG.warn("the audit trail of {} has no end: {}", settings.node(), e.getMessage());
            }
            isClosing = true;
            lock.notifyAll();
        }
        try {
            thread.join();
            flush();
            tell(signedHead());
            pen.close();
        } catch (IOException e) {
            LOG.warn("the audit trail of {} did not close in order", settings.node(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiters.lost(new IOException("the audit trail is closed"));
        tags.close();
    }
}
