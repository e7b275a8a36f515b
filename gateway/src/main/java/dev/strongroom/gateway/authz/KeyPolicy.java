package dev.strongroom.gateway.authz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;

/** The policy document of a KMS key (developer guide, "Key policies in AWS KMS"). */
public final class KeyPolicy {

    /** Quota of the service; the member itself may be longer. */
    static final int MAX_BYTES = 32_768;

    private static final String PUT_KEY_POLICY = "kms:putkeypolicy";

    private KeyPolicy() {}

    /** What a key gets when its maker gives none: the account, and whomever its identity policies allow. */
    public static String defaultText(String accountId) {
        return """
                {
                  "Version" : "2012-10-17",
                  "Id" : "key-default-1",
                  "Statement" : [ {
                    "Sid" : "Enable IAM User Permissions",
                    "Effect" : "Allow",
                    "Principal" : {
                      "AWS" : "arn:aws:iam::%s:root"
                    },
                    "Action" : "kms:*",
                    "Resource" : "*"
                  } ]
                }""".formatted(accountId);
    }

    /**
     * Reads a policy that somebody wants to put. Whether the principals exist is not asked: there is no record of them
     * here.
     *
     * @throws KmsException LimitExceeded (words not confirmed) beyond 32,768 bytes of UTF-8; MalformedPolicyDocument or
     *     InvalidArn if it is no policy
     */
    public static PolicyDocument parse(String text) {
        if (text.getBytes(UTF_8).length > MAX_BYTES) {
            throw KmsException.of(
                    KmsError.LIMIT_EXCEEDED, "The key policy is longer than the quota of " + MAX_BYTES + " bytes.");
        }
        return KeyPolicyParser.parse(text);
    }

    /**
     * The lockout safety check: who puts a policy must still be able to put the next one.
     *
     * @throws KmsException MalformedPolicyDocument if only conditions, or nobody, would let {@code caller}
     */
    public static void requireUpdatable(PolicyDocument policy, Caller caller, String keyArn) {
        if (!policy.allowsUnconditionally(caller, PUT_KEY_POLICY, keyArn)) {
            throw KmsException.of(
                    KmsError.MALFORMED_POLICY_DOCUMENT,
                    "The new key policy will not allow you to update the key policy in the future.");
        }
    }
}
