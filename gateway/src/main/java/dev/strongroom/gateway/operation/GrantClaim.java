package dev.strongroom.gateway.operation;

import dev.strongroom.gateway.authz.Grant;
import dev.strongroom.gateway.authz.GrantTerms;

/** What part grants have in a permission. */
public sealed interface GrantClaim {

    /** Any grant that names the caller and gives the action can give it. */
    record Any() implements GrantClaim {}

    /** Only a grant that gives all of these terms can, as who hands on a permission cannot widen it. */
    record NoNarrowerThan(GrantTerms terms) implements GrantClaim {}

    /** It is about ending this grant, which says itself who may. */
    record Retiring(Grant grant) implements GrantClaim {}
}
