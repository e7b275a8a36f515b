package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.Genesis;
import dev.strongroom.hsm.node.NodeStartException;
import dev.strongroom.hsm.node.audit.Ledger;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.store.MemoryRecordStore;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.CredentialVerifier;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.Lifecycle;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.UseCommand;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A node on a {@link MemoryRecordStore}: everything but the log and the wire. */
final class TestNode implements NodeLife {

    static final Scope SCOPE = new Scope("111122223333", "eu-west-1");
    static final Bytes AAD = Bytes.copyOf("orders".getBytes(StandardCharsets.UTF_8));
    static final String POLICY = "{\"Version\":\"2012-10-17\",\"Statement\":[]}";

    /** 32 bytes that stand for what the ceremony gave to the user. */
    static byte[] credential() {
        return TestEntropy.counting(7, 32);
    }

    private final Set<X509Certificate> attestationRoots;
    final RootKey rootKey;
    final MemoryRecordStore store;
    final KeyVault vault;
    final CommandExecutor executor;
    final NodeParts parts;
    final Session gateway = Session.inProcess("gateway");
    volatile Instant now = Instant.parse("2026-03-04T23:59:30Z");
    volatile long nanos;
    volatile Supplier<NodeState> state;

    /** Where the use of key pairs runs. */
    volatile Supplier<Executor> pairUses = () -> Runnable::run;

    /** A new cluster. */
    TestNode() {
        this(Set.of());
    }

    /** A new cluster to which enclaves of {@code attestationRoots} can prove what they are. */
    TestNode(Set<X509Certificate> attestationRoots) {
        this(RootKey.create(TestEntropy.shared()), new MemoryRecordStore(), attestationRoots);
        try {
            var genesis = Genesis.create(rootKey, TestEntropy.shared(), now, users(), List.of());
            var unused = store.commit(Genesis.read(genesis, rootKey))
                    .toCompletableFuture()
                    .join();
        } catch (NodeStartException e) {
            throw new AssertionError(e);
        }
    }

    /** One more node of a cluster. */
    TestNode(RootKey rootKey, MemoryRecordStore store) {
        this(rootKey, store, Set.of());
    }

    private TestNode(RootKey rootKey, MemoryRecordStore store, Set<X509Certificate> attestationRoots) {
        this.attestationRoots = attestationRoots;
        this.rootKey = rootKey;
        this.store = store;
        this.vault = new KeyVault(rootKey, TestEntropy.shared());
        store.subscribe(vault);
        this.state = () -> store.holdsLease() ? NodeState.OPERATIONAL : NodeState.FENCED;
        this.parts = parts();
        this.executor = new CommandExecutor(this, parts);
    }

    /** What everything in the node is made with. */
    NodeParts parts() {
        return new NodeParts(
                store,
                vault,
                TestEntropy.shared(),
                () -> now,
                () -> nanos,
                Runnable::run,
                work -> pairUses.get().execute(work),
                Runnable::run,
                attestationRoots);
    }

    /** An executor on the node's records with another pool to make key pairs on and another ledger. */
    CommandExecutor executor(Executor generation, Ledger ledger) {
        var other = new NodeParts(
                store,
                vault,
                parts.entropy(),
                parts.clock(),
                parts.nanos(),
                parts.pool(),
                parts.pairUses(),
                generation,
                parts.attestationRoots());
        return new CommandExecutor(this, other, ledger);
    }

    private static List<HsmUser> users() {
        return List.of(
                user("gateway", Role.CRYPTO_USER, Set.of(), Set.of()),
                user("small", Role.CRYPTO_USER, Set.of("111122223333"), Set.of("eu-west-1")),
                user("elsewhere", Role.CRYPTO_USER, Set.of("999999999999"), Set.of()),
                user("far", Role.CRYPTO_USER, Set.of(), Set.of("us-east-1")),
                user("identity", Role.IDENTITY_ADMIN, Set.of(), Set.of()),
                user("officer", Role.CRYPTO_OFFICER, Set.of(), Set.of()));
    }

    static HsmUser user(String name, Role role, Set<String> accounts, Set<String> regions) {
        try (var credential = Plaintext.wrap(credential())) {
            return new HsmUser(name, role, accounts, regions, CredentialVerifier.of(credential, TestEntropy.shared()));
        }
    }

    @Override
    public NodeState state() {
        return state.get();
    }

    @Override
    public Reply.NodeDescription describe() {
        return new Reply.NodeDescription("n1", state(), rootKey.lineage().toHex(), store.appliedIndex(), "test");
    }

    <R extends Reply> R call(Session session, Command<R> command) {
        try {
            return executor.execute(session, command, Hsm.NO_REQUEST)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw e;
        }
    }

    <R extends Reply> R call(Command<R> command) {
        return call(gateway, command);
    }

    Refused refused(Session session, Command<?> command) {
        try {
            throw new AssertionError("was answered with " + call(session, command));
        } catch (Refused refused) {
            return refused;
        }
    }

    Refusal refusal(Session session, Command<?> command) {
        return refused(session, command).refusal();
    }

    Refusal refusal(Command<?> command) {
        return refusal(gateway, command);
    }

    // ---- short forms

    KeyRecord createKey() {
        return createKey(SCOPE);
    }

    KeyRecord createKey(Scope scope) {
        return call(creation(
                        UUID.randomUUID(), new KeyName(scope, UUID.randomUUID().toString())))
                .key();
    }

    /** A key of any kind. */
    KeyRecord createKey(KeySpec spec, KeyUsage usage) {
        var name = new KeyName(SCOPE, UUID.randomUUID().toString());
        var made = new ChangeCommand.NewKey(spec, usage, Origin.AWS_KMS, false);
        return call(creation(UUID.randomUUID(), name, made)).key();
    }

    /** A multi-Region key; the Region of {@link #SCOPE} is its primary one. */
    KeyRecord createMultiRegionKey() {
        var id = "mrk-" + UUID.randomUUID().toString().replace("-", "");
        var made = new ChangeCommand.NewKey(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, true);
        return call(creation(UUID.randomUUID(), new KeyName(SCOPE, id), made)).key();
    }

    static ChangeCommand.CreateKey creation(UUID commandId, KeyName name) {
        return creation(
                commandId,
                name,
                new ChangeCommand.NewKey(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false));
    }

    private static ChangeCommand.CreateKey creation(UUID commandId, KeyName name, ChangeCommand.NewKey made) {
        return new ChangeCommand.CreateKey(
                commandId,
                name,
                made,
                new KeyRecord.Documents("for orders", POLICY, List.of(new KeyRecord.Tag("team", "orders"))),
                List.of());
    }

    KeyRecord key(KeyRecord old) {
        return call(new LookupCommand.FindKey(new KeyAddress.ById(old.name()), Freshness.LOCAL))
                .key();
    }

    static Authority authority(KeyRecord key) {
        var shared = key.material().multiRegion().map(KeyRecord.MultiRegion::stamp);
        return new Authority(key.stamp(), shared.stream().toList());
    }

    static AliasName alias(String name) {
        return new AliasName(SCOPE, "alias/" + name);
    }

    void createAlias(String name, KeyRecord target) {
        var unused = call(new ChangeCommand.CreateAlias(UUID.randomUUID(), alias(name), authority(target)));
    }

    Bytes encrypt(KeyRecord key, String text) {
        return call(new UseCommand.Encrypt(authority(key), plaintext(text), AAD))
                .blob();
    }

    String decrypt(KeyRecord key, Bytes blob) {
        var reply = call(new UseCommand.Decrypt(authority(key), blob, AAD));
        return reply.plaintext().use(octets -> new String(octets, StandardCharsets.UTF_8));
    }

    static Plaintext plaintext(String text) {
        return Plaintext.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    Optional<KeyRecord> find(KeyName name) {
        return vault.read(
                index -> index.key(name).map(stored -> stored.content().key()));
    }

    /** The key after {@code change}. */
    KeyRecord change(KeyRecord key, KeyChange change) {
        return call(new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), change))
                .key();
    }

    /** The node's clock goes on. */
    void pass(Duration time) {
        now = now.plus(time);
    }

    Sweeper sweeper(String id, int voters) {
        return new Sweeper(this, parts, executor.lastUses(), Ledger.none(), id, voters);
    }

    /** How many keys it changed. */
    static int sweep(Sweeper sweeper) {
        return sweeper.sweep().toCompletableFuture().join();
    }

    /** The records that a replica is made of. */
    KeyRecord replicate(KeyRecord primary, Scope scope) {
        var name = new KeyName(scope, primary.name().keyId());
        var shared = vault.read(index -> index.multiRegionKey(name)).orElseThrow();
        var regions =
                new KeyRecord.MultiRegion(shared.stamp(), primary.name().scope().region(), List.of(scope.region()));
        var replica = new KeyRecord(
                primary.stamp(),
                name,
                primary.attributes(),
                Lifecycle.of(KeyState.ENABLED),
                primary.documents(),
                primary.material());
        var sealer = vault.sealer();
        var command = UUID.randomUUID();
        var writes = List.<Write>of(
                sealer.create(new Content.Key(replica), command),
                sealer.replace(shared, shared.content().withRegions(regions), command));
        var unused = store.commit(new Transaction(command, writes))
                .toCompletableFuture()
                .join();
        return find(name).orElseThrow();
    }
}
