package dev.strongroom.gateway.authz;

import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The authenticated signer of a request.
 *
 * @param identity whom the access key belongs to
 * @param principal the same to policies
 * @param records what else says who it is and which policies it has: the user or role, its groups. The access key's
 *     record is {@link CallerIdentity#stamp}
 */
public record Caller(CallerIdentity identity, CallerPrincipal principal, List<Stamp> records, CallerPolicies policies) {

    public Caller {
        records = List.copyOf(records);
    }

    /** A caller of whom nothing is known but whom its access key names. */
    public Caller(CallerIdentity identity) {
        this(
                identity,
                CallerPrincipal.of(identity.accountId(), identity.principalArn()),
                List.of(),
                CallerPolicies.none());
    }

    /** Everything that says who it is and what it may: the records that any yes to it rests on. Each once. */
    public List<Stamp> stamps() {
        var stamps = new LinkedHashSet<Stamp>();
        stamps.add(identity.stamp());
        stamps.addAll(records);
        policies.identity().forEach(policy -> stamps.addAll(policy.records()));
        policies.boundary().ifPresent(policy -> stamps.addAll(policy.records()));
        policies.session().forEach(policy -> stamps.addAll(policy.records()));
        return List.copyOf(stamps);
    }

    /** Twelve digits. */
    public String accountId() {
        return principal.accountId();
    }

    /** As it stands in refusals, such as {@code arn:aws:iam::111122223333:root}. */
    public String principalArn() {
        return principal.arn();
    }
}
