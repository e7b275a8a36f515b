package dev.strongroom.gateway.audit;

import dev.strongroom.gateway.admin.AdminAction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a request that the log calls by some name makes the nodes do: which commands, as their trails call them, and how
 * often.
 *
 * @param commands one of which is what was asked for
 */
record ExpectedCommands(Set<String> commands, Times times) {

    /** How often a success has one of the commands behind it. */
    enum Times {
        /** Once; again only where the answer was lost. */
        ONE,
        /** As {@link #ONE}, or not at all where nothing was to be changed. */
        ONE_OR_NONE,
        /** In several steps, each of which stays done if the next is refused. */
        STEPS
    }

    static final String KMS = "kms.amazonaws.com";
    static final String STS = "sts.amazonaws.com";
    static final String ADMINISTRATION = "strongroom";

    private static final ExpectedCommands SESSION = new ExpectedCommands(Set.of("MintSession"), Times.ONE);

    private static final Map<String, ExpectedCommands> OF_STS = Map.of(
            "AssumeRole", SESSION,
            "AssumeRoleWithWebIdentity", SESSION,
            "GetSessionToken", SESSION);

    private static final Map<String, ExpectedCommands> OF_ADMINISTRATION = new HashMap<>();
    private static final Map<String, ExpectedCommands> OF_KMS = new HashMap<>();
    private static final Set<String> DONE = new HashSet<>();

    static {
        for (var name : Set.of(
                "Encrypt",
                "Decrypt",
                "ReEncrypt",
                "GenerateDataKey",
                "GenerateDataKeyPair",
                "GenerateRandom",
                "Sign",
                "Verify",
                "GenerateMac",
                "VerifyMac",
                "DeriveSharedSecret",
                "Encapsulate",
                "Decapsulate",
                "CreateKey",
                "ReplicateKey",
                "UpdatePrimaryRegion",
                "CreateAlias",
                "UpdateAlias",
                "DeleteAlias",
                "CreateGrant",
                "RevokeGrant",
                "RetireGrant")) {
            one(name, name);
        }
        one("GenerateDataKeyWithoutPlaintext", "GenerateDataKey");
        one("GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyPair");
        one("GetParametersForImport", "MakeImportParameters");
        one("ImportKeyMaterial", "ImportMaterial");
        one("DeleteImportedKeyMaterial", "DeleteMaterial");
        change("EnableKey", "SetState ENABLED");
        change("DisableKey", "SetState DISABLED");
        change("UpdateKeyDescription", "SetDescription");
        change("PutKeyPolicy", "SetPolicy");
        change("ScheduleKeyDeletion", "ScheduleDeletion");
        change("CancelKeyDeletion", "CancelDeletion");
        change("TagResource", "SetTags");
        change("UntagResource", "SetTags");
        change("EnableKeyRotation", "SetRotation");
        change("RotateKeyOnDemand", "RotateOnDemand");
        // What cannot be rotated is not rotated: then there is nothing to change.
        OF_KMS.put("DisableKeyRotation", new ExpectedCommands(Set.of("ChangeKey StopRotation"), Times.ONE_OR_NONE));
        OF_KMS.values().forEach(expected -> DONE.addAll(expected.commands()));
        DONE.addAll(SESSION.commands());
        for (var action : AdminAction.values()) {
            if (!action.readOnly()) {
                OF_ADMINISTRATION.put(action.eventName(), of(action));
            }
        }
        OF_ADMINISTRATION.values().forEach(expected -> DONE.addAll(expected.commands()));
    }

    private static ExpectedCommands of(AdminAction action) {
        return switch (action.verb()) {
            case "create" ->
                new ExpectedCommands(
                        Set.of(action == AdminAction.ACCESS_KEY_CREATE ? "CreateAccessKey" : "CreateIdentity"),
                        Times.ONE);
            case "delete" -> new ExpectedCommands(Set.of("DeleteIdentity"), Times.ONE);
            case "rotate" -> new ExpectedCommands(Set.of("CreateAccessKey", "ReplaceIdentity"), Times.STEPS);
            // What is so already is not changed.
            default -> new ExpectedCommands(Set.of("ReplaceIdentity"), Times.ONE_OR_NONE);
        };
    }

    private static void one(String operation, String command) {
        OF_KMS.put(operation, new ExpectedCommands(Set.of(command), Times.ONE));
    }

    private static void change(String operation, String change) {
        one(operation, "ChangeKey " + change);
    }

    /**
     * What a request does; empty if it neither uses nor changes anything.
     *
     * @param source of the event, as the log has it
     */
    static Optional<ExpectedCommands> of(String source, String event) {
        return switch (source) {
            case KMS -> Optional.ofNullable(OF_KMS.get(event));
            case STS -> Optional.ofNullable(OF_STS.get(event));
            case ADMINISTRATION -> Optional.ofNullable(OF_ADMINISTRATION.get(event));
            default -> Optional.empty();
        };
    }

    /** Whether a command uses or changes something, as opposed to looking it up or rehearsing. */
    static boolean isDone(String command) {
        return DONE.contains(command);
    }
}
