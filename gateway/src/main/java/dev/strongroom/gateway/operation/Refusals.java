package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Optional;

/**
 * What callers are told when the HSM refuses: one row a refusal. An operation that has words of its own for some refusal
 * brings them with its {@link Plan}.
 */
public final class Refusals {

    private Refusals() {}

    /**
     * The error for a refusal.
     *
     * @param operation decides which of the errors for "not now" its callers know
     * @param keys those that the command named
     */
    public static KmsException of(Refused refused, Operation operation, List<Reply.FoundKey> keys) {
        return switch (refused.refusal()) {
            case ALREADY_EXISTS -> KmsException.of(KmsError.ALREADY_EXISTS, "The resource already exists.");
            case LIMIT_EXCEEDED ->
                KmsException.of(
                        KmsError.LIMIT_EXCEEDED, "The quota is used up, current usage is " + refused.detail() + ".");
            case KEY_DISABLED -> KmsException.of(KmsError.DISABLED, arn(refused, keys) + " is disabled.");
            case KEY_PENDING_DELETION -> invalidState(refused, keys, "pending deletion");
            case KEY_PENDING_IMPORT -> invalidState(refused, keys, "pending import");
            case KEY_UNAVAILABLE -> invalidState(refused, keys, "unavailable");
            case INVALID_FOR_KEY ->
                KmsException.of(
                        operation.declaredErrors().contains(KmsError.INVALID_KEY_USAGE)
                                ? KmsError.INVALID_KEY_USAGE
                                : KmsError.KMS_INVALID_STATE,
                        arn(refused, keys) + " is not valid for " + operation.wireName() + ".");
            case CONFLICT ->
                KmsException.of(
                        KmsError.CONFLICT,
                        arn(refused, keys) + " is about to be rotated automatically. Try again when that is done.");
            case INVALID_CIPHERTEXT -> KmsException.of(KmsError.INVALID_CIPHERTEXT);
            case INVALID_SIGNATURE -> KmsException.of(KmsError.KMS_INVALID_SIGNATURE);
            case INVALID_MAC -> KmsException.of(KmsError.KMS_INVALID_MAC);
            case INVALID_PUBLIC_KEY -> KmsException.of(KmsError.VALIDATION, "");
            case INVALID_ATTESTATION -> EnclaveRecipient.invalid();
            case PLAINTEXT_TOO_LONG ->
                KmsException.of(KmsError.VALIDATION, "The plaintext is longer than the algorithm can encrypt.");
            case INCORRECT_KEY ->
                KmsException.of(
                        KmsError.INCORRECT_KEY,
                        "The key ID in the request does not identify a CMK that can perform this operation.");
            case INVALID_IMPORT_TOKEN,
                    EXPIRED_IMPORT_TOKEN,
                    INVALID_WRAPPED_SIZE,
                    INVALID_EXPIRY,
                    INCORRECT_KEY_MATERIAL,
                    ROTATION_PENDING -> ofImport(refused);
            case THROTTLED ->
                KmsException.of(
                        KmsError.THROTTLING,
                        "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.");
            case NOT_OPERATIONAL, NO_QUORUM, DEADLINE_EXCEEDED, UNREACHABLE, LOGIN_REQUIRED, STALE, NOT_FOUND ->
                notNow(operation);
            // Of sessions: said where signatures are checked, and never here.
            case NOT_PERMITTED, LOGIN_FAILED, MALFORMED, INTERNAL, INVALID_SESSION, EXPIRED_SESSION ->
                KmsException.of(KmsError.KMS_INTERNAL);
        };
    }

    /** Of an import; texts without a recorded source are our own. */
    private static KmsException ofImport(Refused refused) {
        return switch (refused.refusal()) {
            case INVALID_IMPORT_TOKEN ->
                KmsException.of(KmsError.INVALID_IMPORT_TOKEN, "The import token is not valid for this KMS key.");
            case EXPIRED_IMPORT_TOKEN ->
                KmsException.of(
                        KmsError.EXPIRED_IMPORT_TOKEN,
                        "The import token has expired. Get new parameters for the import.");
            case INVALID_WRAPPED_SIZE -> KmsException.of(KmsError.VALIDATION, "Invalid encrypted key size.");
            case INVALID_EXPIRY ->
                KmsException.of(
                        KmsError.VALIDATION,
                        refused.detail().equals("PAST")
                                ? "ValidTo must be in the future"
                                : "ValidTo must be within 365 days");
            case INCORRECT_KEY_MATERIAL ->
                KmsException.of(
                        KmsError.INCORRECT_KEY_MATERIAL,
                        "The key material in the request is not what this KMS key expects.");
            case ROTATION_PENDING ->
                KmsException.of(KmsError.KMS_INVALID_STATE, "Another key material is pending rotation.");
            default -> throw new IllegalStateException(refused.refusal() + " is not about an import");
        };
    }

    /**
     * Whether a refusal means that something is wrong with us rather than with the request or the moment, and somebody
     * should hear of it.
     */
    public static boolean isFault(Refused refused) {
        return switch (refused.refusal()) {
            case NOT_PERMITTED, LOGIN_FAILED, MALFORMED, INTERNAL -> true;
            default -> false;
        };
    }

    /** An error that SDKs try again after, of those that this operation declares. */
    private static KmsException notNow(Operation operation) {
        var declared = operation.declaredErrors();
        if (declared.contains(KmsError.KEY_UNAVAILABLE)) {
            return KmsException.of(KmsError.KEY_UNAVAILABLE, "The key is not available at the moment. Try again.");
        }
        if (declared.contains(KmsError.DEPENDENCY_TIMEOUT)) {
            return KmsException.of(KmsError.DEPENDENCY_TIMEOUT, "The HSM did not answer in time. Try again.");
        }
        return KmsException.of(KmsError.KMS_INTERNAL, "The HSM did not answer in time. Try again.");
    }

    private static KmsException invalidState(Refused refused, List<Reply.FoundKey> keys, String state) {
        return KmsException.of(KmsError.KMS_INVALID_STATE, arn(refused, keys) + " is " + state + ".");
    }

    /** The key that the refusal speaks of; if it does not say so, the first of the command. */
    private static String arn(Refused refused, List<Reply.FoundKey> keys) {
        Optional<KeyRecord> first =
                keys.isEmpty() ? Optional.empty() : Optional.of(keys.get(0).key());
        return refused.fresh().or(() -> first).map(KeyChecks::arn).orElse("The key");
    }
}
