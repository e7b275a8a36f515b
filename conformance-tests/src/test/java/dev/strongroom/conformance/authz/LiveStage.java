package dev.strongroom.conformance.authz;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.gateway.http.ClockAndIds;
import dev.strongroom.gateway.http.HttpSettings;
import dev.strongroom.gateway.http.KmsEndpoint;
import dev.strongroom.gateway.http.RequestMetrics;
import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.node.NodeSurroundings;
import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionTerms;
import dev.strongroom.hsm.protocol.Stamp;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * A node in memory with everybody of the decision table in it, and two gateways before it. From one paragraph of the table
 * to the next the same users get other policies: what a gateway remembers of them is always wrong.
 */
final class LiveStage implements AutoCloseable {

    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final Pattern UNIQUE_ID = Pattern.compile("\\b(AIDA|AROA)[A-Z]+\\b");
    private static final int UNIQUE_ID_LENGTH = 20;
    private static final long ENDLESS = 1_000;

    /** When the table plays, unless a row says otherwise. */
    private volatile Instant now = Evaluation.NOW;

    private final HsmNode node;
    /** One a gateway: servers of one that may have any port share it. */
    private final List<Vertx> loops = new ArrayList<>();

    private final List<URI> gateways;
    private final URI behindTls;
    private final Optional<URI> onVersion6;
    private final PlainClient client;
    private final Map<Cast, AwsCredentials> longTerm = new EnumMap<>(Cast.class);
    private final Map<Cast, AwsCredentials> sessions = new EnumMap<>(Cast.class);
    private final Map<String, IdentityRecord> identities = new HashMap<>();
    private int turn;

    /** @param folder for a certificate */
    LiveStage(Path folder) throws Exception {
        node = HsmNode.openInMemory(new NodeSurroundings(
                Entropy.start(Bytes.wrap(new byte[16]), System::nanoTime), () -> now, System::nanoTime, "test"));
        gateways = List.of(gateway("127.0.0.1", null), gateway("127.0.0.1", null));
        onVersion6 = InetAddress.getAllByName("::1")[0].isReachable(1_000)
                ? Optional.of(gateway("::1", null))
                : Optional.empty();
        var certificate = CertificateAuthority.create("00".repeat(16), new SecureRandom(), InstantSource.system())
                .issue(PeerIdentity.node("n1"), List.of("127.0.0.1"));
        client = new PlainClient(certificate.authorityPem());
        behindTls = gateway(
                "127.0.0.1",
                new HttpSettings.Tls(
                        Files.writeString(folder.resolve("certificate.pem"), certificate.chainPem()),
                        Files.writeString(folder.resolve("key.pem"), certificate.privateKeyPem())));
        for (var root : List.of(Cast.A_ROOT, Cast.B_ROOT, Cast.C_ROOT)) {
            var account = new IdentityRecord.Account(new Stamp(0, 0, 0), root.accountId(), true, now);
            var unused = ask(new IdentityCommand.CreateIdentity(UUID.randomUUID(), account), true);
            longTerm.put(root, accessKey(root));
        }
        for (var cast : Cast.values()) {
            if (cast.role() == Cast.Role.USER || cast.role() == Cast.Role.ROLE) {
                put(principal(cast, Optional.empty(), Optional.empty(), Map.of()));
            }
            if (cast.role() == Cast.Role.USER) {
                longTerm.put(cast, accessKey(cast));
                // A user's record changes with its access keys.
                var changed = IdentityArn.parse(cast.arn()).orElseThrow();
                identities.put(
                        changed.toString(),
                        ask(new IdentityCommand.FindIdentity(changed, Freshness.QUORUM), true)
                                .identity());
            }
        }
    }

    private URI gateway(String host, HttpSettings.@Nullable Tls tls) throws Exception {
        // Every no costs a quorum read, and those are limited per second: these gateways' seconds are short.
        var world = new ClockAndIds(() -> now, () -> System.nanoTime() * ENDLESS, UUID::randomUUID);
        var vertx = Vertx.vertx();
        loops.add(vertx);
        var endpoint = KmsEndpoint.open(
                        vertx, new HttpSettings(host, 0, tls, 1), node.gateway(), world, new RequestMetrics())
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return new URI(tls == null ? "http" : "https", null, host, endpoint.port(), "/", null, null);
    }

    private AwsCredentials accessKey(Cast cast) {
        var id = "AKIA%016d".formatted(longTerm.size() + 1);
        var secret = Plaintext.wrap(SECRET.getBytes(US_ASCII));
        var unused = ask(
                new IdentityCommand.CreateAccessKey(UUID.randomUUID(), id, cast.accountId(), cast.arn(), secret), true);
        return AwsBasicCredentials.create(id, SECRET);
    }

    void setClock(Instant time) {
        now = time;
    }

    Instant clock() {
        return now;
    }

    /** One gateway and then the other. */
    URI nextGateway() {
        turn++;
        return gateways.get(turn % gateways.size());
    }

    /** The gateway that is reached by TLS alone. */
    URI gatewayBehindTls() {
        return behindTls;
    }

    /** The gateway that is reached from {@code ::1}, if this machine has that address. */
    Optional<URI> gatewayOnVersion6() {
        return onVersion6;
    }

    PlainClient client() {
        return client;
    }

    /**
     * A text with the unique ids that those who play here have, and with addresses that they can have: networks for
     * documentation (RFC 5737) stand for parts of the network that is this machine.
     */
    static String asHere(String text) {
        return UNIQUE_ID
                .matcher(text)
                .replaceAll(id ->
                        id.group() + "A".repeat(UNIQUE_ID_LENGTH - id.group().length()))
                .replace("203.0.11", "127.0.11")
                .replace("198.51.100.", "127.51.100.")
                .replace("192.0.2.", "127.0.2.");
    }

    /** Gives everybody the policies and tags of a paragraph. */
    void play(Situation situation, LiveKey key) {
        sessions.clear();
        for (var cast : Cast.values()) {
            if (cast.role() == Cast.Role.USER || cast.role() == Cast.Role.ROLE) {
                var tags = prefixed(situation.traits().getOrDefault(cast.symbol(), Map.of()), "tag:");
                put(principal(
                        cast,
                        Optional.ofNullable(situation.identity().get(cast.symbol()))
                                .map(key::written),
                        Optional.ofNullable(situation.boundary().get(cast.symbol()))
                                .map(key::written),
                        tags));
            }
        }
    }

    /** Half of the policies hang inside and half outside the record of whoever has them. */
    private IdentityRecord.Principal principal(
            Cast cast, Optional<String> policy, Optional<String> boundary, Map<String, String> tags) {
        boolean isInline = policy.map(text -> text.length() % 2 == 0).orElse(true);
        var holder = new HolderRecord(
                new Stamp(0, 0, 0),
                cast.arn(),
                asHere(cast.uniqueId()),
                tags,
                isInline ? policy.map(text -> Map.of("inline", text)).orElse(Map.of()) : Map.of());
        return new IdentityRecord.Principal(
                holder,
                Evaluation.NOW,
                isInline ? List.of() : List.of(managed(cast, "attached", policy.orElseThrow())),
                boundary.map(text -> managed(cast, "boundary", text)),
                cast.role() == Cast.Role.ROLE
                        ? Optional.of(new IdentityRecord.RoleTerms("{}", 3_600))
                        : Optional.empty());
    }

    private String managed(Cast cast, String name, String text) {
        var arn = IdentityArn.of(IdentityKind.POLICY, cast.accountId(), "/", name + "-" + cast.name());
        var policy = new PolicyRecord(new Stamp(0, 0, 0), arn, text);
        put(new IdentityRecord.ManagedPolicy(policy, Evaluation.NOW, Evaluation.NOW));
        return arn;
    }

    /** Writes a record unless it is there in these words. */
    private void put(IdentityRecord wanted) {
        var known = identities.get(wanted.name().toString());
        if (known == null) {
            identities.put(
                    wanted.name().toString(),
                    ask(new IdentityCommand.CreateIdentity(UUID.randomUUID(), wanted), true)
                            .identity());
            return;
        }
        var replacement = stamped(wanted, known.stamp());
        if (!replacement.equals(known)) {
            identities.put(
                    wanted.name().toString(),
                    ask(new IdentityCommand.ReplaceIdentity(UUID.randomUUID(), replacement), true)
                            .identity());
        }
    }

    private static IdentityRecord stamped(IdentityRecord record, Stamp stamp) {
        if (record instanceof IdentityRecord.ManagedPolicy managed) {
            var policy = managed.policy();
            return new IdentityRecord.ManagedPolicy(
                    new PolicyRecord(stamp, policy.arn(), policy.document()), managed.created(), managed.updated());
        }
        var principal = (IdentityRecord.Principal) record;
        var holder = principal.holder();
        return new IdentityRecord.Principal(
                new HolderRecord(stamp, holder.arn(), holder.uniqueId(), holder.tags(), holder.inlinePolicies()),
                principal.created(),
                principal.attached(),
                principal.boundary(),
                principal.role());
    }

    /** With what a caller signs in a paragraph. */
    AwsCredentials credentials(Situation situation, LiveKey key, Cast cast) {
        var traits = situation.traits().getOrDefault(cast.symbol(), Map.of());
        if (cast.role() == Cast.Role.SESSION || traits.containsKey("session")) {
            return sessions.computeIfAbsent(cast, made -> session(situation, key, made, traits));
        }
        return Objects.requireNonNull(longTerm.get(cast), () -> cast + " cannot sign");
    }

    private AwsCredentials session(Situation situation, LiveKey key, Cast cast, Map<String, String> traits) {
        var before = now;
        now = Evaluation.NOW.minusSeconds(600);
        try {
            var policy = situation.session().get(cast.symbol());
            var terms = new SessionTerms(
                    traits.containsKey("mfa") ? Optional.of(Evaluation.NOW.minusSeconds(300)) : Optional.empty(),
                    prefixed(traits, "session-tag:"),
                    List.of(),
                    cast == Cast.WEB_W1 ? Optional.of(Cast.PROVIDER) : Optional.empty(),
                    Optional.ofNullable(traits.get("source-identity")),
                    policy == null ? List.of() : List.of(key.written(policy)),
                    List.of());
            var name = cast.role() == Cast.Role.SESSION
                    ? cast.arn().substring(cast.arn().lastIndexOf('/') + 1)
                    : "";
            var minted = ask(
                    new IdentityCommand.MintSession(cast.issuer().orElse(cast).arn(), name, 3_600, terms, List.of()),
                    false);
            return AwsSessionCredentials.create(
                    minted.accessKeyId(),
                    minted.secret().use(octets -> new String(octets, US_ASCII)),
                    Base64.getEncoder().encodeToString(minted.token().toArray()));
        } finally {
            now = before;
        }
    }

    static Map<String, String> prefixed(Map<String, String> traits, String prefix) {
        var found = new LinkedHashMap<String, String>();
        traits.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    /** Asks the node, past the gateways. */
    <R extends Reply> R ask(Command<R> command) {
        return ask(command, false);
    }

    private <R extends Reply> R ask(Command<R> command, boolean isAdmin) {
        CompletionStage<R> answer = (isAdmin ? node.identityAdmin() : node.gateway()).call(command);
        try {
            return answer.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(command.toString(), e);
        }
    }

    @Override
    public void close() {
        for (var vertx : loops) {
            var unused = vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
        }
        node.close();
    }
}
