package dev.strongroom.conformance.authz;

import dev.strongroom.gateway.authz.AccessDecision;
import dev.strongroom.gateway.authz.AccessRequest;
import dev.strongroom.gateway.authz.AttachedPolicy;
import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.gateway.authz.CallerPolicies;
import dev.strongroom.gateway.authz.CallerPrincipal;
import dev.strongroom.gateway.authz.CallerSession;
import dev.strongroom.gateway.authz.CompiledPolicy;
import dev.strongroom.gateway.authz.Grant;
import dev.strongroom.gateway.authz.GrantConstraints;
import dev.strongroom.gateway.authz.GrantIndex;
import dev.strongroom.gateway.authz.GrantOperation;
import dev.strongroom.gateway.authz.GrantTerms;
import dev.strongroom.gateway.authz.IdentityPolicy;
import dev.strongroom.gateway.authz.KeyAliases;
import dev.strongroom.gateway.authz.KeyFacts;
import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.gateway.authz.Principal;
import dev.strongroom.gateway.authz.RequestEnvironment;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.gateway.authz.Verdict;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks the evaluator itself what becomes of a row. */
final class Evaluation {

    static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private static final Scope SCOPE = new Scope(Cast.A_ROOT.accountId(), DecisionTable.REGION);

    private Evaluation() {}

    static Verdict verdict(DecisionRow row) {
        return AccessDecision.decide(caller(row), request(row));
    }

    static Caller caller(DecisionRow row) {
        var cast = row.caller();
        var situation = row.situation();
        var owner = cast.issuer().orElse(cast);
        var identity = new CallerIdentity(stamp("access key " + cast), "AKIA" + cast, cast.accountId(), cast.arn());
        return new Caller(
                identity,
                principal(situation, cast),
                List.of(stamp("record of " + owner.symbol())),
                new CallerPolicies(
                        attached(situation.identity(), owner, IdentityPolicy.Use.ROLE_INLINE),
                        attached(situation.boundary(), owner, IdentityPolicy.Use.MANAGED).stream()
                                .findFirst(),
                        attached(situation.session(), cast, IdentityPolicy.Use.SESSION)));
    }

    private static List<AttachedPolicy> attached(Map<String, String> policies, Cast owner, IdentityPolicy.Use use) {
        var text = policies.get(owner.symbol());
        return text == null
                ? List.of()
                : List.of(new AttachedPolicy(
                        List.of(stamp(use + " of " + owner.symbol())),
                        CompiledPolicy.of(IdentityPolicy.parse(text, use))));
    }

    private static CallerPrincipal principal(Situation situation, Cast cast) {
        var own = situation.traits().getOrDefault(cast.symbol(), Map.of());
        var ofOwner = situation.traits().getOrDefault(cast.issuer().orElse(cast).symbol(), Map.of());
        var kind = switch (cast.role()) {
            case ROOT -> CallerPrincipal.Kind.ROOT;
            case USER -> CallerPrincipal.Kind.USER;
            case SESSION -> CallerPrincipal.Kind.ASSUMED_ROLE;
            case FEDERATED -> CallerPrincipal.Kind.FEDERATED;
            case SERVICE -> CallerPrincipal.Kind.SERVICE;
            case ROLE -> throw new IllegalArgumentException("a role never calls: " + cast);
        };
        boolean isSession = cast.role() == Cast.Role.SESSION || own.containsKey("session");
        return new CallerPrincipal(
                kind,
                cast.accountId(),
                cast.arn(),
                cast.issuer().map(Cast::arn),
                cast.uniqueId(),
                prefixed(ofOwner, "tag:"),
                isSession ? Optional.of(session(cast, own)) : Optional.empty());
    }

    private static CallerSession session(Cast cast, Map<String, String> traits) {
        return new CallerSession(
                NOW.minusSeconds(600),
                traits.containsKey("mfa") ? Optional.of(NOW.minusSeconds(300)) : Optional.empty(),
                prefixed(traits, "session-tag:"),
                List.of(),
                cast == Cast.WEB_W1 ? Optional.of(Cast.PROVIDER) : Optional.empty(),
                Optional.ofNullable(traits.get("source-identity")));
    }

    static AccessRequest request(DecisionRow row) {
        return new AccessRequest("kms:" + row.action(), resource(row), environment(row), row.context(), row::values);
    }

    private static RequestEnvironment environment(DecisionRow row) {
        return new RequestEnvironment(
                row.values("now").stream().map(Instant::parse).findFirst().orElse(NOW),
                row.values("aws:SourceIp").stream().findFirst(),
                !row.values("aws:SecureTransport").contains("false"),
                row.values("aws:UserAgent").stream().findFirst(),
                row.values("aws:Referer").stream().findFirst(),
                DecisionTable.REGION,
                row.values("aws:SourceArn").stream().findFirst());
    }

    private static Resource resource(DecisionRow row) {
        return switch (row.target()) {
            case "any" -> new Resource.Any(row.caller().accountId());
            case "key", "ciphertext" ->
                new Resource.Key(
                        key(row.situation()),
                        row.via().isEmpty() ? Optional.empty() : Optional.of(alias(row.via())),
                        row.target().equals("key") ? Resource.Naming.BY_REFERENCE : Resource.Naming.BY_CIPHERTEXT);
            default ->
                new Resource.Alias(
                        SCOPE.accountId(),
                        "arn:aws:kms:" + SCOPE.region() + ":" + SCOPE.accountId() + ":" + row.target());
        };
    }

    private static AliasRecord alias(String name) {
        return new AliasRecord(stamp(name), new AliasName(SCOPE, name), DecisionTable.KEY_ID, NOW, NOW);
    }

    static KeyFacts key(Situation situation) {
        var traits = situation.key().traits();
        var aliases = Words.split(traits.getOrDefault("aliases", ""), ",");
        boolean isMultiRegion = traits.containsKey("multi-region");
        var record = new KeyRecord(
                stamp("key"),
                new KeyName(SCOPE, DecisionTable.KEY_ID),
                new KeyRecord.Attributes(
                        KeySpec.valueOf(traits.getOrDefault("spec", "SYMMETRIC_DEFAULT")),
                        KeyUsage.valueOf(traits.getOrDefault("usage", "ENCRYPT_DECRYPT")),
                        Origin.valueOf(traits.getOrDefault("origin", "AWS_KMS")),
                        isMultiRegion,
                        NOW),
                KeyRecord.Lifecycle.of(KeyState.ENABLED),
                new KeyRecord.Documents(
                        "",
                        situation.key().policy(),
                        prefixed(traits, "tag:").entrySet().stream()
                                .map(tag -> new KeyRecord.Tag(tag.getKey(), tag.getValue()))
                                .toList()),
                KeyRecord.Material.NONE);
        return new KeyFacts(
                record,
                CompiledPolicy.of(KeyPolicy.parse(situation.key().policy())
                        .meaning(situation.key().ids())),
                GrantIndex.of(situation.grants().stream()
                        .map(line -> grant(line, situation.key().ids()))
                        .toList()),
                () -> new KeyAliases(List.of(stamp("aliases")), aliases),
                Optional.ofNullable(traits.get("multi-region")));
    }

    private static Grant grant(Situation.GrantLine line, Map<String, String> ids) {
        var constraints = line.constraints();
        var grantee = Cast.named(line.grantee());
        return new Grant(
                stamp("grant " + line.name()),
                line.name(),
                new GrantTerms(
                                grantee.role() == Cast.Role.SERVICE
                                        ? Principal.ofServiceGrant(grantee.arn())
                                        : Principal.ofGrant(grantee.arn()),
                                Optional.empty(),
                                line.operations().stream()
                                        .map(operation ->
                                                GrantOperation.find(operation).orElseThrow())
                                        .collect(Collectors.toSet()),
                                new GrantConstraints(
                                        Optional.ofNullable(constraints.get("equals"))
                                                .map(Evaluation::pairs),
                                        Optional.ofNullable(constraints.get("subset"))
                                                .map(Evaluation::pairs),
                                        Optional.ofNullable(constraints.get("source"))),
                                line.name())
                        .meaning(named -> Optional.ofNullable(ids.get(named.arn()))),
                SCOPE.accountId(),
                NOW);
    }

    private static Map<String, String> pairs(String text) {
        return Words.split(text, ",").stream()
                .collect(Collectors.toMap(
                        pair -> pair.substring(0, pair.indexOf('=')), pair -> pair.substring(pair.indexOf('=') + 1)));
    }

    private static Map<String, String> prefixed(Map<String, String> traits, String prefix) {
        var found = new LinkedHashMap<String, String>();
        traits.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    /** A stamp that nothing else has. */
    static Stamp stamp(String what) {
        return new Stamp(what.hashCode(), what.length(), 1);
    }
}
