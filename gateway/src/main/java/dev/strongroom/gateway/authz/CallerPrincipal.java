package dev.strongroom.gateway.authz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who a caller is to policies (IAM user guide, "AWS JSON policy elements: Principal" and "Unique identifiers").
 *
 * @param accountId twelve digits
 * @param arn as it stands in refusals: {@code arn:aws:iam::A:root}, {@code arn:aws:iam::A:user/path/name}, {@code
 *     arn:aws:sts::A:assumed-role/role/session}, {@code arn:aws:sts::A:federated-user/name}; of a service its name, such as
 *     {@code logs.eu-west-1.amazonaws.com}
 * @param issuer the ARN of the role, path included, that a session acts for, or of the user behind a federated one; empty
 *     for all others
 * @param uniqueId {@code AIDA…} of a user, {@code AROA…:session} of a role session, the account id of a root
 * @param tags of the user or role; empty for a root
 * @param session what temporary credentials add; empty for an access key of a user or root
 */
public record CallerPrincipal(
        Kind kind,
        String accountId,
        String arn,
        Optional<String> issuer,
        String uniqueId,
        Map<String, String> tags,
        Optional<CallerSession> session) {

    /** What {@code aws:PrincipalType} tells apart. */
    public enum Kind {
        ROOT,
        USER,
        ASSUMED_ROLE,
        FEDERATED,
        SERVICE
    }

    public CallerPrincipal {
        tags = Map.copyOf(tags);
    }

    /** A caller of whom no more is known than its ARN: without tags, session or unique id of its own. */
    public static CallerPrincipal of(String accountId, String arn) {
        var kind = kind(arn);
        return new CallerPrincipal(
                kind,
                accountId,
                arn,
                kind == Kind.ASSUMED_ROLE ? Optional.of(roleArn(accountId, arn)) : Optional.empty(),
                accountId,
                Map.of(),
                Optional.empty());
    }

    private static Kind kind(String arn) {
        var resource = arn.substring(arn.lastIndexOf(':') + 1);
        if (resource.equals("root")) {
            return Kind.ROOT;
        } else if (resource.startsWith("user/")) {
            return Kind.USER;
        } else if (resource.startsWith("assumed-role/")) {
            return Kind.ASSUMED_ROLE;
        } else if (resource.startsWith("federated-user/")) {
            return Kind.FEDERATED;
        }
        return Kind.SERVICE;
    }

    private static String roleArn(String accountId, String sessionArn) {
        return "arn:aws:iam::" + accountId + ":role/" + sessionArn.split("/", -1)[1];
    }

    /** The values of {@code aws:PrincipalArn}: a session has the ARN of its role. */
    public String principalArn() {
        return kind == Kind.ASSUMED_ROLE ? issuer.orElse(arn) : arn;
    }

    /**
     * By what names a grant, or a statement that allows, may mean this caller; the account comes last and stands for a
     * permission to be handed on.
     */
    public List<Principal> names() {
        if (kind == Kind.SERVICE) {
            return own();
        }
        var names = own();
        names.addAll(issuers());
        session.flatMap(CallerSession::provider)
                .ifPresent(provider -> names.add(new Principal(Principal.Kind.FEDERATED, provider)));
        names.add(account());
        return names;
    }

    /** Itself: by ARN, and by unique id if it has one. */
    private List<Principal> own() {
        var own = new ArrayList<Principal>(6);
        if (kind == Kind.SERVICE) {
            own.add(new Principal(Principal.Kind.SERVICE, arn));
        } else if (kind != Kind.ROOT) {
            own.add(new Principal(Principal.Kind.IDENTITY, arn));
        }
        if (isKnownById()) {
            own.add(new Principal(Principal.Kind.UNIQUE_ID, uniqueId));
        }
        return own;
    }

    /** The role behind a session, or the user behind a federated one. */
    private List<Principal> issuers() {
        var issuers = new ArrayList<Principal>(2);
        issuer.ifPresent(role -> issuers.add(new Principal(Principal.Kind.IDENTITY, role)));
        if (kind == Kind.ASSUMED_ROLE && isKnownById()) {
            issuers.add(new Principal(Principal.Kind.UNIQUE_ID, roleId()));
        }
        return issuers;
    }

    private Principal account() {
        return new Principal(Principal.Kind.ACCOUNT, accountId);
    }

    /**
     * Whether {@code listed} has each of its names: itself, the role or user behind it, its account. Of somebody who has an
     * ARN and a unique id, one of the two is enough: a list has the id of whom it means and the ARN of whom nobody made.
     */
    boolean isListedByEachName(List<Principal> listed) {
        var own = own();
        var issuers = issuers();
        return (own.isEmpty() || own.stream().anyMatch(listed::contains))
                && (issuers.isEmpty() || issuers.stream().anyMatch(listed::contains))
                && (kind == Kind.SERVICE || listed.contains(account()));
    }

    /** Whether it is who has that unique id. */
    boolean hasId(String id) {
        return isKnownById() && uniqueId.equals(id);
    }

    /** Whether it is a session of the role that has that unique id. */
    boolean isOfRole(String id) {
        return kind == Kind.ASSUMED_ROLE
                && isKnownById()
                && uniqueId.startsWith(id)
                && (uniqueId.length() == id.length() || uniqueId.charAt(id.length()) == ':');
    }

    /** The HSM says so of users and sessions of roles. What others are called says nothing: it may be what they like. */
    private boolean isKnownById() {
        return (kind == Kind.USER || kind == Kind.ASSUMED_ROLE) && !uniqueId.equals(accountId);
    }

    private String roleId() {
        int end = uniqueId.indexOf(':');
        return end < 0 ? uniqueId : uniqueId.substring(0, end);
    }
}
