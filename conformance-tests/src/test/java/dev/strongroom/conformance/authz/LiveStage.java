package dev.strongroom.conformance.authz;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.gateway.http.ClockAndIds;
import dev.strongroom.gateway.http.HttpSettings;
import dev.strongroom.gateway.http.KmsEndpoint;
import dev.strongroom.gateway.http.RequestMetrics;
import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.node.NodeSurroundings;
import dev.strongroom.hsm.node.crypto.Entropy;
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
import java.net.URI;
import java.time.Instant;
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
    private final Vertx vertx = Vertx.vertx();
    private final List<KmsEndpoint> gateways;
    private final Map<Cast, AwsCredentials> longTerm = new EnumMap<>(Cast.class);
    private final Map<Cast, AwsCredentials> sessions = new EnumMap<>(Cast.class);
    private final Map<String, IdentityRecord> identities = new HashMap<>();
    private int turn;

    LiveStage() throws Exception {
        node = HsmNode.openInMemory(new NodeSurroundings(
                Entropy.start(Bytes.wrap(new byte[16]), System::nanoTime), () -> now, System::nanoTime, "test"));
        gateways = List.of(gateway(), gateway());
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

    private KmsEndpoint gateway() throws Exception {
        // Every no costs a quorum read, and those are limited per second: these gateways' seconds are short.
        var world = new ClockAndIds(() -> now, () -> System.nanoTime() * ENDLESS, UUID::randomUUID);
        return KmsEndpoint.open(
                        vertx, new HttpSettings("127.0.0.1", 0, null, 1), node.gateway(), world, new RequestMetrics())
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
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
        return URI.create(
                "http://127.0.0.1:" + gateways.get(turn % gateways.size()).port() + "/");
    }

    /** A text with the unique ids that those who play here have. */
    static String withIds(String text) {
        return UNIQUE_ID
                .matcher(text)
                .replaceAll(id ->
                        id.group() + "A".repeat(UNIQUE_ID_LENGTH - id.group().length()));
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
                withIds(cast.uniqueId()),
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
        var unused = vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        node.close();
    }
}
