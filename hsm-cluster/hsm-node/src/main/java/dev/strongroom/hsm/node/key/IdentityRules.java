package dev.strongroom.hsm.node.key;

import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The form of identities (IAM User Guide, "IAM and AWS STS quotas": names, sizes, how many). What breaks it is refused as
 * malformed, or with LIMIT_EXCEEDED where there is too much of something. Whether a policy is one is not looked at: a
 * document that the gateways cannot read permits nothing.
 */
public final class IdentityRules {

    public static final int MAX_ACCESS_KEYS = 2;
    public static final int MIN_SESSION_SECONDS = 900;
    public static final int MAX_ROLE_SESSION_SECONDS = 43_200;
    public static final int MAX_USER_SESSION_SECONDS = 129_600;
    public static final int MAX_ROOT_SESSION_SECONDS = 3_600;
    public static final int MAX_ATTACHED = 10;

    private static final int MIN_ROLE_SESSION_SECONDS = 3_600;
    private static final int MAX_TAGS = 50;
    private static final int MAX_TAG_KEY = 128;
    private static final int MAX_TAG_VALUE = 256;
    private static final int MAX_DOCUMENT_BYTES = 32_768;
    private static final int MAX_INLINE_BYTES = 65_536;
    private static final int MAX_CLIENTS = 100;
    private static final int MAX_KEYS_BYTES = 65_536;
    private static final int MAX_PATH = 512;
    private static final Pattern PATH = Pattern.compile("/|/[!-~]+/");
    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,64}");
    private static final Pattern POLICY_NAME = Pattern.compile("[\\w+=,.@-]{1,128}");
    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final Pattern ISSUER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[!-~&&[^?#]]+)?");
    private static final Pattern UNIQUE_ID = Pattern.compile("A(IDA|ROA)[A-Z2-7]{16,17}");
    private static final Pattern MEANT_ID = Pattern.compile("AIDA[A-Z2-7]{16,17}|AROA[A-Z2-7]{16,17}(:[\\w+=,.@-]+)?");
    private static final int MAX_ISSUER = 255;

    private IdentityRules() {}

    /** How many records of the kind an account may have. */
    public static int most(IdentityKind kind) {
        return switch (kind) {
            case USER -> 5_000;
            case ROLE -> 1_000;
            case POLICY -> 1_500;
            case OIDC_PROVIDER -> 100;
            case ACCOUNT, ACCESS_KEY -> Integer.MAX_VALUE;
        };
    }

    public static void requireWellFormed(IdentityRecord identity) {
        NameRules.requireAccount(identity.name().accountId());
        if (identity instanceof IdentityRecord.Principal principal) {
            requirePrincipal(principal);
        } else if (identity instanceof IdentityRecord.ManagedPolicy policy) {
            requireArn(policy.policy().arn(), policy.name(), POLICY_NAME);
            requireDocument(policy.policy().document());
        } else if (identity instanceof IdentityRecord.OidcProvider provider) {
            requireProvider(provider);
        }
    }

    /** What may stand as the name of a role's session. */
    public static void requireSessionName(String name) {
        require(SESSION_NAME.matcher(name).matches(), "this is not the name of a session");
    }

    public static void requireTags(Map<String, String> tags) {
        requireAtMost(tags.size(), MAX_TAGS, "tags");
        var keys = new HashSet<String>();
        tags.forEach((key, value) -> {
            require(
                    !key.isEmpty() && key.length() <= MAX_TAG_KEY && value.length() <= MAX_TAG_VALUE,
                    "a tag has a key of 1 to 128 and a value of up to 256 characters");
            require(!key.startsWith("aws:"), "keys of tags that begin with aws: are AWS's own");
            require(keys.add(key.toLowerCase(Locale.ROOT)), "two tags whose keys differ in the case of letters only");
        });
    }

    public static void requireDocument(String document) {
        requireAtMost(bytes(document), MAX_DOCUMENT_BYTES, "bytes of a document");
    }

    /** Whom a policy may mean by the ARNs in it: each of them stands in its text, so that together they are no longer. */
    public static void requirePrincipals(ResourcePolicy policy) {
        int characters =
                policy.principals().keySet().stream().mapToInt(String::length).sum();
        require(characters <= policy.text().length(), "a policy means others than it names");
        policy.principals().values().forEach(IdentityRules::requireMeant);
    }

    /** The unique id of a user, a role, or a role's session. */
    static void requireMeant(String id) {
        require(MEANT_ID.matcher(id).matches(), "this is not the unique id of a user, role or session");
    }

    /** Policies that hang on an identity: managed ones of its own account. */
    public static void requireAttachable(List<String> arns, String accountId) {
        requireAtMost(arns.size(), MAX_ATTACHED, "attached policies");
        require(Set.copyOf(arns).size() == arns.size(), "a policy is attached twice");
        for (var arn : arns) {
            require(
                    IdentityArn.parse(arn)
                            .filter(name -> name.kind() == IdentityKind.POLICY
                                    && name.accountId().equals(accountId))
                            .isPresent(),
                    "what is attached is not the ARN of a policy of the account");
        }
    }

    private static void requirePrincipal(IdentityRecord.Principal principal) {
        var holder = principal.holder();
        var name = principal.name();
        requireArn(holder.arn(), name, NAME);
        require(
                UNIQUE_ID.matcher(holder.uniqueId()).matches()
                        && holder.uniqueId().startsWith(name.kind() == IdentityKind.ROLE ? "AROA" : "AIDA"),
                "this is not the unique id of a user or role");
        requireTags(holder.tags());
        requireInline(holder);
        requireAttachable(principal.attached(), name.accountId());
        principal.boundary().ifPresent(arn -> requireAttachable(List.of(arn), name.accountId()));
        principal.role().ifPresent(role -> {
            requireDocument(role.trustPolicy().text());
            requirePrincipals(role.trustPolicy());
            require(
                    role.maxSessionSeconds() >= MIN_ROLE_SESSION_SECONDS
                            && role.maxSessionSeconds() <= MAX_ROLE_SESSION_SECONDS,
                    "a session of a role lasts at most 3,600 to 43,200 seconds");
        });
    }

    private static void requireInline(HolderRecord holder) {
        int total = 0;
        for (var document : holder.inlinePolicies().entrySet()) {
            require(POLICY_NAME.matcher(document.getKey()).matches(), "this is not the name of a policy");
            requireDocument(document.getValue());
            total += bytes(document.getValue());
        }
        requireAtMost(total, MAX_INLINE_BYTES, "bytes of inline policies");
    }

    private static void requireProvider(IdentityRecord.OidcProvider provider) {
        var name = provider.name();
        require(
                provider.arn().equals(IdentityArn.oidcProvider(name.accountId(), name.name()))
                        && name.name().length() <= MAX_ISSUER
                        && ISSUER.matcher(name.name()).matches(),
                "an issuer is a host, perhaps with a port and a path");
        requireAtMost(provider.clientIds().size(), MAX_CLIENTS, "client ids");
        for (var client : provider.clientIds()) {
            require(!client.isEmpty() && client.length() <= MAX_ISSUER, "a client id has 1 to 255 characters");
        }
        requireAtMost(bytes(provider.keys()), MAX_KEYS_BYTES, "bytes of a key set");
    }

    private static void requireArn(String arn, IdentityName name, Pattern grammar) {
        int from = arn.indexOf('/');
        int to = arn.lastIndexOf('/') + 1;
        var path = from < 0 ? "" : arn.substring(from, to);
        require(
                path.length() <= MAX_PATH
                        && PATH.matcher(path).matches()
                        && grammar.matcher(name.name()).matches()
                        && arn.equals(IdentityArn.of(name.kind(), name.accountId(), path, name.name())),
                "this is not the ARN of a user, role or policy");
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void requireAtMost(int count, int most, String what) {
        if (count > most) {
            throw new Refused(Refusal.LIMIT_EXCEEDED, count + " " + what + ", of at most " + most);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Refused(Refusal.MALFORMED, otherwise);
        }
    }
}
