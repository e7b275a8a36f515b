package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An HSM that knows one account root and does what a test says. Every answer comes from a thread of its own, as answers of a
 * real one may.
 */
final class ScriptedHsm implements Hsm {

    static final String ACCOUNT = "111122223333";
    static final String ACCESS_KEY_ID = "AKIDEXAMPLEEXAMPLE01";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    static final Scope SCOPE = new Scope(ACCOUNT, "eu-west-1");
    static final String KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
    static final String KEY_ARN = "arn:aws:kms:eu-west-1:" + ACCOUNT + ":key/" + KEY_ID;

    /** Everything that was asked, save for signing keys. */
    final List<Command<?>> asked = new CopyOnWriteArrayList<>();

    final List<LookupCommand.DeriveSigningKey> signingKeys = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, Function<Command<?>, CompletionStage<? extends Reply>>> script =
            new ConcurrentHashMap<>();
    /** There are no grants. */
    ScriptedHsm() {
        on(GrantCommand.FindGrants.class, find -> new Reply.FoundGrants(List.of()));
    }

    private final AtomicLong callerRevision = new AtomicLong(1);
    private volatile Optional<Refusal> freshRefusal = Optional.empty();

    /** From now on, such commands are answered so; a thrown exception fails the call. */
    <R extends Reply, C extends Command<R>> void on(Class<C> type, Function<C, R> answer) {
        onStage(type, command -> CompletableFuture.supplyAsync(() -> answer.apply(command)));
    }

    <R extends Reply, C extends Command<R>> void onStage(Class<C> type, Function<C, CompletionStage<R>> answer) {
        script.put(type, command -> answer.apply(type.cast(command)));
    }

    /** Local reads see one picture of the key, quorum reads the other; {@code null} is no key. */
    void keyIs(Optional<KeyRecord> locally, Optional<KeyRecord> really) {
        on(LookupCommand.FindKey.class, find -> {
            var seen = find.freshness() == Freshness.LOCAL ? locally : really;
            return seen.filter(key -> find.address().equals(new KeyAddress.ById(key.name())))
                    .map(key -> new Reply.FoundKey(key, Optional.empty()))
                    .orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
        });
    }

    /** Whoever asks freshly for the root's signing key is refused so; locally it goes on being known. */
    void refuseFreshly(Refusal refusal) {
        freshRefusal = Optional.of(refusal);
    }

    void changeCaller() {
        callerRevision.incrementAndGet();
    }

    CallerIdentity caller() {
        return new CallerIdentity(
                new Stamp(9, 9, callerRevision.get()), ACCESS_KEY_ID, ACCOUNT, "arn:aws:iam::" + ACCOUNT + ":root");
    }

    static KeyRecord key(long revision, KeyState state) {
        var id = Bytes.wrap(new byte[16]);
        return new KeyRecord(
                new Stamp(7, 7, revision),
                new KeyName(SCOPE, KEY_ID),
                new KeyRecord.Attributes(
                        KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false, Instant.EPOCH),
                KeyRecord.Lifecycle.of(state),
                new KeyRecord.Documents("", KeyPolicy.defaultText(ACCOUNT), List.of()),
                KeyRecord.Material.of(List.of(KeyRecord.BackingKey.first(id, "0".repeat(64), Instant.EPOCH))));
    }

    /** To encrypt with {@link #key}, for the root. */
    static GrantRecord grant() {
        return new GrantRecord(
                new Stamp(8, 8, 3),
                new KeyName(SCOPE, KEY_ID),
                "0a".repeat(32),
                new GrantRecord.Terms(
                        "arn:aws:iam::" + ACCOUNT + ":root",
                        Optional.empty(),
                        List.of("Encrypt"),
                        new GrantRecord.Constraints(Optional.empty(), Optional.empty(), Optional.empty()),
                        ""),
                ACCOUNT,
                Instant.EPOCH);
    }

    /** The commands of one kind. */
    <C> List<C> asked(Class<C> type) {
        return asked.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public <R extends Reply> CompletionStage<R> call(Command<R> command, UUID servedRequest) {
        if (command instanceof LookupCommand.DeriveSigningKey derive) {
            signingKeys.add(derive);
            return CompletableFuture.supplyAsync(() -> cast(signingKey(derive)));
        }
        asked.add(command);
        var answer = script.get(command.getClass());
        if (answer == null) {
            throw new IllegalStateException("no answer was scripted for " + command);
        }
        return answer.apply(command).thenApply(ScriptedHsm::cast);
    }

    // A command is scripted with a reply of its own kind.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <R extends Reply> R cast(Reply reply) {
        return (R) reply;
    }

    private Reply.SigningKey signingKey(LookupCommand.DeriveSigningKey name) {
        if (!name.accessKeyId().equals(ACCESS_KEY_ID)) {
            throw new Refused(Refusal.NOT_FOUND);
        }
        if (name.freshness() == Freshness.QUORUM && freshRefusal.isPresent()) {
            throw new Refused(freshRefusal.get());
        }
        var key = ("AWS4" + SECRET).getBytes(UTF_8);
        for (var part : List.of(name.date(), name.region(), name.service(), "aws4_request")) {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                key = mac.doFinal(part.getBytes(UTF_8));
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
        return new Reply.SigningKey(CallerRecords.of(caller(), true), Plaintext.wrap(key));
    }
}
