package dev.strongroom.gateway.authz;

/** The policy document of a KMS key (developer guide, "Key policies in AWS KMS"). */
public final class KeyPolicy {

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
}
