package dev.strongroom.gateway.authz;

import dev.strongroom.gateway.authz.CallerPrincipal.Kind;

/**
 * What a permission that names somebody is worth to a caller of the same account (IAM user guide, "Evaluating policies
 * within a single account" and "Permissions boundaries for IAM entities"); the more of these a caller has, the better.
 *
 * @param direct nothing but a denial limits it: the permission names the caller itself, be it as anyone
 * @param asRole boundary and session policies limit it: it names the role behind a session
 * @param delegated identity policies have to give it, and boundary and session policies limit it: it names the account
 */
record Standing(boolean direct, boolean asRole, boolean delegated) {

    static final Standing NONE = new Standing(false, false, false);
    static final Standing DIRECT = new Standing(true, false, false);
    static final Standing AS_ROLE = new Standing(false, true, false);
    static final Standing DELEGATED = new Standing(false, false, true);

    static Standing of(Principal named, CallerPrincipal caller) {
        return switch (named.kind()) {
            case ANYONE -> ofAnyone(caller);
            case ACCOUNT ->
                caller.kind() == Kind.SERVICE || !named.value().equals(caller.accountId())
                        ? NONE
                        : caller.kind() == Kind.ROOT ? DIRECT : DELEGATED;
            case IDENTITY -> named.value().equals(caller.arn()) ? DIRECT : isIssuer(named, caller) ? AS_ROLE : NONE;
            case UNIQUE_ID -> caller.hasId(named.value()) ? DIRECT : caller.isOfRole(named.value()) ? AS_ROLE : NONE;
            case SERVICE -> caller.kind() == Kind.SERVICE && named.value().equals(caller.arn()) ? DIRECT : NONE;
            case FEDERATED -> isProvider(named, caller) ? AS_ROLE : NONE;
        };
    }

    /** A session is anyone through its role, and no freer than if the role had been named. */
    static Standing ofAnyone(CallerPrincipal caller) {
        return caller.kind() == Kind.ASSUMED_ROLE ? AS_ROLE : DIRECT;
    }

    private static boolean isIssuer(Principal named, CallerPrincipal caller) {
        return caller.issuer().isPresent()
                && named.value().equals(caller.issuer().get());
    }

    private static boolean isProvider(Principal named, CallerPrincipal caller) {
        return caller.session().isPresent()
                && caller.session().get().provider().isPresent()
                && named.value().equals(caller.session().get().provider().get());
    }

    /** Both together. */
    Standing and(Standing other) {
        if (other.equals(NONE)) {
            return this;
        }
        return equals(NONE)
                ? other
                : new Standing(direct || other.direct, asRole || other.asRole, delegated || other.delegated);
    }
}
