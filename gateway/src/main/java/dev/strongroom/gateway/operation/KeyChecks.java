package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeyRef;
import dev.strongroom.api.KeySpecs;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of a key before it is used or changed, with AWS's words (developer guide, "Key states of KMS keys"). */
final class KeyChecks {

    private KeyChecks() {}

    static String arn(KeyRecord key) {
        return arn(key.name());
    }

    static String arn(KeyName name) {
        return KeyRef.keyArn(name.scope().region(), name.scope().accountId(), name.keyId());
    }

    static void requireUsage(KeyRecord key, KeyUsage usage, String operation) {
        if (key.attributes().usage() != usage) {
            throw KmsException.of(
                    KmsError.INVALID_KEY_USAGE,
                    arn(key) + " key usage is " + key.attributes().usage() + " which is not valid for " + operation
                            + ".");
        }
    }

    /** For the use of a key in cryptography. */
    static void requireUsable(KeyRecord key) {
        switch (key.lifecycle().state()) {
            case ENABLED, UPDATING -> {}
            case DISABLED -> throw KmsException.of(KmsError.DISABLED, arn(key) + " is disabled.");
            case PENDING_DELETION, PENDING_REPLICA_DELETION, PENDING_IMPORT, CREATING, UNAVAILABLE ->
                throw invalidState(key);
        }
    }

    /** For changes that a key in one of {@code states} does not take. */
    static void requireNot(KeyRecord key, KeyState... states) {
        if (List.of(states).contains(key.lifecycle().state())) {
            throw invalidState(key);
        }
    }

    static void requireNotPendingDeletion(KeyRecord key) {
        requireNot(key, KeyState.PENDING_DELETION, KeyState.PENDING_REPLICA_DELETION);
    }

    /** What every use of a key in cryptography asks, in the order measured on the service: usage, state, algorithm. */
    static void requireUse(KeyRecord key, KeyUsage usage, String algorithm, String operation) {
        requireUsage(key, usage, operation);
        requireUsable(key);
        requireAlgorithm(key, algorithm);
    }

    static boolean isPendingDeletion(KeyRecord key) {
        var state = key.lifecycle().state();
        return state == KeyState.PENDING_DELETION || state == KeyState.PENDING_REPLICA_DELETION;
    }

    static KmsException invalidOrigin(KeyRecord key) {
        return KmsException.of(
                KmsError.UNSUPPORTED_OPERATION,
                arn(key) + " origin is " + key.attributes().origin() + " which is not valid for this operation.");
    }

    private static void requireAlgorithm(KeyRecord key, String algorithm) {
        var attributes = key.attributes();
        if (!KeySpecs.algorithms(attributes.spec().name(), attributes.usage().name())
                .contains(algorithm)) {
            throw KmsException.of(
                    KmsError.INVALID_KEY_USAGE,
                    "Algorithm " + algorithm + " is incompatible with key spec " + attributes.spec() + ".");
        }
    }

    /** Raw RSA and SM2 ciphertexts have no place for a context. */
    static void requireNoContextUnlessSymmetric(KeyRecord key, Map<String, String> encryptionContext) {
        if (key.attributes().spec() != KeySpec.SYMMETRIC_DEFAULT && !encryptionContext.isEmpty()) {
            throw KmsException.of(
                    KmsError.VALIDATION,
                    "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.");
        }
    }

    static void requireFits(KeyRecord key, String algorithm, int plaintextBytes) {
        var spec = key.attributes().spec().name();
        int longest = KeySpecs.maxPlaintextBytes(spec, algorithm).orElseThrow();
        if (plaintextBytes > longest) {
            throw tooLong(key, algorithm);
        }
    }

    static KmsException tooLong(KeyRecord key, String algorithm) {
        var spec = key.attributes().spec().name();
        return KmsException.of(
                KmsError.VALIDATION,
                "Algorithm " + algorithm + " and key spec " + spec + " cannot encrypt data larger than "
                        + KeySpecs.maxPlaintextBytes(spec, algorithm).orElseThrow() + " bytes.");
    }

    static KmsException invalidState(KeyRecord key) {
        var state = key.lifecycle().state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return KmsException.of(KmsError.KMS_INVALID_STATE, arn(key) + " is " + state + ".");
    }

    /** For members whose meaning is not built. */
    static void requireAbsent(@Nullable Object member) {
        if (member != null) {
            throw KmsException.of(KmsError.UNSUPPORTED_OPERATION);
        }
    }
}
