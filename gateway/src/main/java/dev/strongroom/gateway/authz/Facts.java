package dev.strongroom.gateway.authz;

import dev.strongroom.gateway.authz.CallerPrincipal.Kind;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All condition keys of one request, as one side's policies see them (IAM user guide, "AWS global condition context keys"; KMS developer guide, "Condition
 * keys for AWS KMS"), and what it costs to look at them. Confined to one decision.
 */
final class Facts {

    private static final String PRINCIPAL_TAG = "aws:principaltag/";
    private static final String RESOURCE_TAG = "aws:resourcetag/";
    private static final String ENCRYPTION_CONTEXT = "kms:encryptioncontext:";

    private static final Set<String> MANY_VALUED = Set.of(
            "aws:tagkeys",
            "kms:encryptioncontextkeys",
            "kms:grantoperations",
            "kms:resourcealiases",
            "sts:transitivetagkeys");

    /** Whose policy asks. */
    enum Side {
        IDENTITY,
        RESOURCE
    }

    private final CallerPrincipal principal;
    private final AccessRequest request;
    private final Effort effort;
    private final Side side;
    private List<Stamp> aliasRecords = List.of();

    Facts(CallerPrincipal principal, AccessRequest request, Side side, Effort effort) {
        this.principal = principal;
        this.request = request;
        this.side = side;
        this.effort = effort;
    }

    Effort effort() {
        return effort;
    }

    /** What says which aliases the key has, once a policy asked for them. */
    List<Stamp> aliasRecords() {
        return aliasRecords;
    }

    /** The value that a variable stands for; empty if the request has none, or not one but many, or could have many. */
    Optional<String> variable(String name) {
        var values = MANY_VALUED.contains(name) ? List.<String>of() : values(name);
        if (values.size() != 1) {
            return Optional.empty();
        }
        effort.spend(values.get(0).length());
        return Optional.of(values.get(0));
    }

    /**
     * The values of a condition key.
     *
     * @param name in lower case
     */
    List<String> values(String name) {
        if (name.startsWith(ENCRYPTION_CONTEXT)) {
            return byFoldedKey(request.encryptionContext(), name.substring(ENCRYPTION_CONTEXT.length()));
        } else if (name.startsWith(PRINCIPAL_TAG)) {
            return principalTag(name.substring(PRINCIPAL_TAG.length()));
        } else if (name.startsWith(RESOURCE_TAG)) {
            return key().map(key -> tag(key.record(), name.substring(RESOURCE_TAG.length())))
                    .orElseGet(() -> request.keys().values(name));
        }
        var values = ofCaller(name);
        if (values.isEmpty()) {
            values = ofEnvironment(name);
        }
        if (values.isEmpty()) {
            values = ofResource(name);
        }
        return values.isEmpty() && !isKnownHere(name) ? request.keys().values(name) : values;
    }

    /** What an operation has no say in, so that it cannot be told another caller, even where there is no value. */
    private static boolean isKnownHere(String name) {
        return switch (name) {
            case "aws:username",
                    "aws:sourceidentity",
                    "aws:federatedprovider",
                    "aws:tokenissuetime",
                    "aws:multifactorauthpresent",
                    "aws:multifactorauthage",
                    "aws:sourcearn",
                    "aws:sourceaccount",
                    "aws:sourceip",
                    "kms:requestalias",
                    "kms:resourcealiases",
                    "kms:encryptioncontextkeys" -> true;
            default -> name.startsWith("aws:principal");
        };
    }

    private List<String> ofCaller(String name) {
        return switch (name) {
            case "aws:principalarn" -> List.of(principal.principalArn());
            case "aws:principalaccount", "kms:calleraccount" ->
                principal.kind() == Kind.SERVICE ? List.of() : List.of(principal.accountId());
            case "aws:principaltype" -> principalType();
            case "aws:principalisawsservice" -> List.of(Boolean.toString(principal.kind() == Kind.SERVICE));
            case "aws:principalservicename" -> principal.kind() == Kind.SERVICE ? List.of(principal.arn()) : List.of();
            case "aws:viaawsservice" -> List.of("false");
            case "aws:userid" -> List.of(principal.uniqueId());
            case "aws:username" ->
                principal.kind() == Kind.USER
                        ? List.of(principal.arn().substring(principal.arn().lastIndexOf('/') + 1))
                        : List.of();
            default ->
                principal.session().map(session -> ofSession(session, name)).orElse(List.of());
        };
    }

    private List<String> ofSession(CallerSession session, String name) {
        return switch (name) {
            case "aws:tokenissuetime" -> List.of(text(session.issued()));
            case "aws:multifactorauthpresent" ->
                List.of(Boolean.toString(session.multiFactor().isPresent()));
            case "aws:multifactorauthage" ->
                session.multiFactor()
                        .map(shown ->
                                Duration.between(shown, request.environment().now()))
                        .map(age -> List.of(Long.toString(age.toSeconds())))
                        .orElse(List.of());
            case "aws:federatedprovider" -> session.provider().map(List::of).orElse(List.of());
            case "aws:sourceidentity" -> session.sourceIdentity().map(List::of).orElse(List.of());
            default -> List.of();
        };
    }

    private List<String> principalType() {
        return List.of(
                switch (principal.kind()) {
                    case ROOT -> "Account";
                    case USER -> "User";
                    case ASSUMED_ROLE -> "AssumedRole";
                    case FEDERATED -> "FederatedUser";
                    case SERVICE -> "Service";
                });
    }

    private List<String> principalTag(String key) {
        var ofSession = principal
                .session()
                .map(session -> byFoldedKey(session.tags(), key))
                .orElse(List.of());
        return ofSession.isEmpty() ? byFoldedKey(principal.tags(), key) : ofSession;
    }

    private List<String> ofEnvironment(String name) {
        var environment = request.environment();
        return switch (name) {
            case "aws:currenttime" -> List.of(text(environment.now()));
            case "aws:epochtime" -> List.of(Long.toString(environment.now().getEpochSecond()));
            case "aws:sourceip" -> environment.sourceIp().map(List::of).orElse(List.of());
            case "aws:securetransport" -> List.of(Boolean.toString(environment.secureTransport()));
            case "aws:useragent" -> environment.userAgent().map(List::of).orElse(List.of());
            case "aws:referer" -> environment.referer().map(List::of).orElse(List.of());
            case "aws:requestedregion" -> List.of(environment.region());
            case "aws:sourcearn" -> environment.sourceArn().map(List::of).orElse(List.of());
            case "aws:sourceaccount" ->
                environment.sourceArn().map(Facts::accountOf).map(List::of).orElse(List.of());
            default -> List.of();
        };
    }

    private List<String> ofResource(String name) {
        return switch (name) {
            case "aws:resourceaccount" -> List.of(request.resource().accountId());
            case "kms:encryptioncontextkeys" ->
                List.copyOf(request.encryptionContext().keySet());
            case "kms:requestalias" ->
                alias().map(alias -> List.of(alias.name().name())).orElse(List.of());
            case "kms:resourcealiases" -> aliases();
            default -> key().map(key -> ofKey(key, name)).orElse(List.of());
        };
    }

    private static List<String> ofKey(KeyFacts key, String name) {
        var attributes = key.record().attributes();
        return switch (name) {
            case "kms:keyspec", "kms:customermasterkeyspec" ->
                List.of(attributes.spec().name());
            case "kms:keyusage", "kms:customermasterkeyusage" ->
                List.of(attributes.usage().name());
            case "kms:keyorigin" -> List.of(attributes.origin().name());
            case "kms:multiregion" -> List.of(Boolean.toString(attributes.multiRegion()));
            case "kms:multiregionkeytype" ->
                key.multiRegionKeyType().map(List::of).orElse(List.of());
            default -> List.of();
        };
    }

    /** In key policies the key does not exist (developer guide, "kms:ResourceAliases"): only accounts know their aliases. */
    private List<String> aliases() {
        if (side == Side.RESOURCE) {
            return List.of();
        }
        var found = key().map(key -> key.aliases().get()).orElse(KeyAliases.none());
        aliasRecords = found.records();
        return found.names();
    }

    private Optional<KeyFacts> key() {
        return request.resource() instanceof Resource.Key key ? Optional.of(key.key()) : Optional.empty();
    }

    private Optional<AliasRecord> alias() {
        return request.resource() instanceof Resource.Key key ? key.alias() : Optional.empty();
    }

    private List<String> tag(KeyRecord record, String folded) {
        var tags = record.documents().tags();
        effort.spend(tags.size());
        return tags.stream()
                .filter(tag -> tag.key().equalsIgnoreCase(folded))
                .map(KeyRecord.Tag::value)
                .toList();
    }

    /** All values whose keys differ from {@code folded} in letter case only. */
    private List<String> byFoldedKey(Map<String, String> map, String folded) {
        effort.spend(map.size());
        return map.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(folded))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String accountOf(String arn) {
        var parts = arn.split(":", 6);
        return parts.length == 6 ? parts[4] : "";
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
