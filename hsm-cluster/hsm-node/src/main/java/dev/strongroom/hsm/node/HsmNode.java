package dev.strongroom.hsm.node;

import dev.strongroom.hsm.node.audit.AuditTrail;
import dev.strongroom.hsm.node.audit.Ledger;
import dev.strongroom.hsm.node.audit.TrailSettings;
import dev.strongroom.hsm.node.audit.TrailSigner;
import dev.strongroom.hsm.node.cluster.RaftRecordStore;
import dev.strongroom.hsm.node.cluster.RaftSettings;
import dev.strongroom.hsm.node.cluster.Reason;
import dev.strongroom.hsm.node.command.CommandExecutor;
import dev.strongroom.hsm.node.command.LocalHsm;
import dev.strongroom.hsm.node.command.NodeLife;
import dev.strongroom.hsm.node.command.NodeParts;
import dev.strongroom.hsm.node.command.Session;
import dev.strongroom.hsm.node.command.Sweeper;
import dev.strongroom.hsm.node.crypto.Kbkdf;
import dev.strongroom.hsm.node.crypto.MacKey;
import dev.strongroom.hsm.node.crypto.SelfTest;
import dev.strongroom.hsm.node.seal.Purpose;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.RecordStore.UnavailableException;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.user.CredentialVerifier;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node, put together: store, vault and executor, and the state that they are in.
 *
 * <p>It is SEALED until its records are current and their keyring is open, then OPERATIONAL, and FENCED whenever it does
 * not hold the lease. FAILED when the store has stopped for good, DRAINING from the call of {@link #close}.
 *
 * <p>Thread-safe.
 */
public final class HsmNode implements NodeLife, AutoCloseable {

    private static final String EMBEDDED_NODE = "embedded";

    /** The user that a gateway in the same process is. */
    static final String EMBEDDED_GATEWAY = "embedded-gateway";

    /** The user that the command line in the same process is when it manages access keys. */
    static final String EMBEDDED_ADMIN = "embedded-admin";

    private static final Logger LOG = LoggerFactory.getLogger(HsmNode.class);
    /** Time enough to start the other nodes by hand, each with its passphrase. */
    private static final long START_NANOS = 600_000_000_000L;

    private final String nodeId;
    private final String version;
    private final LongSupplier nanos;
    private final RootKey rootKey;
    private final KeyVault vault;
    private final NodePools pools;
    private final AtomicReference<NodeState> phase = new AtomicReference<>(NodeState.SEALED);
    private final RecordStore store;
    private final CommandExecutor executor;
    private final StoreFailure failure;
    private final Optional<AuditTrail> trail;
    private final Sweeper sweeper;

    /**
     * Takes {@code rootKey}, {@code store} and {@code trail} over.
     *
     * @param voters how many nodes of the cluster vote, this one included
     */
    HsmNode(
            String nodeId,
            int voters,
            NodeSurroundings surroundings,
            RootKey rootKey,
            RecordStore store,
            StoreFailure failure,
            Optional<AuditTrail> trail) {
        SelfTest.run();
        this.trail = trail;
        this.nodeId = nodeId;
        this.version = surroundings.version();
        this.nanos = surroundings.nanos();
        this.rootKey = rootKey;
        this.store = store;
        this.failure = failure;
        this.vault = new KeyVault(rootKey, surroundings.entropy());
        this.pools = new NodePools();
        pools.pairUses().execute(() -> testKeyPairs(surroundings));
        store.subscribe(vault);
        var parts = new NodeParts(
                store,
                vault,
                surroundings.entropy(),
                surroundings.clock(),
                surroundings.nanos(),
                pools.changes(),
                pools.pairUses(),
                pools.generation(),
                surroundings.attestationRoots());
        Ledger ledger = trail.isPresent() ? trail.get() : Ledger.none();
        this.executor = new CommandExecutor(this, parts, ledger);
        this.sweeper = new Sweeper(this, parts, executor.lastUses(), ledger, nodeId, voters);
    }

    /** A node in this process that is a cluster of its own and forgets everything when it is closed. */
    public static HsmNode openInMemory(NodeSurroundings surroundings) throws NodeStartException {
        var rootKey = RootKey.create(surroundings.entropy());
        var store = RaftRecordStore.inMemory("embedded", surroundings.nanos(), random(surroundings));
        var node = new HsmNode(EMBEDDED_NODE, 1, surroundings, rootKey, store, new StoreFailure(), Optional.empty());
        node.start(Genesis.read(embeddedGenesis(rootKey, surroundings), rootKey));
        return node;
    }

    /**
     * A node in this process that is a cluster of its own and keeps its records in {@code folder}. The folder holds its seal
     * too: this is for development.
     */
    public static HsmNode openEmbedded(Path folder, NodeSurroundings surroundings) throws NodeStartException {
        var rootKey = EmbeddedRootKey.open(folder, surroundings.entropy());
        var failure = new StoreFailure();
        AuditTrail trail = null;
        try {
            var lineage = rootKey.lineage().toHex();
            // Alone, so there is nobody to tell; without a certificate, so the MACs are what authenticates it.
            trail = AuditTrail.open(
                    new TrailSettings(
                            folder.resolve("audit"),
                            EMBEDDED_NODE,
                            lineage,
                            surroundings.version(),
                            TrailSettings.Flush.SOON,
                            TrailSettings.FILE_BYTES),
                    rootKey.purpose(Purpose.AUDIT),
                    TrailSigner.none(),
                    message -> {},
                    surroundings.clock(),
                    surroundings.nanos());
            var store = RaftRecordStore.inFolder(
                    new RaftSettings(lineage, EMBEDDED_NODE, List.of(EMBEDDED_NODE), RaftSettings.SNAPSHOT_EVERY),
                    folder.resolve(EmbeddedRootKey.RECORDS),
                    journalKey(rootKey),
                    RaftRecordStore.alone(),
                    surroundings.nanos(),
                    random(surroundings),
                    failure);
            var node = new HsmNode(EMBEDDED_NODE, 1, surroundings, rootKey, store, failure, Optional.of(trail));
            node.start(Genesis.read(embeddedGenesis(rootKey, surroundings), rootKey));
            return node;
        } catch (IOException e) {
            if (trail != null) {
                trail.close();
            }
            rootKey.close();
            throw new NodeStartException(Reason.of(e));
        }
    }

    /** Not on the way to serving: nothing of a key pair leaves before its known answers were given. */
    private static void testKeyPairs(NodeSurroundings surroundings) {
        try {
            LOG.info("{}", SelfTest.runForKeyPairs(surroundings.entropy()));
        } catch (IllegalStateException e) {
            LOG.error("no key pair can be used on this machine: {}", e.getMessage());
        }
    }

    /** Authenticates what a node keeps on disk. */
    static MacKey journalKey(RootKey rootKey) {
        try (var purpose = rootKey.purpose(Purpose.JOURNAL_MAC)) {
            var octets = Kbkdf.derive(purpose, "strongroom journal v1", new byte[0], MacKey.TAG_BYTES);
            try {
                return new MacKey(octets);
            } finally {
                Arrays.fill(octets, (byte) 0);
            }
        }
    }

    private static byte[] embeddedGenesis(RootKey rootKey, NodeSurroundings surroundings) {
        // Nobody can log in as these: they have no credential. Sessions of theirs begin inside this process only.
        var users = List.of(
                new HsmUser(EMBEDDED_GATEWAY, Role.CRYPTO_USER, Set.of(), Set.of(), CredentialVerifier.NONE),
                new HsmUser(EMBEDDED_ADMIN, Role.IDENTITY_ADMIN, Set.of(), Set.of(), CredentialVerifier.NONE));
        return Genesis.create(
                rootKey, surroundings.entropy(), surroundings.clock().instant(), users, List.of());
    }

    /** Spreads election timeouts; no secret comes from it. */
    static Random random(NodeSurroundings surroundings) {
        var seed = new byte[Long.BYTES];
        surroundings.entropy().fill(seed);
        return new Random(ByteBuffer.wrap(seed).getLong());
    }

    /** Waits until the records are current, writing the first ones if there are none, and opens the doors. */
    void start(Transaction genesis) throws NodeStartException {
        try {
            var current = untilAnswered(store::readBarrier);
            if (!vault.isOpen()) {
                var outcome = untilAnswered(() -> store.commit(genesis));
                LOG.info("wrote the first records of the cluster: {}", outcome instanceof Outcome.Applied);
            }
            if (!vault.isOpen()) {
                throw new NodeStartException("the records of this cluster do not open with its root key: root key "
                        + "file and data folder do not belong together, restore both from one backup");
            }
            phase.compareAndSet(NodeState.SEALED, NodeState.OPERATIONAL);
            sweeper.start();
            LOG.info("node {} is {} at index {}", nodeId, state(), current);
        } catch (NodeStartException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Asks until there is an answer: the store gives a question up after some seconds, and its peers may start later. */
    private <T> T untilAnswered(Supplier<CompletionStage<T>> question) throws NodeStartException {
        long begun = nanos.getAsLong();
        for (boolean first = true; ; first = false) {
            try {
                return failure.orElse(question.get()).join();
            } catch (CompletionException e) {
                if (failure.hasHappened()
                        || phase.get() == NodeState.DRAINING
                        || !(e.getCause() instanceof UnavailableException)) {
                    throw new NodeStartException(Reason.of(e), e);
                }
                if (nanos.getAsLong() - begun > START_NANOS) {
                    throw new NodeStartException(
                            "no majority of the cluster answered within " + START_NANOS / 60_000_000_000L
                                    + " minutes: start the other nodes, and see that they reach each other",
                            e);
                }
                if (first) {
                    LOG.info("node {} waits for a majority of the cluster", nodeId);
                }
            }
        }
    }

    /** Runs {@code then} once its store has stopped for good, which the log has told; only a new start helps. */
    public void onFailure(Runnable then) {
        failure.whenHappened(then);
    }

    /** This node as the gateway in the same process sees it. */
    public Hsm gateway() {
        return new LocalHsm(executor, Session.inProcess(EMBEDDED_GATEWAY));
    }

    /** This node as whoever manages access keys in the same process sees it. */
    public Hsm identityAdmin() {
        return new LocalHsm(executor, Session.inProcess(EMBEDDED_ADMIN));
    }

    public CommandExecutor executor() {
        return executor;
    }

    @Override
    public NodeState state() {
        var now = phase.get();
        if (now == NodeState.DRAINING) {
            return NodeState.DRAINING;
        }
        if (failure.hasHappened() || (trail.isPresent() && trail.get().isFailing())) {
            return NodeState.FAILED;
        }
        if (now == NodeState.SEALED) {
            return NodeState.SEALED;
        }
        return store.holdsLease() ? NodeState.OPERATIONAL : NodeState.FENCED;
    }

    @Override
    public Reply.NodeDescription describe() {
        return new Reply.NodeDescription(nodeId, state(), rootKey.lineage().toHex(), store.appliedIndex(), version);
    }

    /**
     * Takes nothing new, lets what was begun come to its end in the store, and overwrites every key. May be called again.
     */
    @Override
    public void close() {
        if (phase.getAndSet(NodeState.DRAINING) == NodeState.DRAINING) {
            return;
        }
        pools.close();
        sweeper.close();
        store.close();
        trail.ifPresent(AuditTrail::close);
        vault.close();
        rootKey.close();
    }
}
