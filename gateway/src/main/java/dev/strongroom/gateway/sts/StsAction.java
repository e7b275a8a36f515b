package dev.strongroom.gateway.sts;

import java.util.Arrays;
import java.util.Optional;

/** The actions that are built. */
public enum StsAction {
    ASSUME_ROLE("AssumeRole"),
    ASSUME_ROLE_WITH_WEB_IDENTITY("AssumeRoleWithWebIdentity"),
    GET_CALLER_IDENTITY("GetCallerIdentity"),
    GET_SESSION_TOKEN("GetSessionToken");

    static final String VERSION = "2011-06-15";

    private final String wireName;

    StsAction(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /**
     * What a form asks for.
     *
     * @throws StsException MissingAction or InvalidAction
     */
    public static StsAction of(QueryForm form) {
        var name = form.find("Action")
                .orElseThrow(() -> StsException.of(StsError.MISSING_ACTION, "The request has no Action parameter."));
        var version = form.find("Version").orElse("");
        Optional<StsAction> action = Arrays.stream(values())
                .filter(known -> known.wireName.equals(name))
                .findFirst();
        return action.filter(known -> version.equals(VERSION))
                .orElseThrow(() -> StsException.of(
                        StsError.INVALID_ACTION, "Could not find operation " + name + " for version " + version));
    }

    /** Whether it has to be signed; a web identity token speaks for itself. */
    public boolean isSigned() {
        return this != ASSUME_ROLE_WITH_WEB_IDENTITY;
    }
}
