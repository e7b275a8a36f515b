package dev.strongroom.gateway.authz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import java.util.function.Predicate;

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
     * Reads a policy that somebody wants to put, in an account where nobody asks whether principals exist.
     *
     * @throws KmsException as {@link #parse(String, Predicate)}
     */
    public static PolicyDocument parse(String text) {
        return parse(text, principal -> true);
    }

    /**
     * Reads a policy that somebody wants to put.
     *
     * @param exists whether there is such an account, user, role or session; asked for those alone
     * @throws KmsException LimitExceeded (words not confirmed) beyond 32,768 bytes of UTF-8; MalformedPolicyDocument or
     *     InvalidArn if it is no policy, MalformedPolicyDocument if a principal does not exist
     */
    public static PolicyDocument parse(String text, Predicate<Principal> exists) {
        if (text.getBytes(UTF_8).length > MAX_BYTES) {
            throw KmsException.of(
                    KmsError.LIMIT_EXCEEDED, "The key policy is longer than the quota of " + MAX_BYTES + " bytes.");
        }
        var policy = PolicyParser.parse(text, PolicyParser.Grammar.KEY);
        if (!policy.principals().allMatch(exists)) {
            throw PrincipalSyntax.invalid();
        }
        return policy;
    }

    /**
     * The lockout safety check: who puts a policy must still be able to put the next one. Conditional permissions are not
     * counted on, and conditional denials are not feared.
     *
     * @throws KmsException MalformedPolicyDocument if only conditions, or nobody, would let {@code caller}
     */
    public static void requireUpdatable(PolicyDocument policy, Caller caller, String keyArn) {
        var effort = Effort.forOneDecision();
        try {
            if (CompiledPolicy.of(policy).allowsToAlways(caller.principal(), PUT_KEY_POLICY, keyArn, effort)) {
                return;
            }
        } catch (Effort.Exhausted e) {
            // A policy that costs too much to look at allows nothing.
        }
        throw KmsException.of(
                KmsError.MALFORMED_POLICY_DOCUMENT,
                "The new key policy will not allow you to update the key policy in the future.");
    }
}
