package dev.strongroom.gateway.admin;

import java.util.Locale;

/** What requests may say; each name means one thing everywhere. */
public enum AdminParameter {
    ACCOUNT("account", Form.TEXT, "account", "The account, twelve digits."),
    OPEN("open", Form.FLAG, "open", "Principals of it need not exist to be named in policies and grants."),
    NAME("name", Form.TEXT, "name", "The name, without its path."),
    PATH("path", Form.TEXT, "path", "Such as /apps/; / if absent."),
    TAGS("tags", Form.MAP, "tag", "A tag; may be repeated."),
    TAG_KEYS("tagKeys", Form.LIST, "tag-key", "The key of a tag; may be repeated."),
    POLICY("policy", Form.TEXT, "policy", "A managed policy of the account, its name or ARN."),
    POLICY_NAME("policyName", Form.TEXT, "policy-name", "The name of an inline policy."),
    DOCUMENT("document", Form.DOCUMENT, "document", "File with a policy in JSON."),
    TRUST_POLICY("trustPolicy", Form.DOCUMENT, "trust-policy", "File with the policy that says who may assume it."),
    MAX_SESSION_SECONDS("maxSessionSeconds", Form.NUMBER, "max-session-seconds", "3600 to 43200; 3600 if absent."),
    USER("user", Form.TEXT, "user", "The user whose it is."),
    ROOT("root", Form.FLAG, "root", "It is of the account's root, who may do everything."),
    ACCESS_KEY_ID("accessKeyId", Form.TEXT, "access-key-id", "The id of the access key."),
    KEEP_ENABLED("keepEnabled", Form.FLAG, "keep-enabled", "Leaves the old access key enabled."),
    URL("url", Form.TEXT, "url", "The issuer, such as https://issuer.example.com/path."),
    CLIENT_IDS("clientIds", Form.LIST, "client-id", "Whom its tokens are meant for (aud); may be repeated."),
    KEYS("keys", Form.DOCUMENT, "keys", "File with its JSON Web Key Set.");

    /** What a value looks like. */
    public enum Form {
        TEXT,
        NUMBER,
        FLAG,
        /** Texts. */
        LIST,
        /** Texts by name. */
        MAP,
        /** A text that the command line reads from a file. */
        DOCUMENT
    }

    private final String member;
    private final Form form;
    private final String option;
    private final String description;

    AdminParameter(String member, Form form, String option, String description) {
        this.member = member;
        this.form = form;
        this.option = option;
        this.description = description;
    }

    /** In JSON. */
    public String member() {
        return member;
    }

    public Form form() {
        return form;
    }

    /** On the command line, without its dashes. */
    public String option() {
        return option;
    }

    /** One line for people. */
    public String description() {
        return description;
    }

    /** As a placeholder, such as {@code NAME}. */
    public String label() {
        return option.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
