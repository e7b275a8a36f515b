package dev.strongroom.gateway.http;

import dev.strongroom.gateway.authz.Grant;
import dev.strongroom.gateway.authz.GrantIndex;
import dev.strongroom.gateway.authz.KeyAliases;
import dev.strongroom.gateway.authz.KeyFacts;
import dev.strongroom.gateway.authz.Verdict;
import dev.strongroom.gateway.keys.CompiledPolicies;
import dev.strongroom.gateway.keys.GrantDirectory;
import dev.strongroom.gateway.keys.KeyDirectory;
import dev.strongroom.gateway.operation.NamedKey;
import dev.strongroom.gateway.operation.Permission;
import dev.strongroom.gateway.operation.RequestContext;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a caller may do all that its request comes to.
 *
 * <p>Nearly every decision needs the caller and the key and nothing else. What it turns out to need beyond them is fetched
 * and it is decided again: the aliases of a key, if a policy asks for them; grants, if no policy allows.
 */
final class Hearing {

    private final KeyDirectory keys;
    private final CompiledPolicies policies;
    private final GrantDirectory directory;
    private final Exchange exchange;
    private final RequestContext context;
    private final Freshness freshness;
    private final Map<KeyName, KeyAliases> aliases = new HashMap<>();
    private final Map<GrantCommand.FindGrants, GrantIndex> grants = new HashMap<>();
    private @Nullable KeyName wanted;

    /**
     * @param freshness of what is fetched
     */
    Hearing(
            KeyDirectory keys,
            CompiledPolicies policies,
            GrantDirectory directory,
            Exchange exchange,
            RequestContext context,
            Freshness freshness) {
        this.keys = keys;
        this.policies = policies;
        this.directory = directory;
        this.exchange = exchange;
        this.context = context;
        this.freshness = freshness;
    }

    /**
     * The request with every yes; fails with AccessDenied on the first no.
     *
     * @param named the keys that the request names
     * @param needed what it takes, given those of them that the caller may know of
     */
    Future<RequestContext> of(List<NamedKey> named, Function<List<NamedKey>, List<Permission>> needed) {
        var permissions = needed.apply(named);
        // The last first: what is asked of a source may depend on its destination, and must not on a hidden one.
        for (int i = permissions.size() - 1; i >= 0; i--) {
            var permission = permissions.get(i);
            if (!permission.isAbroad(context)) {
                continue;
            }
            var verdict = decide(permission);
            if (verdict.isEmpty()) {
                return findAliases().compose(found -> of(named, needed));
            }
            if (verdict.get() instanceof Verdict.Denied no && no.isHidden()) {
                return help(permission, no)
                        .map(found -> found.compose(more -> of(named, needed)))
                        .orElseGet(() -> of(without(permission, named), needed));
            }
        }
        return of(permissions, () -> of(named, needed));
    }

    private static List<NamedKey> without(Permission permission, List<NamedKey> named) {
        return named.stream()
                .map(key -> key.isMeant(permission) ? key.hidden() : key)
                .toList();
    }

    private Future<RequestContext> of(List<Permission> permissions, Supplier<Future<RequestContext>> again) {
        var permitted = new ArrayList<Verdict.Allowed>(permissions.size());
        for (var permission : permissions) {
            var verdict = decide(permission);
            if (verdict.isEmpty()) {
                return findAliases().compose(found -> again.get());
            }
            if (verdict.get() instanceof Verdict.Denied no) {
                return help(permission, no)
                        .map(found -> found.compose(more -> again.get()))
                        .orElseGet(() -> Future.failedFuture(no.exception()));
            }
            permitted.add((Verdict.Allowed) verdict.get());
        }
        return Future.succeededFuture(context.permitted(permitted));
    }

    /** Empty if the aliases of a key have to be known first. */
    private Optional<Verdict> decide(Permission permission) {
        var verdict = permission.decide(context, key -> facts(key, permission));
        return wanted == null ? Optional.of(verdict) : Optional.empty();
    }

    /** Grants that might turn a no into a yes; empty if none could, or if they have been looked for. */
    private Optional<Future<GrantIndex>> help(Permission permission, Verdict.Denied no) {
        return question(permission)
                .filter(asked -> no.reason().isLack() && !grants.containsKey(asked))
                .map(this::findGrants);
    }

    private Optional<GrantCommand.FindGrants> question(Permission permission) {
        return permission.question(context, freshness);
    }

    /** What is known of {@code key}; of grants nothing until somebody had to be refused for want of one. */
    private KeyFacts facts(KeyRecord key, Permission permission) {
        var found = grants.isEmpty()
                ? Optional.<GrantIndex>empty()
                : question(permission).map(asked -> grants.getOrDefault(asked, GrantIndex.empty()));
        return KeyFacts.of(key, policies.of(key)).with(found.orElse(GrantIndex.empty()), () -> aliases(key.name()));
    }

    /** With those that the request has tokens of: it need not be told that they exist. */
    private Future<GrantIndex> findGrants(GrantCommand.FindGrants question) {
        return exchange.on(directory.find(question)).map(found -> {
            var index = found;
            for (var grant : context.grants().byToken()) {
                index = grant.key().equals(question.key()) ? index.with(Grant.of(grant)) : index;
            }
            grants.put(question, index);
            return index;
        });
    }

    /** Those of {@code key} as far as they are known; that they were asked for is remembered. */
    private KeyAliases aliases(KeyName key) {
        var known = aliases.get(key);
        if (known == null) {
            wanted = key;
            return KeyAliases.none();
        }
        return known;
    }

    private Future<KeyAliases> findAliases() {
        var key = Objects.requireNonNull(wanted);
        return exchange.on(keys.aliases(key, freshness)).map(all -> {
            aliases.put(key, all);
            wanted = null;
            return all;
        });
    }
}
