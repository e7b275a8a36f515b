package dev.strongroom.gateway.admin;

import static dev.strongroom.gateway.admin.AdminParameter.ACCESS_KEY_ID;
import static dev.strongroom.gateway.admin.AdminParameter.ACCOUNT;
import static dev.strongroom.gateway.admin.AdminParameter.CLIENT_IDS;
import static dev.strongroom.gateway.admin.AdminParameter.DOCUMENT;
import static dev.strongroom.gateway.admin.AdminParameter.KEEP_ENABLED;
import static dev.strongroom.gateway.admin.AdminParameter.KEYS;
import static dev.strongroom.gateway.admin.AdminParameter.MAX_SESSION_SECONDS;
import static dev.strongroom.gateway.admin.AdminParameter.NAME;
import static dev.strongroom.gateway.admin.AdminParameter.OPEN;
import static dev.strongroom.gateway.admin.AdminParameter.PATH;
import static dev.strongroom.gateway.admin.AdminParameter.POLICY;
import static dev.strongroom.gateway.admin.AdminParameter.POLICY_NAME;
import static dev.strongroom.gateway.admin.AdminParameter.ROOT;
import static dev.strongroom.gateway.admin.AdminParameter.TAGS;
import static dev.strongroom.gateway.admin.AdminParameter.TAG_KEYS;
import static dev.strongroom.gateway.admin.AdminParameter.TRUST_POLICY;
import static dev.strongroom.gateway.admin.AdminParameter.URL;
import static dev.strongroom.gateway.admin.AdminParameter.USER;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * All that can be done: {@code strongroom admin KIND VERB}, and the same over the management API. Each of them has a
 * subject, which the command line takes without an option, and belongs to an account.
 */
public enum AdminAction {
    ACCOUNT_CREATE("account", "create", "Makes an account.", needs(ACCOUNT), may(OPEN)),
    ACCOUNT_LIST("account", "list", "Lists the accounts.", needs(), may()),
    ACCOUNT_GET("account", "get", "Shows an account.", needs(ACCOUNT), may()),
    ACCOUNT_OPEN(
            "account", "open", "Lets policies and grants name principals that do not exist.", needs(ACCOUNT), may()),
    ACCOUNT_CLOSE("account", "close", "Lets them name only principals that exist.", needs(ACCOUNT), may()),

    USER_CREATE("user", "create", "Makes a user.", needs(NAME), may(PATH, TAGS)),
    USER_LIST("user", "list", "Lists the users.", needs(), may()),
    USER_GET("user", "get", "Shows a user.", needs(NAME), may()),
    USER_DELETE("user", "delete", "Removes a user and its access keys.", needs(NAME), may()),
    USER_ATTACH("user", "attach", "Hangs a managed policy on a user.", needs(NAME, POLICY), may()),
    USER_DETACH("user", "detach", "Takes it off again.", needs(NAME, POLICY), may()),
    USER_PUT_INLINE("user", "put-inline", "Sets an inline policy.", needs(NAME, POLICY_NAME, DOCUMENT), may()),
    USER_DELETE_INLINE("user", "delete-inline", "Removes it.", needs(NAME, POLICY_NAME), may()),
    USER_PUT_BOUNDARY("user", "put-boundary", "Sets the permissions boundary.", needs(NAME, POLICY), may()),
    USER_DELETE_BOUNDARY("user", "delete-boundary", "Removes it.", needs(NAME), may()),
    USER_TAG("user", "tag", "Sets tags.", needs(NAME, TAGS), may()),
    USER_UNTAG("user", "untag", "Removes tags.", needs(NAME, TAG_KEYS), may()),

    ROLE_CREATE("role", "create", "Makes a role.", needs(NAME, TRUST_POLICY), may(PATH, TAGS, MAX_SESSION_SECONDS)),
    ROLE_LIST("role", "list", "Lists the roles.", needs(), may()),
    ROLE_GET("role", "get", "Shows a role.", needs(NAME), may()),
    ROLE_UPDATE(
            "role",
            "update",
            "Changes who may assume it, and for how long.",
            needs(NAME),
            may(TRUST_POLICY, MAX_SESSION_SECONDS)),
    ROLE_DELETE("role", "delete", "Removes a role; its sessions end.", needs(NAME), may()),
    ROLE_ATTACH("role", "attach", "Hangs a managed policy on a role.", needs(NAME, POLICY), may()),
    ROLE_DETACH("role", "detach", "Takes it off again.", needs(NAME, POLICY), may()),
    ROLE_PUT_INLINE("role", "put-inline", "Sets an inline policy.", needs(NAME, POLICY_NAME, DOCUMENT), may()),
    ROLE_DELETE_INLINE("role", "delete-inline", "Removes it.", needs(NAME, POLICY_NAME), may()),
    ROLE_PUT_BOUNDARY("role", "put-boundary", "Sets the permissions boundary.", needs(NAME, POLICY), may()),
    ROLE_DELETE_BOUNDARY("role", "delete-boundary", "Removes it.", needs(NAME), may()),
    ROLE_TAG("role", "tag", "Sets tags.", needs(NAME, TAGS), may()),
    ROLE_UNTAG("role", "untag", "Removes tags.", needs(NAME, TAG_KEYS), may()),

    ACCESS_KEY_CREATE(
            "access-key",
            "create",
            "Makes an access key of a user or, if told so, of the root; its secret is shown this once.",
            needs(),
            may(USER, ROOT)),
    ACCESS_KEY_LIST("access-key", "list", "Lists those of a user, or all of the account.", needs(), may(USER)),
    ACCESS_KEY_DISABLE("access-key", "disable", "Lets it open nothing.", needs(ACCESS_KEY_ID), may()),
    ACCESS_KEY_ENABLE("access-key", "enable", "Lets it be used again.", needs(ACCESS_KEY_ID), may()),
    ACCESS_KEY_ROTATE(
            "access-key",
            "rotate",
            "Makes another for the same holder and disables this one.",
            needs(ACCESS_KEY_ID),
            may(KEEP_ENABLED)),
    ACCESS_KEY_DELETE("access-key", "delete", "Removes it.", needs(ACCESS_KEY_ID), may()),

    POLICY_CREATE("policy", "create", "Makes a managed policy.", needs(NAME, DOCUMENT), may(PATH)),
    POLICY_LIST("policy", "list", "Lists the managed policies.", needs(), may()),
    POLICY_GET("policy", "get", "Shows a managed policy.", needs(NAME), may()),
    POLICY_UPDATE("policy", "update", "Sets its document, for all on whom it hangs.", needs(NAME, DOCUMENT), may()),
    POLICY_DELETE("policy", "delete", "Removes one that hangs on nobody.", needs(NAME), may()),

    OIDC_PROVIDER_CREATE(
            "oidc-provider",
            "create",
            "Lets roles trust an issuer of OpenID Connect tokens.",
            needs(URL, KEYS),
            may(CLIENT_IDS)),
    OIDC_PROVIDER_LIST("oidc-provider", "list", "Lists the issuers.", needs(), may()),
    OIDC_PROVIDER_GET("oidc-provider", "get", "Shows an issuer.", needs(URL), may()),
    OIDC_PROVIDER_UPDATE("oidc-provider", "update", "Sets its keys or client ids.", needs(URL), may(KEYS, CLIENT_IDS)),
    OIDC_PROVIDER_DELETE("oidc-provider", "delete", "Removes it.", needs(URL), may());

    private static final List<String> READING = List.of("list", "get");

    private final String kind;
    private final String verb;
    private final String description;
    // Both come from List.of.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<AdminParameter> required;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<AdminParameter> optional;

    AdminAction(
            String kind,
            String verb,
            String description,
            List<AdminParameter> required,
            List<AdminParameter> optional) {
        this.kind = kind;
        this.verb = verb;
        this.description = description;
        this.required = required;
        this.optional = optional;
    }

    public static Optional<AdminAction> find(String kind, String verb) {
        return Arrays.stream(values())
                .filter(action -> action.kind.equals(kind) && action.verb.equals(verb))
                .findFirst();
    }

    public String kind() {
        return kind;
    }

    public String verb() {
        return verb;
    }

    public String description() {
        return description;
    }

    public boolean readOnly() {
        return READING.contains(verb);
    }

    /** Those that must be given; the first is the subject. */
    public List<AdminParameter> required() {
        return required;
    }

    public List<AdminParameter> optional() {
        return optional;
    }

    /** As audit records name it: {@code CreateUser}. */
    public String eventName() {
        return camel(verb) + camel(kind);
    }

    private static String camel(String words) {
        var text = new StringBuilder();
        for (var word : words.split("-", -1)) {
            text.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
        }
        return text.toString();
    }

    private static List<AdminParameter> needs(AdminParameter... parameters) {
        return List.of(parameters);
    }

    private static List<AdminParameter> may(AdminParameter... parameters) {
        return List.of(parameters);
    }
}
