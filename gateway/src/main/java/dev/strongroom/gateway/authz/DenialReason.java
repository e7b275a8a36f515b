package dev.strongroom.gateway.authz;

/** Which policies a refusal names (IAM user guide, "Troubleshoot access denied error messages"). */
public enum DenialReason {
    EXPLICIT_IDENTITY("with an explicit deny in an identity-based policy"),
    EXPLICIT_RESOURCE("with an explicit deny in a resource-based policy"),
    EXPLICIT_BOUNDARY("with an explicit deny in a permissions boundary"),
    EXPLICIT_SESSION("with an explicit deny in a session policy"),
    NO_RESOURCE("because no resource-based policy allows the %s action"),
    NO_IDENTITY("because no identity-based policy allows the %s action"),
    NO_BOUNDARY("because no permissions boundary allows the %s action"),
    NO_SESSION("because no session policy allows the %s action"),
    /** No words of AWS are known: policies so costly that nobody may wait for them. */
    TOO_COSTLY("because its policies take too long to evaluate");

    private static final String HIDDEN_KEY =
            "because the resource does not exist in this Region, no resource-based policies"
                    + " allow access, or a resource-based policy explicitly denies access";

    private final String words;

    DenialReason(String words) {
        this.words = words;
    }

    /** Whether somebody had to allow it and nobody did, which a grant might. */
    public boolean isLack() {
        return this == NO_RESOURCE || this == NO_IDENTITY || this == NO_BOUNDARY || this == NO_SESSION;
    }

    /** The text for a caller who named the resource. */
    String text(String principal, String action, String resource) {
        return "User: " + principal + " is not authorized to perform: " + action + " on resource: " + resource + " "
                + String.format(words, action);
    }

    /** The text for a caller who has only a ciphertext and must not learn more about its key than that. */
    String textOfCiphertext(String principal, String action) {
        return "User: " + principal + " is not authorized to perform: " + action
                + " on the resource associated with this ciphertext "
                + (this == NO_RESOURCE || this == EXPLICIT_RESOURCE ? HIDDEN_KEY : String.format(words, action));
    }
}
