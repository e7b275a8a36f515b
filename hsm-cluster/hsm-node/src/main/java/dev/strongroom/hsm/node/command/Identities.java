package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.SigV4KeyDerivation;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.key.NameRules;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.user.CredentialVerifier;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.user.LoginThrottle;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is who: logins of HSM users, signatures of callers. */
final class Identities {

    private static final Logger LOG = LoggerFactory.getLogger(Identities.class);

    private static final Set<String> SERVICES = Set.of("kms", "sts", "kms-xks-proxy", "strongroom");

    private final RecordStore store;
    private final KeyVault vault;
    private final InstantSource clock;
    private final LoginThrottle throttle;
    private final IdentityReads reads;
    private final Sessions sessions;

    Identities(NodeParts parts, IdentityReads reads, Sessions sessions) {
        this.store = parts.store();
        this.vault = parts.vault();
        this.clock = parts.clock();
        this.throttle = new LoginThrottle(parts.nanos());
        this.reads = reads;
        this.sessions = sessions;
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
        if (command.sessionToken().length() > 0) {
            try (var known = sessions.open(user, command.accessKeyId(), command.sessionToken())) {
                return derive(command, known.caller(), known.secret());
            }
        }
        var id = vault.names().accessKey(command.accessKeyId());
        var accessKey = vault.read(index -> {
            if (index.isUnreadable(id)) {
                throw new Refused(Refusal.INTERNAL, "record " + id);
            }
            return index.accessKey(command.accessKeyId());
        });
        var content = accessKey
                .map(stored -> stored.content())
                .filter(found -> found.accessKey().active())
                .filter(found -> user.servesAccount(found.identity().accountId()))
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
        var caller = vault.read(index -> reads.caller(index, content.identity()));
        try (var secret = vault.sealer().openSecret(content)) {
            return derive(command, caller, secret);
        } catch (UnsealException e) {
            throw new IllegalStateException("ALARM: the secret of an access key does not open", e);
        }
    }

    private static Reply.SigningKey derive(
            LookupCommand.DeriveSigningKey command, CallerRecords caller, KeyMaterial secret) {
        var key = SigV4KeyDerivation.derive(secret, command.date(), command.region(), command.service());
        return new Reply.SigningKey(caller, Plaintext.wrap(key));
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
}
