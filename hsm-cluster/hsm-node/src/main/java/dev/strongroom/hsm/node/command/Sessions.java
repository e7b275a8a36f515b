package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.key.IdentityRules;
import dev.strongroom.hsm.node.user.FreshCredentials;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionRecord;
import dev.strongroom.hsm.protocol.SessionTerms;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Temporary credentials: making them and knowing them again. */
final class Sessions {

    private final KeyVault vault;
    private final InstantSource clock;
    private final Entropy entropy;
    private final IdentityReads reads;

    Sessions(NodeParts parts, IdentityReads reads) {
        this.vault = parts.vault();
        this.clock = parts.clock();
        this.entropy = parts.entropy();
        this.reads = reads;
    }

    /** Whose session something is, and the name and id under which it acts. */
    private record Holder(CallerRecords caller, String uniqueId) {}

    /** Who opened a session token, and with what their signature is to be checked; the secret is the caller's. */
    record Known(CallerRecords caller, KeyMaterial secret) implements AutoCloseable {
        @Override
        public void close() {
            secret.close();
        }
    }

    CompletionStage<Reply.MintedSession> mint(HsmUser user, IdentityCommand.MintSession command) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var accessKeyId = FreshCredentials.newId(FreshCredentials.TEMPORARY_KEY, entropy);
        var name = IdentityArn.parse(command.principalArn()).orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
        Permits.requireAccount(user, name.accountId());
        var session = vault.read(index -> {
            Stamps.require(index, command.authority());
            requireAllowed(index, name, command);
            return new SessionToken(
                    command.principalArn(),
                    uniqueId(index, name, command.principalArn()),
                    command.sessionName(),
                    now,
                    now.plusSeconds(command.durationSeconds()),
                    command.terms());
        });
        var holder = vault.read(index -> holder(index, accessKeyId, session));
        var secret = FreshCredentials.newSecret(entropy);
        try {
            var token = session.seal(vault.sealer(), accessKeyId, secret);
            return CompletableFuture.completedFuture(new Reply.MintedSession(
                    accessKeyId,
                    token,
                    session.expires(),
                    holder.caller().identity().principalArn(),
                    holder.uniqueId(),
                    secret));
        } catch (RuntimeException e) {
            secret.close();
            throw e;
        }
    }

    /** Opens a session token for a user of the node; refuses what is not good, and the session of somebody who is no more. */
    Known open(HsmUser user, String accessKeyId, Bytes token) {
        var opened = SessionToken.open(vault.sealer(), accessKeyId, token, clock.instant());
        try {
            var caller = vault.read(index -> holder(index, accessKeyId, opened.session()))
                    .caller();
            if (!user.servesAccount(caller.identity().accountId())) {
                throw new Refused(Refusal.NOT_FOUND);
            }
            return new Known(caller, opened.secret());
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void requireAllowed(VaultIndex index, IdentityName name, IdentityCommand.MintSession command) {
        int most = switch (name.kind()) {
            case ACCOUNT -> IdentityRules.MAX_ROOT_SESSION_SECONDS;
            case USER -> IdentityRules.MAX_USER_SESSION_SECONDS;
            case ROLE ->
                reads.principal(index, command.principalArn())
                        .role()
                        .map(IdentityRecord.RoleTerms::maxSessionSeconds)
                        .orElse(0);
            default -> throw new Refused(Refusal.NOT_FOUND);
        };
        if (command.durationSeconds() < IdentityRules.MIN_SESSION_SECONDS || command.durationSeconds() > most) {
            throw new Refused(
                    Refusal.MALFORMED,
                    "a session lasts " + IdentityRules.MIN_SESSION_SECONDS + " to " + most + " seconds here");
        }
        if (name.kind() == IdentityKind.ROLE) {
            IdentityRules.requireSessionName(command.sessionName());
        } else if (!command.sessionName().isEmpty()) {
            throw new Refused(Refusal.MALFORMED, "only sessions of roles have names");
        }
        IdentityRules.requireTags(command.terms().tags());
        if (!command.terms().tags().keySet().containsAll(command.terms().transitiveTagKeys())) {
            throw new Refused(Refusal.MALFORMED, "a tag that is handed down is a tag of the session");
        }
        command.terms().inlinePolicies().forEach(IdentityRules::requireDocument);
        IdentityRules.requireAttachable(command.terms().policyArns(), name.accountId());
        for (var arn : command.terms().policyArns()) {
            if (index.identities().policy(IdentityArn.parse(arn).orElseThrow()).isEmpty()) {
                throw new Refused(Refusal.NOT_FOUND, arn);
            }
        }
    }

    private String uniqueId(VaultIndex index, IdentityName name, String arn) {
        return name.kind() == IdentityKind.ACCOUNT
                ? name.accountId()
                : reads.principal(index, arn).holder().uniqueId();
    }

    /** The caller behind a session; refuses if the user or role is gone, even if another has its name now. */
    private Holder holder(VaultIndex index, String accessKeyId, SessionToken session) {
        var name = IdentityArn.parse(session.principalArn()).orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
        var record = Optional.of(record(index, session));
        if (name.kind() == IdentityKind.ACCOUNT) {
            var account = reads.require(index, name);
            var identity = new CallerIdentity(account.stamp(), accessKeyId, name.accountId(), session.principalArn());
            var caller = CallerRecords.of(identity, index.identities().isOpen(name.accountId()));
            return new Holder(
                    new CallerRecords(
                            identity,
                            caller.openAccount(),
                            caller.holder(),
                            caller.attached(),
                            caller.boundary(),
                            record),
                    name.accountId());
        }
        var principal = reads.principal(index, session.principalArn());
        var holder = principal.holder();
        if (!holder.uniqueId().equals(session.uniqueId())) {
            throw new Refused(Refusal.NOT_FOUND);
        }
        boolean isRole = name.kind() == IdentityKind.ROLE;
        var identity = new CallerIdentity(
                holder.stamp(),
                accessKeyId,
                name.accountId(),
                isRole
                        ? "arn:aws:sts::" + name.accountId() + ":assumed-role/" + roleName(holder.arn()) + "/"
                                + session.sessionName()
                        : holder.arn());
        return new Holder(
                reads.caller(index, identity, principal, record),
                isRole ? holder.uniqueId() + ":" + session.sessionName() : holder.uniqueId());
    }

    /** A session's ARN has the role's name without its path, in the letters that the role was made with. */
    private static String roleName(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    private SessionRecord record(VaultIndex index, SessionToken session) {
        SessionTerms terms = session.terms();
        return new SessionRecord(
                session.issued(),
                session.expires(),
                terms.multiFactor(),
                terms.tags(),
                terms.transitiveTagKeys(),
                terms.provider(),
                terms.sourceIdentity(),
                terms.inlinePolicies(),
                reads.policies(index, terms.policyArns()));
    }
}
