package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Looking at who callers are. */
final class IdentityReads {

    private static final int MAX_PRINCIPALS = 1_000;

    /** A page has to fit into a frame, and a record may be 128 KiB. */
    private static final int MAX_PAGE = 100;

    private static final int MAX_PAGE_CHARACTERS = 300_000;

    private static final String SESSION_ARN = "arn:aws:sts::";
    /** Account, kind, role, session. */
    private static final int SESSION_PARTS = 4;

    private final RecordStore store;
    private final KeyVault vault;

    IdentityReads(NodeParts parts) {
        this.store = parts.store();
        this.vault = parts.vault();
    }

    CompletionStage<Reply.FoundIdentity> find(HsmUser user, IdentityCommand.FindIdentity command) {
        Permits.requireAccount(user, command.name().accountId());
        Function<VaultIndex, Reply.FoundIdentity> answer =
                index -> new Reply.FoundIdentity(require(index, command.name()));
        return command.freshness() == Freshness.LOCAL
                ? CompletableFuture.completedFuture(vault.read(answer))
                : store.readBarrier().thenApply(barrier -> vault.read(answer));
    }

    CompletionStage<Reply.IdentityPage> list(HsmUser user, IdentityCommand.ListIdentities command) {
        if (command.kind() != IdentityKind.ACCOUNT) {
            Permits.requireAccount(user, command.accountId());
        }
        var page = command.page();
        if (page.limit() < 1 || page.minimumIndex() < 0) {
            throw new Refused(Refusal.MALFORMED, "a page has 1 or more items");
        }
        var reached = page.minimumIndex() == 0 ? store.readBarrier() : store.awaitApplied(page.minimumIndex());
        int limit = Math.min(page.limit(), MAX_PAGE);
        return reached.thenApply(ready -> vault.read(index -> {
            var found = index.identities()
                    .list(command.kind(), command.accountId(), page.after())
                    .filter(identity -> user.servesAccount(identity.name().accountId()))
                    .limit(limit + 1L)
                    .toList();
            var fitting = fitting(found.subList(0, Math.min(limit, found.size())));
            return new Reply.IdentityPage(fitting, fitting.size() < found.size(), index.appliedIndex());
        }));
    }

    /** As many as a frame holds for certain, and one at least. */
    private static List<IdentityRecord> fitting(List<IdentityRecord> found) {
        int count = 0;
        for (int size = 0; count < found.size(); count++) {
            size += characters(found.get(count));
            if (count > 0 && size > MAX_PAGE_CHARACTERS) {
                break;
            }
        }
        return found.subList(0, count);
    }

    private static int characters(IdentityRecord identity) {
        return identity instanceof IdentityRecord.Principal principal
                ? principal.holder().inlinePolicies().values().stream()
                                .mapToInt(String::length)
                                .sum()
                        + principal
                                .role()
                                // With the names and ids of those whom it means, none of which is longer than its text.
                                .map(role -> 3 * role.trustPolicy().text().length())
                                .orElse(0)
                : identity instanceof IdentityRecord.ManagedPolicy policy
                        ? policy.policy().document().length()
                        : identity instanceof IdentityRecord.OidcProvider provider
                                ? provider.keys().length()
                                : 0;
    }

    /** What follows is a decision about what may be named, so it rests on what a majority knows. */
    CompletionStage<Reply.FoundPrincipals> findPrincipals(LookupCommand.FindPrincipals command) {
        if (command.arns().size() > MAX_PRINCIPALS) {
            throw new Refused(Refusal.MALFORMED, "more principals than may be asked for at once");
        }
        return store.readBarrier()
                .thenApply(barrier -> vault.read(index -> {
                    var existing = new HashSet<String>();
                    var ids = new HashMap<String, String>();
                    for (var arn : command.arns()) {
                        var id = uniqueId(index, arn);
                        id.ifPresent(known -> ids.put(arn, known));
                        if (id.isPresent() || exists(index, arn)) {
                            existing.add(arn);
                        }
                    }
                    return new Reply.FoundPrincipals(existing, ids);
                }));
    }

    /** Whether an account of that root, or of a principal without a unique id, lets it be named. */
    private static boolean exists(VaultIndex index, String arn) {
        var parts = arn.split(":", 6);
        return (parts.length == 6 && index.identities().isOpen(parts[4]))
                || IdentityArn.parse(arn)
                        .filter(name -> name.kind() == IdentityKind.ACCOUNT)
                        .flatMap(name -> index.identities().account(name.accountId()))
                        .isPresent();
    }

    /**
     * The unique id of the user, role or session that has {@code arn} now. A session exists if the role does, whatever its
     * path: {@code arn:aws:sts::A:assumed-role/role/session}. Names are compared with the case of their letters, as they are
     * when a caller comes.
     */
    static Optional<String> uniqueId(VaultIndex index, String arn) {
        if (arn.startsWith(SESSION_ARN)) {
            var parts = arn.substring(SESSION_ARN.length()).split("[:/]", -1);
            return parts.length == SESSION_PARTS && parts[1].equals("assumed-role")
                    ? index.identities()
                            .principal(new IdentityName(IdentityKind.ROLE, parts[0], parts[2]))
                            .filter(role -> role.name().name().equals(parts[2]))
                            .map(role -> role.holder().uniqueId() + ":" + parts[3])
                    : Optional.empty();
        }
        return IdentityArn.parse(arn)
                .filter(name -> name.kind() == IdentityKind.USER || name.kind() == IdentityKind.ROLE)
                .flatMap(name -> index.identities().principal(name))
                .map(IdentityRecord.Principal::holder)
                .filter(holder -> holder.arn().equals(arn))
                .map(HolderRecord::uniqueId);
    }

    /** The record, or refuses. */
    IdentityRecord require(VaultIndex index, IdentityName name) {
        return lookUp(index, name).orElseThrow(() -> missing(index, name));
    }

    static Optional<IdentityRecord> lookUp(VaultIndex index, IdentityName name) {
        return name.kind() == IdentityKind.ACCESS_KEY
                ? index.accessKey(name.name())
                        .map(stored -> (IdentityRecord) stored.content().accessKey())
                        .filter(found -> found.name().equals(name))
                : index.identities().find(name).map(stored -> stored.content().identity());
    }

    /** There is nothing, or there is something that does not open: that must not look like nothing. */
    Refused missing(VaultIndex index, IdentityName name) {
        var id = vault.names().identity(name);
        return index.isUnreadable(id) ? new Refused(Refusal.INTERNAL, "record " + id) : new Refused(Refusal.NOT_FOUND);
    }

    /** Everything that a decision about the holder of {@code identity} rests on, or refuses if there is no such user. */
    CallerRecords caller(VaultIndex index, CallerIdentity identity) {
        var name = IdentityArn.parse(identity.principalArn());
        return name.isPresent() && name.get().kind() == IdentityKind.USER
                ? caller(index, identity, principal(index, identity.principalArn()), Optional.empty())
                : CallerRecords.of(identity, index.identities().isOpen(identity.accountId()));
    }

    /** The same, of a known user or role. */
    CallerRecords caller(
            VaultIndex index,
            CallerIdentity identity,
            IdentityRecord.Principal principal,
            Optional<SessionRecord> session) {
        return new CallerRecords(
                identity,
                index.identities().isOpen(identity.accountId()),
                Optional.of(principal.holder()),
                policies(index, principal.attached()),
                principal.boundary().map(arn -> policy(index, arn)),
                session);
    }

    /** The user or role of exactly that ARN, or refuses. */
    IdentityRecord.Principal principal(VaultIndex index, String arn) {
        var name = IdentityArn.parse(arn)
                .filter(parsed -> parsed.kind() == IdentityKind.USER || parsed.kind() == IdentityKind.ROLE)
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
        return index.identities()
                .principal(name)
                .filter(found -> found.holder().arn().equals(arn))
                .orElseThrow(() -> missing(index, name));
    }

    List<PolicyRecord> policies(VaultIndex index, List<String> arns) {
        var policies = new ArrayList<PolicyRecord>(arns.size());
        arns.forEach(arn -> policies.add(policy(index, arn)));
        return policies;
    }

    private PolicyRecord policy(VaultIndex index, String arn) {
        var name = IdentityArn.parse(arn).orElseThrow(() -> new IllegalStateException("an attached policy has an ARN"));
        return index.identities().policyOr(name, arn, vault.names());
    }
}
