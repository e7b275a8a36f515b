package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.Writer.Change;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.SigV4KeyDerivation;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.key.NameRules;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.CredentialVerifier;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.user.LoginThrottle;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is who: logins of HSM users, access keys of callers. */
final class Identities {

    private static final Logger LOG = LoggerFactory.getLogger(Identities.class);

    private static final Set<String> SERVICES = Set.of("kms", "sts", "kms-xks-proxy");
    private static final int MAX_SECRET = 128;
    private static final int MAX_PRINCIPALS = 1_000;

    private final RecordStore store;
    private final KeyVault vault;
    private final InstantSource clock;
    private final LoginThrottle throttle;
    private final Writer writer;

    Identities(NodeParts parts, Writer writer) {
        this.store = parts.store();
        this.vault = parts.vault();
        this.clock = parts.clock();
        this.throttle = new LoginThrottle(parts.nanos());
        this.writer = writer;
    }

    /** An unknown user and a wrong credential take the same steps and get the same answer; the log tells them apart. */
    CompletionStage<Reply.LoggedIn> login(Session session, SessionCommand.Login command) {
        if (!throttle.admits(session.source())) {
            throw new Refused(Refusal.THROTTLED);
        }
        var stored = vault.read(index -> index.user(session.user()));
        var verifier = stored.map(found -> found.content().user().verifier()).orElse(CredentialVerifier.NONE);
        boolean proven = verifier.accepts(command.credential());
        boolean named = command.user().equals(session.user());
        if (!proven || !named || stored.isEmpty()) {
            throttle.failed(session.source());
            LOG.warn(
                    "login refused: {}, {}",
                    session,
                    stored.isEmpty()
                            ? "no such user"
                            : named ? "wrong credential" : "another user than its certificate's");
            throw new Refused(Refusal.LOGIN_FAILED);
        }
        session.opened(stored.get().stamp());
        return CompletableFuture.completedFuture(
                new Reply.LoggedIn(stored.get().content().user().role()));
    }

    /** The user of an open session, as of now. */
    Optional<HsmUser> user(Session session) {
        return vault.read(index -> index.user(session.user()))
                .filter(stored -> session.isOf(stored.stamp()))
                .map(stored -> stored.content().user());
    }

    CompletionStage<Reply.SigningKey> deriveSigningKey(HsmUser user, LookupCommand.DeriveSigningKey command) {
        NameRules.requireRegion(command.region());
        Permits.requireRegion(user, command.region());
        if (!SERVICES.contains(command.service()) || !isAboutToday(command.date())) {
            throw new Refused(Refusal.MALFORMED, "no signing key for this service or date");
        }
        return command.freshness() == Freshness.LOCAL
                ? CompletableFuture.completedFuture(derive(user, command))
                : store.readBarrier().thenApply(barrier -> derive(user, command));
    }

    private Reply.SigningKey derive(HsmUser user, LookupCommand.DeriveSigningKey command) {
        var id = vault.names().accessKey(command.accessKeyId());
        var accessKey = vault.read(index -> {
            if (index.isUnreadable(id)) {
                throw new Refused(Refusal.INTERNAL, "record " + id);
            }
            return index.accessKey(command.accessKeyId());
        });
        var content = accessKey
                .map(stored -> stored.content())
                .filter(found -> user.servesAccount(found.identity().accountId()))
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
        try (var secret = vault.sealer().openSecret(content)) {
            var key = SigV4KeyDerivation.derive(secret, command.date(), command.region(), command.service());
            return new Reply.SigningKey(CallerRecords.of(content.identity(), true), Plaintext.wrap(key));
        } catch (UnsealException e) {
            throw new IllegalStateException("ALARM: the secret of an access key does not open", e);
        }
    }

    /** What follows is a decision about what may be named, so it rests on what a majority knows. */
    CompletionStage<Reply.FoundPrincipals> findPrincipals(LookupCommand.FindPrincipals command) {
        if (command.arns().size() > MAX_PRINCIPALS) {
            throw new Refused(Refusal.MALFORMED, "more principals than may be asked for at once");
        }
        // Every account is open as long as nobody can close one.
        return store.readBarrier().thenApply(barrier -> new Reply.FoundPrincipals(new HashSet<>(command.arns())));
    }

    /** One day either way: the caller's clock may be minutes off at midnight, and no key reaches further. */
    private boolean isAboutToday(String date) {
        try {
            var day = LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE);
            var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
            return date.length() == 8 && Math.abs(day.toEpochDay() - today.toEpochDay()) <= 1;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    CompletionStage<Reply.Done> createAccessKey(HsmUser user, IdentityCommand.CreateAccessKey command) {
        NameRules.requireAccessKeyId(command.accessKeyId());
        NameRules.requireAccount(command.accountId());
        NameRules.requirePrincipal(command.principalArn(), command.accountId());
        Permits.requireAccount(user, command.accountId());
        requireSecret(command.secret());
        return writer.write(
                new Change(command.commandId(), List.of(), () -> creation(command), false), Reply.Done::new);
    }

    private Optional<List<Write>> creation(IdentityCommand.CreateAccessKey command) {
        var present = vault.read(index -> index.accessKey(command.accessKeyId()));
        if (present.isPresent()) {
            if (present.get().createdBy().equals(command.commandId())) {
                return Optional.empty();
            }
            throw new Refused(Refusal.ALREADY_EXISTS);
        }
        var sealer = vault.sealer();
        try (var secret = command.secret().use(octets -> KeyMaterial.takeFrom(octets.clone()))) {
            var identity = new CallerIdentity(
                    new Stamp(0, 0, 0), command.accessKeyId(), command.accountId(), command.principalArn());
            var content = new Content.AccessKey(
                    identity, sealer.sealSecret(command.accessKeyId(), command.accountId(), secret));
            return Optional.of(List.of(sealer.create(content, command.commandId())));
        }
    }

    private static void requireSecret(Plaintext secret) {
        boolean wellFormed = secret.use(octets -> {
            boolean printable = octets.length > 0 && octets.length <= MAX_SECRET;
            for (byte octet : octets) {
                printable &= octet > 0x20 && octet < 0x7f;
            }
            return printable;
        });
        if (!wellFormed) {
            throw new Refused(Refusal.MALFORMED, "a secret access key has 1 to 128 visible ASCII characters");
        }
    }
}
