package dev.strongroom.gateway.operation;

import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.gateway.authz.RequestEnvironment;
import dev.strongroom.gateway.authz.Verdict;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known about a request beside its body.
 *
 * @param caller who signed it
 * @param scope the caller's account in the Region of the credential scope
 * @param ids the ids it may need
 * @param environment where and when it was made
 * @param permitted every yes that it needs; empty until that is decided
 * @param grants those that it speaks of; none until they are looked up
 * @param principals those that it names; none until they are looked up
 */
public record RequestContext(
        Caller caller,
        Scope scope,
        FreshIds ids,
        RequestEnvironment environment,
        List<Verdict.Allowed> permitted,
        KnownGrants grants,
        KnownPrincipals principals) {

    public RequestContext {
        permitted = List.copyOf(permitted);
    }

    /** A request about which nothing is decided yet. */
    public RequestContext(Caller caller, Scope scope, FreshIds ids, RequestEnvironment environment) {
        this(caller, scope, ids, environment, List.of(), KnownGrants.NONE, KnownPrincipals.NONE);
    }

    /** The same request, once it is decided. */
    public RequestContext permitted(List<Verdict.Allowed> yes) {
        return new RequestContext(caller, scope, ids, environment, yes, grants, principals);
    }

    /** The same request, once the grants are known that it speaks of. */
    public RequestContext with(KnownGrants found) {
        return new RequestContext(caller, scope, ids, environment, permitted, found, principals);
    }

    /** The same request, once it is known who exists of those that it names. */
    public RequestContext with(KnownPrincipals found) {
        return new RequestContext(caller, scope, ids, environment, permitted, grants, found);
    }

    /** What permission to use or change {@code found} rests on: the key and every other record that decided. */
    Authority authority(Reply.FoundKey found) {
        var key = found.key().stamp();
        var others = all();
        others.remove(key);
        return new Authority(key, List.copyOf(others));
    }

    /** What permission rests on, for a command that uses no key. */
    List<Stamp> authority() {
        return List.copyOf(all());
    }

    private Set<Stamp> all() {
        var all = new LinkedHashSet<Stamp>();
        for (var yes : permitted) {
            yes.key().ifPresent(all::add);
            all.addAll(yes.others());
        }
        return all;
    }
}
