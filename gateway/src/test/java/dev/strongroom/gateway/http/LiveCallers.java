package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.SessionTerms;
import dev.strongroom.hsm.protocol.Stamp;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kms.KmsClient;

/** Two gateways before one node in memory, and callers of any account, each with an SDK's client to either gateway. */
final class LiveCallers implements AutoCloseable {

    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    private static final Stamp UNSTAMPED = new Stamp(0, 0, 0);
    private static final Pattern SESSION =
            Pattern.compile("arn:aws:sts::(?<account>[0-9]{12}):assumed-role/(?<role>[^/]+)/(?<name>[^/]+)");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HsmNode node;
    private final Gateway here;
    private final Gateway there;
    private final Set<String> accounts = new HashSet<>();
    private final Set<String> principals = new HashSet<>();
    private int made;
    private int accessKeys;
    private final Map<String, AwsCredentials> credentials = new HashMap<>();
    private final Map<String, KmsClient> clients = new HashMap<>();

    LiveCallers() throws Exception {
        this(plain -> plain);
    }

    /**
     * With something between the gateways and the node.
     *
     * @param between is given the node and gives what the gateways take for it
     */
    LiveCallers(UnaryOperator<Hsm> between) throws Exception {
        node = LiveNode.open(InstantSource.system());
        // Every no costs a quorum read, and those are limited per second: these gateways' seconds are short.
        var hsm = between.apply(node.gateway());
        here = new Gateway(hsm, null, AuditLog.none(), () -> System.nanoTime() * 100);
        there = new Gateway(hsm, null, AuditLog.none(), () -> System.nanoTime() * 100);
    }

    /** The client of {@code principalArn} to the one gateway. */
    KmsClient of(String principalArn) {
        return clients.computeIfAbsent("here " + principalArn, made -> client(here, principalArn));
    }

    /** The same caller's client to the other gateway. */
    KmsClient elsewhere(String principalArn) {
        return clients.computeIfAbsent("there " + principalArn, made -> client(there, principalArn));
    }

    /** Makes a user or role that is named in a grant, and its account, which is not open, if they are not there yet. */
    void make(String principalArn) {
        var name = IdentityArn.parse(principalArn).orElseThrow();
        if (accounts.add(name.accountId())) {
            create(new IdentityRecord.Account(UNSTAMPED, name.accountId(), false, Instant.EPOCH));
        }
        if (name.kind() != IdentityKind.ACCOUNT && principals.add(principalArn)) {
            var number = made++;
            var isRole = name.kind() == IdentityKind.ROLE;
            create(new IdentityRecord.Principal(
                    new HolderRecord(
                            UNSTAMPED,
                            principalArn,
                            (isRole ? "AROA" : "AIDA") + "A".repeat(15) + letter(number / 26) + letter(number % 26),
                            Map.of(),
                            Map.of()),
                    Instant.EPOCH,
                    List.of(),
                    Optional.empty(),
                    isRole ? Optional.of(new IdentityRecord.RoleTerms("{}", 3_600)) : Optional.empty()));
        }
    }

    private static char letter(int number) {
        return (char) ('A' + number);
    }

    /** Makes an account whose principals need not exist to be named. */
    void makeOpen(String accountId) {
        accounts.add(accountId);
        create(new IdentityRecord.Account(UNSTAMPED, accountId, true, Instant.EPOCH));
    }

    /** Makes somebody else under the name of a user or role, who goes; clients and credentials go as well. */
    void replace(String principalArn) {
        delete(principalArn);
        make(principalArn);
    }

    /** Removes a user or role. */
    void delete(String principalArn) {
        var name = IdentityArn.parse(principalArn).orElseThrow();
        var unused = done(node.identityAdmin().call(new IdentityCommand.DeleteIdentity(UUID.randomUUID(), name)));
        principals.remove(principalArn);
        forget(principalArn);
    }

    /** Lets go of the credentials of a caller, who has others when it calls next. */
    void forget(String principalArn) {
        credentials.remove(principalArn);
        clients.remove("here " + principalArn);
        clients.remove("there " + principalArn);
    }

    /** {@code AIDA…} or {@code AROA…} of a user or role as it is now. */
    String uniqueId(String principalArn) {
        var name = IdentityArn.parse(principalArn).orElseThrow();
        return ((IdentityRecord.Principal)
                        done(node.identityAdmin().call(new IdentityCommand.FindIdentity(name, Freshness.QUORUM)))
                                .identity())
                .holder()
                .uniqueId();
    }

    private void create(IdentityRecord identity) {
        var unused = done(node.identityAdmin().call(new IdentityCommand.CreateIdentity(UUID.randomUUID(), identity)));
    }

    /** Gives a user or role exactly these policies, by way of the node. */
    void give(String principalArn, String... policies) {
        make(principalArn);
        var name = IdentityArn.parse(principalArn).orElseThrow();
        var found = (IdentityRecord.Principal)
                done(node.identityAdmin().call(new IdentityCommand.FindIdentity(name, Freshness.QUORUM)))
                        .identity();
        var inline = new HashMap<String, String>();
        for (var policy : policies) {
            inline.put("p" + inline.size(), policy);
        }
        var holder = found.holder();
        var changed = new IdentityRecord.Principal(
                new HolderRecord(holder.stamp(), holder.arn(), holder.uniqueId(), holder.tags(), inline),
                found.created(),
                found.attached(),
                found.boundary(),
                found.role());
        var unused = done(node.identityAdmin().call(new IdentityCommand.ReplaceIdentity(UUID.randomUUID(), changed)));
    }

    /** Takes the caller's access key away, by way of the node. */
    void takeAccessKey(String principalArn) {
        var id = Objects.requireNonNull(credentials.get(principalArn)).accessKeyId();
        var name = new IdentityName(IdentityKind.ACCESS_KEY, principalArn.split(":", 6)[4], id);
        var unused = done(node.identityAdmin().call(new IdentityCommand.DeleteIdentity(UUID.randomUUID(), name)));
    }

    /** The caller's client in another Region; the caller closes it. */
    KmsClient in(String region, String principalArn) {
        return client(here, principalArn, Region.of(region));
    }

    /** What a caller is answered, letter for letter. */
    HttpResponse<String> post(String principalArn, String operation, String json) {
        var signer = credentials.computeIfAbsent(principalArn, this::credentials);
        return done(http.sendAsync(here.request(signer, operation, json), HttpResponse.BodyHandlers.ofString()));
    }

    private KmsClient client(Gateway gateway, String principalArn) {
        return client(gateway, principalArn, Region.EU_WEST_1);
    }

    private KmsClient client(Gateway gateway, String principalArn, Region region) {
        return KmsClient.builder()
                .endpointOverride(gateway.uri())
                .region(region)
                .credentialsProvider(
                        StaticCredentialsProvider.create(credentials.computeIfAbsent(principalArn, this::credentials)))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(overrides -> overrides.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    private AwsCredentials credentials(String principalArn) {
        var session = SESSION.matcher(principalArn);
        if (session.matches()) {
            var role = "arn:aws:iam::" + session.group("account") + ":role/" + session.group("role");
            make(role);
            var minted = done(node.gateway()
                    .call(new IdentityCommand.MintSession(
                            role, session.group("name"), 900, SessionTerms.NONE, List.of())));
            var secret = minted.secret().use(octets -> new String(octets, US_ASCII));
            return AwsSessionCredentials.create(
                    minted.accessKeyId(),
                    secret,
                    Base64.getEncoder().encodeToString(minted.token().toArray()));
        }
        make(principalArn);
        var id = "AKIA%016d".formatted(accessKeys++);
        var account = principalArn.split(":", 6)[4];
        var secret = Plaintext.wrap(SECRET.getBytes(US_ASCII));
        var unused = done(node.identityAdmin()
                .call(new IdentityCommand.CreateAccessKey(UUID.randomUUID(), id, account, principalArn, secret)));
        return AwsBasicCredentials.create(id, SECRET);
    }

    private static <R> R done(CompletionStage<R> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        clients.values().forEach(KmsClient::close);
        here.close();
        there.close();
        node.close();
    }
}
