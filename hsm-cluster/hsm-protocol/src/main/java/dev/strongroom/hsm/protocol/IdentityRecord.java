package dev.strongroom.hsm.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A record that says who callers are, as of one revision. In a command that makes one its stamp is not looked at; in one that
 * replaces one, the stamp is the revision that is replaced.
 */
public sealed interface IdentityRecord {

    IdentityName name();

    Stamp stamp();

    /**
     * An account.
     *
     * @param accountId twelve digits
     * @param open whether principals of the account need not exist to be named in policies and grants
     */
    record Account(Stamp stamp, String accountId, boolean open, Instant created) implements IdentityRecord {
        @Override
        public IdentityName name() {
            return new IdentityName(IdentityKind.ACCOUNT, accountId, "");
        }
    }

    /**
     * A user, or a role.
     *
     * @param attached ARNs of managed policies of the account
     * @param boundary ARN of the managed policy that bounds what it may
     * @param role present for a role
     */
    record Principal(
            HolderRecord holder,
            Instant created,
            List<String> attached,
            Optional<String> boundary,
            Optional<RoleTerms> role)
            implements IdentityRecord {

        public Principal {
            attached = List.copyOf(attached);
        }

        @Override
        public Stamp stamp() {
            return holder.stamp();
        }

        @Override
        public IdentityName name() {
            return IdentityArn.name(role.isPresent() ? IdentityKind.ROLE : IdentityKind.USER, holder.arn());
        }
    }

    /**
     * What a role has beside what a user has.
     *
     * @param trustPolicy document that says who may assume it
     * @param maxSessionSeconds 3,600 to 43,200
     */
    record RoleTerms(ResourcePolicy trustPolicy, int maxSessionSeconds) {

        /** Trusting whoever has the ARNs that the document names. */
        public RoleTerms(String trustPolicy, int maxSessionSeconds) {
            this(ResourcePolicy.of(trustPolicy), maxSessionSeconds);
        }
    }

    record ManagedPolicy(PolicyRecord policy, Instant created, Instant updated) implements IdentityRecord {
        @Override
        public Stamp stamp() {
            return policy.stamp();
        }

        @Override
        public IdentityName name() {
            return IdentityArn.name(IdentityKind.POLICY, policy.arn());
        }
    }

    /**
     * An issuer of OpenID Connect tokens that roles may trust.
     *
     * @param arn {@code arn:aws:iam::A:oidc-provider/host/path}: the issuer is {@code https://host/path}
     * @param clientIds whom its tokens have to be meant for ({@code aud})
     * @param keys its JSON Web Key Set (RFC 7517 §5), as text
     */
    record OidcProvider(Stamp stamp, String arn, List<String> clientIds, String keys, Instant created)
            implements IdentityRecord {

        public OidcProvider {
            clientIds = List.copyOf(clientIds);
        }

        @Override
        public IdentityName name() {
            return IdentityArn.name(IdentityKind.OIDC_PROVIDER, arn);
        }
    }

    /** An access key, without its secret. */
    record AccessKey(CallerIdentity identity, boolean active, Instant created) implements IdentityRecord {
        @Override
        public Stamp stamp() {
            return identity.stamp();
        }

        @Override
        public IdentityName name() {
            return new IdentityName(IdentityKind.ACCESS_KEY, identity.accountId(), identity.accessKeyId());
        }
    }
}
