package dev.strongroom.gateway.keys;

import dev.strongroom.gateway.authz.AttachedPolicy;
import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.gateway.authz.CallerPolicies;
import dev.strongroom.gateway.authz.CallerPrincipal;
import dev.strongroom.gateway.authz.CallerSession;
import dev.strongroom.gateway.authz.CompiledPolicy;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.SessionRecord;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Callers as decisions see them, made of the HSM's records. */
public final class Callers {

    private final CompiledPolicies policies;

    public Callers(CompiledPolicies policies) {
        this.policies = policies;
    }

    /** Whom {@code records} are about. */
    public Caller of(CallerRecords records) {
        var holder = records.holder();
        return new Caller(
                records.identity(),
                principal(records),
                holder.map(HolderRecord::stamp).map(List::of).orElse(List.of()),
                new CallerPolicies(
                        holder.map(user -> identityPolicies(user, records.attached()))
                                .orElse(List.of()),
                        records.boundary().map(this::managed),
                        records.session().map(this::sessionPolicies).orElse(List.of())));
    }

    /** Who that is, whatever he may. */
    public static CallerPrincipal principal(CallerRecords records) {
        var identity = records.identity();
        var plain = CallerPrincipal.of(identity.accountId(), identity.principalArn());
        var holder = records.holder();
        boolean isOfRole = plain.kind() == CallerPrincipal.Kind.ASSUMED_ROLE;
        return new CallerPrincipal(
                plain.kind(),
                plain.accountId(),
                plain.arn(),
                // The session's own ARN does not have the role's path.
                isOfRole ? holder.map(HolderRecord::arn).or(plain::issuer) : plain.issuer(),
                holder.map(user -> isOfRole ? user.uniqueId() + ":" + sessionName(plain.arn()) : user.uniqueId())
                        .orElse(plain.uniqueId()),
                holder.map(HolderRecord::tags).orElse(Map.of()),
                records.session().map(Callers::session));
    }

    private static String sessionName(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    private static CallerSession session(SessionRecord session) {
        return new CallerSession(
                session.issued(),
                session.multiFactor(),
                session.tags(),
                session.transitiveTagKeys(),
                session.provider(),
                session.sourceIdentity());
    }

    /** Inline policies stand in the holder's record, whose stamp the caller has already. */
    private List<AttachedPolicy> identityPolicies(HolderRecord holder, List<PolicyRecord> attached) {
        return Stream.concat(
                        holder.inlinePolicies().values().stream().map(text -> policy(List.of(), text)),
                        attached.stream().map(this::managed))
                .toList();
    }

    private List<AttachedPolicy> sessionPolicies(SessionRecord session) {
        var all = new ArrayList<AttachedPolicy>();
        session.inlinePolicies().forEach(text -> all.add(policy(List.of(), text)));
        session.policies().forEach(policy -> all.add(managed(policy)));
        return all;
    }

    /** One that is gone allows nothing, and forbids nothing either. */
    private AttachedPolicy managed(PolicyRecord record) {
        if (record.document().isEmpty()) {
            return new AttachedPolicy(List.of(record.stamp()), CompiledPolicy.allowingNothing());
        }
        return policy(List.of(record.stamp()), record.document());
    }

    private AttachedPolicy policy(List<Stamp> records, String text) {
        return new AttachedPolicy(records, policies.ofIdentity(text));
    }
}
