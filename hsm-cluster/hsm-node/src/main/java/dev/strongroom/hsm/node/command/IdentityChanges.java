package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.Writer.Change;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.key.IdentityRules;
import dev.strongroom.hsm.node.key.NameRules;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.FreshCredentials;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Making and changing accounts, users, roles, access keys, managed policies and OIDC providers. A change depends on every
 * record that it names, so nothing is attached that was deleted meanwhile; and an access key is made together with a new
 * revision of its holder, so that two made at once do not become three.
 */
final class IdentityChanges {

    private static final int MAX_SECRET = 128;
    private static final Stamp UNSTAMPED = new Stamp(0, 0, 0);

    private final KeyVault vault;
    private final InstantSource clock;
    private final Writer writer;
    private final IdentityReads reads;

    IdentityChanges(NodeParts parts, Writer writer, IdentityReads reads) {
        this.vault = parts.vault();
        this.clock = parts.clock();
        this.writer = writer;
        this.reads = reads;
    }

    // ---- what is not an access key

    CompletionStage<Reply.FoundIdentity> create(HsmUser user, IdentityCommand.CreateIdentity command) {
        var identity = command.identity();
        requirePermitted(user, identity);
        if (identity instanceof IdentityRecord.AccessKey) {
            throw new Refused(Refusal.MALFORMED, "an access key is not made without its secret");
        }
        var change = new Change(command.commandId(), List.of(), () -> creation(command), false);
        return writer.write(change, () -> found(identity.name()));
    }

    private Optional<List<Write>> creation(IdentityCommand.CreateIdentity command) {
        var name = command.identity().name();
        return vault.read(index -> {
            var present = index.identities().find(name);
            if (present.isPresent()) {
                if (present.get().createdBy().equals(command.commandId())) {
                    return Optional.empty();
                }
                throw new Refused(Refusal.ALREADY_EXISTS);
            }
            if (index.isUnreadable(vault.names().identity(name))) {
                throw reads.missing(index, name);
            }
            int count = index.identities().count(name.kind(), name.accountId());
            int most = IdentityRules.most(name.kind());
            if (count >= most) {
                throw new Refused(Refusal.LIMIT_EXCEEDED, count + " of its kind in the account, of at most " + most);
            }
            var writes = new ArrayList<Write>();
            if (name.kind() != IdentityKind.ACCOUNT) {
                writes.add(check(index, new IdentityName(IdentityKind.ACCOUNT, name.accountId(), "")));
            }
            writes.addAll(references(index, command.identity()));
            writes.add(vault.sealer().create(new Content.Identity(dated(command.identity())), command.commandId()));
            return Optional.of(writes);
        });
    }

    CompletionStage<Reply.FoundIdentity> replace(HsmUser user, IdentityCommand.ReplaceIdentity command) {
        var identity = command.identity();
        requirePermitted(user, identity);
        var change = new Change(command.commandId(), List.of(identity.stamp()), () -> replacement(command), true);
        return writer.write(change, () -> found(identity.name()));
    }

    private Optional<List<Write>> replacement(IdentityCommand.ReplaceIdentity command) {
        var identity = command.identity();
        return vault.read(index -> {
            var stored = stored(index, identity.name());
            if (stored.changedBy().equals(command.commandId())) {
                return Optional.empty();
            }
            if (!stored.stamp().equals(identity.stamp())) {
                throw new Refused(Refusal.STALE);
            }
            var writes = new ArrayList<Write>(references(index, identity));
            writes.add(vault.sealer().replace(stored, replaced(stored.content(), identity), command.commandId()));
            return Optional.of(writes);
        });
    }

    /** The new content; refuses if it is about somebody else, who happens to have the name. */
    private Content replaced(Content former, IdentityRecord wanted) {
        if (former instanceof Content.AccessKey accessKey && wanted instanceof IdentityRecord.AccessKey changed) {
            require(accessKey.identity().equals(changed.identity()), "an access key stays whose it is");
            return new Content.AccessKey(
                    new IdentityRecord.AccessKey(
                            changed.identity(),
                            changed.active(),
                            accessKey.accessKey().created()),
                    accessKey.sealedSecret());
        }
        var old = ((Content.Identity) former).identity();
        if (old instanceof IdentityRecord.Principal one && wanted instanceof IdentityRecord.Principal other) {
            require(
                    one.holder().arn().equals(other.holder().arn())
                            && one.holder().uniqueId().equals(other.holder().uniqueId()),
                    "a user or role keeps its ARN and its unique id");
            return new Content.Identity(new IdentityRecord.Principal(
                    other.holder(), one.created(), other.attached(), other.boundary(), other.role()));
        } else if (old instanceof IdentityRecord.ManagedPolicy one
                && wanted instanceof IdentityRecord.ManagedPolicy other) {
            require(one.policy().arn().equals(other.policy().arn()), "a policy keeps its ARN");
            return new Content.Identity(new IdentityRecord.ManagedPolicy(other.policy(), one.created(), now()));
        } else if (old instanceof IdentityRecord.OidcProvider one
                && wanted instanceof IdentityRecord.OidcProvider other) {
            return new Content.Identity(new IdentityRecord.OidcProvider(
                    other.stamp(), one.arn(), other.clientIds(), other.keys(), one.created()));
        }
        return new Content.Identity(new IdentityRecord.Account(
                wanted.stamp(),
                wanted.name().accountId(),
                wanted instanceof IdentityRecord.Account account && account.open(),
                ((IdentityRecord.Account) old).created()));
    }

    CompletionStage<Reply.Done> delete(HsmUser user, IdentityCommand.DeleteIdentity command) {
        NameRules.requireAccount(command.name().accountId());
        Permits.requireAccount(user, command.name().accountId());
        if (command.name().kind() == IdentityKind.ACCOUNT) {
            throw new Refused(Refusal.CONFLICT, "an account is not deleted: its keys belong to it");
        }
        var change = new Change(command.commandId(), List.of(), () -> removal(command.name()), true);
        return writer.write(change, Reply.Done::new);
    }

    private Optional<List<Write>> removal(IdentityName name) {
        return vault.read(index -> {
            var stored = stored(index, name);
            var writes = new ArrayList<Write>();
            writes.add(new Delete(stored.id(), stored.revision()));
            if (stored.content() instanceof Content.Identity found) {
                if (found.identity() instanceof IdentityRecord.ManagedPolicy policy) {
                    requireUnattached(index, name.accountId(), policy.policy().arn());
                } else if (found.identity() instanceof IdentityRecord.Principal principal) {
                    index.identities()
                            .accessKeysOf(name.accountId(), principal.holder().arn())
                            .forEach(key -> writes.add(new Delete(key.id(), key.revision())));
                }
            }
            return Optional.of(writes);
        });
    }

    private static void requireUnattached(VaultIndex index, String accountId, String arn) {
        for (var kind : List.of(IdentityKind.USER, IdentityKind.ROLE)) {
            if (index.identities()
                    .list(kind, accountId, "")
                    .anyMatch(holder -> holder instanceof IdentityRecord.Principal principal
                            && (principal.attached().contains(arn)
                                    || principal.boundary().filter(arn::equals).isPresent()))) {
                throw new Refused(Refusal.CONFLICT, "the policy hangs on a user or role: detach it first");
            }
        }
    }

    // ---- access keys

    CompletionStage<Reply.Done> createAccessKey(HsmUser user, IdentityCommand.CreateAccessKey command) {
        NameRules.requireAccessKeyId(command.accessKeyId());
        NameRules.requireAccount(command.accountId());
        NameRules.requirePrincipal(command.principalArn(), command.accountId());
        require(
                !command.accessKeyId().startsWith(FreshCredentials.TEMPORARY_KEY),
                "the id of an access key that lasts does not begin with ASIA");
        Permits.requireAccount(user, command.accountId());
        requireSecret(command.secret());
        return writer.write(
                new Change(command.commandId(), List.of(), () -> creation(command), false), Reply.Done::new);
    }

    private Optional<List<Write>> creation(IdentityCommand.CreateAccessKey command) {
        return vault.read(index -> {
            var present = index.accessKey(command.accessKeyId());
            if (present.isPresent()) {
                if (present.get().createdBy().equals(command.commandId())) {
                    return Optional.empty();
                }
                throw new Refused(Refusal.ALREADY_EXISTS);
            }
            var writes = new ArrayList<Write>();
            writes.add(touchedHolder(index, command));
            int count = index.identities()
                    .accessKeysOf(command.accountId(), command.principalArn())
                    .size();
            if (count >= IdentityRules.MAX_ACCESS_KEYS) {
                throw new Refused(
                        Refusal.LIMIT_EXCEEDED, count + " access keys, of at most " + IdentityRules.MAX_ACCESS_KEYS);
            }
            writes.add(vault.sealer().create(accessKey(command), command.commandId()));
            return Optional.of(writes);
        });
    }

    /** The user, or the account whose root it is, written again as it is; an account that has no record gets one. */
    private Write touchedHolder(VaultIndex index, IdentityCommand.CreateAccessKey command) {
        var name = IdentityArn.parse(command.principalArn())
                .filter(parsed -> parsed.kind() == IdentityKind.ACCOUNT || parsed.kind() == IdentityKind.USER)
                .orElseThrow(() -> new Refused(Refusal.MALFORMED, "access keys are of users and account roots"));
        if (name.kind() == IdentityKind.USER) {
            var unused = reads.principal(index, command.principalArn());
        }
        var sealer = vault.sealer();
        return index.identities()
                .find(name)
                .map(stored -> sealer.replace(stored, stored.content(), command.commandId()))
                .orElseGet(() -> sealer.create(
                        new Content.Identity(new IdentityRecord.Account(UNSTAMPED, command.accountId(), false, now())),
                        command.commandId()));
    }

    private Content.AccessKey accessKey(IdentityCommand.CreateAccessKey command) {
        try (var secret = command.secret().use(octets -> KeyMaterial.takeFrom(octets.clone()))) {
            var identity =
                    new CallerIdentity(UNSTAMPED, command.accessKeyId(), command.accountId(), command.principalArn());
            return new Content.AccessKey(
                    new IdentityRecord.AccessKey(identity, true, now()),
                    vault.sealer().sealSecret(command.accessKeyId(), command.accountId(), secret));
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
        require(wellFormed, "a secret access key has 1 to 128 visible ASCII characters");
    }

    // ---- common

    private static void requirePermitted(HsmUser user, IdentityRecord identity) {
        IdentityRules.requireWellFormed(identity);
        Permits.requireAccount(user, identity.name().accountId());
    }

    private Reply.FoundIdentity found(IdentityName name) {
        return vault.read(index -> new Reply.FoundIdentity(reads.require(index, name)));
    }

    private Stored<? extends Content> stored(VaultIndex index, IdentityName name) {
        var unused = reads.require(index, name);
        Optional<? extends Stored<? extends Content>> stored = name.kind() == IdentityKind.ACCESS_KEY
                ? index.accessKey(name.name())
                : index.identities().find(name);
        return stored.orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
    }

    /** The policies that hang on it must exist, and still do when this is applied. */
    private List<Write> references(VaultIndex index, IdentityRecord identity) {
        if (!(identity instanceof IdentityRecord.Principal principal)) {
            return List.of();
        }
        var arns = new LinkedHashSet<>(principal.attached());
        principal.boundary().ifPresent(arns::add);
        var checks = new ArrayList<Write>();
        for (var arn : arns) {
            var name = IdentityArn.parse(arn).orElseThrow();
            if (index.identities()
                    .policy(name)
                    .filter(found -> found.policy().arn().equals(arn))
                    .isEmpty()) {
                throw new Refused(Refusal.NOT_FOUND, arn);
            }
            checks.add(check(index, name));
        }
        return checks;
    }

    private Write check(VaultIndex index, IdentityName name) {
        var stored = index.identities()
                .find(name)
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND, name.kind() + " " + name.accountId()));
        return new Check(stored.id(), stored.revision());
    }

    private IdentityRecord dated(IdentityRecord identity) {
        if (identity instanceof IdentityRecord.Account account) {
            return new IdentityRecord.Account(UNSTAMPED, account.accountId(), account.open(), now());
        } else if (identity instanceof IdentityRecord.Principal principal) {
            return new IdentityRecord.Principal(
                    principal.holder(), now(), principal.attached(), principal.boundary(), principal.role());
        } else if (identity instanceof IdentityRecord.ManagedPolicy policy) {
            return new IdentityRecord.ManagedPolicy(
                    new PolicyRecord(
                            UNSTAMPED, policy.policy().arn(), policy.policy().document()),
                    now(),
                    now());
        } else if (identity instanceof IdentityRecord.OidcProvider provider) {
            return new IdentityRecord.OidcProvider(
                    UNSTAMPED, provider.arn(), provider.clientIds(), provider.keys(), now());
        }
        throw new IllegalStateException("an identity of an unknown kind");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Refused(Refusal.MALFORMED, otherwise);
        }
    }
}
