package dev.strongroom.conformance.fault;

import java.util.Set;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** What takes the use of a key away, and how a use is refused from then on. */
enum Restriction {
    DISABLED("DisabledException") {
        @Override
        void impose(KmsClient kms, String keyId) {
            var unused = kms.disableKey(request -> request.keyId(keyId));
        }
    },
    TO_BE_DELETED("KMSInvalidStateException") {
        @Override
        void impose(KmsClient kms, String keyId) {
            var unused = kms.scheduleKeyDeletion(request -> request.keyId(keyId).pendingWindowInDays(7));
        }
    },
    DENIED("AccessDeniedException") {
        @Override
        void impose(KmsClient kms, String keyId) {
            var unused = kms.putKeyPolicy(request -> request.keyId(keyId).policy(NOBODY_ENCRYPTS));
        }
    };

    private static final String NOBODY_ENCRYPTS = """
            {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"},
                {"Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*"}]}
            """;

    // Made by Set.of.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> refusals;

    Restriction(String... refusals) {
        this.refusals = Set.of(refusals);
    }

    /** Asks for it; throws what the client throws if it is not acknowledged. */
    abstract void impose(KmsClient kms, String keyId);

    boolean refuses(KmsException answer) {
        return answer.awsErrorDetails() != null
                && refusals.contains(answer.awsErrorDetails().errorCode());
    }
}
