package dev.strongroom.hsm.node;

import dev.strongroom.hsm.node.audit.AuditTrail;
import dev.strongroom.hsm.node.audit.CertifiedSigner;
import dev.strongroom.hsm.node.audit.TrailSettings;
import dev.strongroom.hsm.node.cluster.HazelcastMembers;
import dev.strongroom.hsm.node.cluster.JournalFolder;
import dev.strongroom.hsm.node.cluster.MemberAddress;
import dev.strongroom.hsm.node.cluster.MemberLink;
import dev.strongroom.hsm.node.cluster.MemberSettings;
import dev.strongroom.hsm.node.cluster.RaftRecordStore;
import dev.strongroom.hsm.node.cluster.RaftSettings;
import dev.strongroom.hsm.node.cluster.Reason;
import dev.strongroom.hsm.node.command.CommandExecutor;
import dev.strongroom.hsm.node.command.Session;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.crypto.TlsIdentity;
import dev.strongroom.hsm.node.listen.CommandDispatch;
import dev.strongroom.hsm.node.listen.HsmListener;
import dev.strongroom.hsm.node.listen.HsmListenerSettings;
import dev.strongroom.hsm.node.seal.Purpose;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.seal.RootKeyFile;
import dev.strongroom.hsm.node.seal.Seal;
import dev.strongroom.hsm.node.seal.WrongSealException;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Reply;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** One node of a cluster as a server: its records in a folder, its peers over mutual TLS, its door for gateways. */
public final class ClusterNode implements AutoCloseable {

    private final HsmNode node;
    private final HazelcastMembers members;
    private final HsmListener listener;

    private ClusterNode(HsmNode node, HazelcastMembers members, HsmListener listener) {
        this.node = node;
        this.members = members;
        this.listener = listener;
    }

    /**
     * Where a node is and what belongs to it.
     *
     * @param id among {@code members}, and in its certificate
     * @param listen where gateways reach it
     * @param voters the ids of all members, in the same order on every node
     * @param members where each reaches the others
     * @param data folder of its records
     * @param identity folder that the ceremony made
     * @param audit where and how its audit trail is kept
     */
    public record Settings(
            String id,
            HsmListenerSettings listen,
            List<String> voters,
            Map<String, MemberAddress> members,
            Path data,
            Path identity,
            Audit audit) {

        public Settings {
            voters = List.copyOf(voters);
            members = Map.copyOf(members);
        }

        private MemberAddress ownAddress() {
            return Objects.requireNonNull(members.get(id), "the configuration names this node among the members");
        }
    }

    /**
     * The audit trail.
     *
     * @param folder of its own
     */
    public record Audit(Path folder, TrailSettings.Flush flush) {}

    /** The secrets that a node starts with. */
    private record Belongings(RootKey rootKey, Transaction genesis, TlsIdentity identity) {}

    /**
     * Starts a node; returns when it serves.
     *
     * @param seal opens the root key
     * @param vertx runs its door; stays the caller's
     * @throws NodeStartException one line that says what is wrong and how to mend it
     */
    public static ClusterNode open(Settings settings, Seal seal, Vertx vertx, NodeSurroundings surroundings)
            throws NodeStartException {
        var belongings = read(settings, seal, surroundings);
        try {
            requireFree(settings.listen().host(), settings.listen().port(), "gateways");
            requireFree(settings.ownAddress().host(), settings.ownAddress().port(), "other nodes");
        } catch (NodeStartException e) {
            belongings.rootKey().close();
            throw e;
        }
        var rootKey = belongings.rootKey();
        var lineage = rootKey.lineage().toHex();
        var members = new HazelcastMembers(
                new MemberSettings(lineage, belongings.identity(), settings.ownAddress(), settings.members()));
        var failure = new StoreFailure();
        RaftRecordStore store;
        AuditTrail trail;
        AwaitedLink link;
        try {
            trail = openTrail(settings, belongings, members, surroundings);
        } catch (IOException e) {
            members.close();
            rootKey.close();
            throw new NodeStartException(Reason.of(e));
        }
        try {
            link = new AwaitedLink(members, trail, new CompletableFuture<>());
            store = RaftRecordStore.inFolder(
                    new RaftSettings(lineage, settings.id(), settings.voters(), RaftSettings.SNAPSHOT_EVERY),
                    settings.data(),
                    HsmNode.journalKey(rootKey),
                    link,
                    surroundings.nanos(),
                    HsmNode.random(surroundings),
                    failure);
        } catch (IOException e) {
            trail.close();
            members.close();
            rootKey.close();
            throw new NodeStartException(Reason.of(e));
        }
        var node = new HsmNode(
                settings.id(), settings.voters().size(), surroundings, rootKey, store, failure, Optional.of(trail));
        try {
            await("", failure.orElse(link.received()));
            startMembers(settings, members);
            node.start(belongings.genesis());
            var door = HsmListener.open(
                    vertx,
                    settings.listen(),
                    belongings.identity(),
                    new Door(node.executor(), new AtomicLong()),
                    surroundings.nanos());
            var place = settings.listen().host() + ":" + settings.listen().port();
            var listener = await("cannot listen on " + place + " for gateways: ", door.toCompletionStage());
            return new ClusterNode(node, members, listener);
        } catch (NodeStartException e) {
            node.close();
            members.close();
            throw e;
        }
    }

    /** Looked at before anything is touched or anybody is spoken to; that the port is taken since is found out later. */
    private static void requireFree(String host, int port, String whom) throws NodeStartException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new NodeStartException(
                    "cannot listen on " + host + ":" + port + " for " + whom + ": " + Reason.of(e), e);
        }
    }

    private static void startMembers(Settings settings, HazelcastMembers members) throws NodeStartException {
        try {
            members.start();
        } catch (IllegalStateException e) {
            throw new NodeStartException(
                    "cannot listen on " + settings.ownAddress() + " for other nodes: " + Reason.of(e), e);
        }
    }

    private static <T> T await(String what, CompletionStage<T> stage) throws NodeStartException {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new NodeStartException(what + Reason.of(e), e);
        }
    }

    /**
     * Makes the data folder of a node of a new cluster. A node whose folder was not made so, or has lost what it held, takes
     * no part in a founding: it waits for the others to take it in.
     *
     * @throws IOException if there is one already, or it cannot be written
     */
    public static void makeData(Path data) throws IOException {
        JournalFolder.makeForFirstStart(data);
    }

    /** Signs with the key of the node's certificate and tells every other member how far it has come. */
    private static AuditTrail openTrail(
            Settings settings, Belongings belongings, HazelcastMembers members, NodeSurroundings surroundings)
            throws IOException {
        var others = settings.voters().stream()
                .filter(id -> !id.equals(settings.id()))
                .toList();
        return AuditTrail.open(
                new TrailSettings(
                        settings.audit().folder(),
                        settings.id(),
                        belongings.rootKey().lineage().toHex(),
                        surroundings.version(),
                        settings.audit().flush(),
                        TrailSettings.FILE_BYTES),
                belongings.rootKey().purpose(Purpose.AUDIT),
                new CertifiedSigner(belongings.identity()),
                message -> others.forEach(id -> members.send(id, message)),
                surroundings.clock(),
                surroundings.nanos());
    }

    private static Belongings read(Settings settings, Seal seal, NodeSurroundings surroundings)
            throws NodeStartException {
        var identity = settings.identity();
        try {
            var tls = TlsFiles.in(identity)
                    .readAs(
                            PeerIdentity.node(settings.id()),
                            surroundings.entropy().asSecureRandom(),
                            surroundings.clock().instant());
            var rootKey = RootKeyFile.read(identity.resolve(Ceremony.ROOT_KEY)).unseal(seal);
            if (!tls.certificate()
                    .getIssuerX500Principal()
                    .getName()
                    .endsWith(rootKey.lineage().toHex())) {
                rootKey.close();
                throw new NodeStartException("certificate and root key in " + identity
                        + " are of another cluster each: copy the whole folder from where the cluster was initialized");
            }
            return new Belongings(
                    rootKey, Genesis.read(Files.readAllBytes(identity.resolve(Ceremony.GENESIS)), rootKey), tls);
        } catch (IOException | WrongSealException e) {
            throw new NodeStartException(Reason.of(e));
        }
    }

    /** The port at which gateways reach it. */
    public int port() {
        return listener.port();
    }

    /** As {@link HsmNode#onFailure}. */
    public void onFailure(Runnable then) {
        node.onFailure(then);
    }

    /** Hangs up on gateways first, then leaves the cluster and overwrites every key. */
    @Override
    public void close() {
        listener.close().toCompletionStage().toCompletableFuture().join();
        node.close();
        members.close();
    }

    /**
     * Tells when the store listens: only then may the other members begin to talk. What they say about their audit trails is
     * for the trail, everything else for the store.
     */
    private record AwaitedLink(HazelcastMembers members, AuditTrail trail, CompletableFuture<Void> received)
            implements MemberLink {

        @Override
        public void send(String nodeId, byte[] message) {
            members.send(nodeId, message);
        }

        @Override
        public void receive(BiConsumer<String, byte[]> receiver) {
            members.receive((from, message) -> {
                if (AuditTrail.isMessage(message)) {
                    trail.receive(from, message);
                } else {
                    receiver.accept(from, message);
                }
            });
            received.complete(null);
        }

        @Override
        public Set<String> liveMembers() {
            return members.liveMembers();
        }

        @Override
        public void close() {
            members.close();
        }
    }

    /** A session for each connection. */
    private record Door(CommandExecutor executor, AtomicLong sessions) implements CommandDispatch {

        @Override
        public Conversation begin(String certifiedUser, String source, String certificate) {
            var session = Session.ofConnection(certifiedUser, source, sessions.incrementAndGet(), certificate);
            return new Conversation() {
                @Override
                public <R extends Reply> CompletionStage<R> execute(Command<R> command, UUID servedRequest) {
                    return executor.execute(session, command, servedRequest);
                }
            };
        }
    }
}
