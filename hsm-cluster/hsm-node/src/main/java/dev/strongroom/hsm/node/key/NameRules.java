package dev.strongroom.hsm.node.key;

import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Scope;
import java.util.regex.Pattern;

/** The form of names. What breaks it is refused as malformed. */
public final class NameRules {

    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern REGION = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+){0,4}");
    private static final int MAX_REGION = 32;
    private static final String HEX = "[0-9a-f]";
    private static final Pattern KEY_ID = Pattern.compile(
            HEX + "{8}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{12}|mrk-" + HEX + "{32}");
    private static final Pattern ALIAS = Pattern.compile("alias/(?!aws/)[a-zA-Z0-9/_-]{1,250}");
    private static final Pattern ACCESS_KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final int MAX_ARN = 2_048;

    private NameRules() {}

    public static void requireScope(Scope scope) {
        requireAccount(scope.accountId());
        requireRegion(scope.region());
    }

    public static void requireAccount(String accountId) {
        require(ACCOUNT.matcher(accountId).matches(), "an account id has 12 digits");
    }

    public static void requireRegion(String region) {
        require(region.length() <= MAX_REGION && REGION.matcher(region).matches(), "this is not the name of a Region");
    }

    /** The id of a multi-Region key begins with {@code mrk-}, that of no other key does. */
    public static void requireKeyId(String keyId, boolean multiRegion) {
        require(
                KEY_ID.matcher(keyId).matches() && keyId.startsWith("mrk-") == multiRegion,
                "a key id is a UUID in lower case, or mrk- and 32 digits for a multi-Region key");
    }

    /** With its prefix; names that begin with {@code alias/aws/} are reserved. */
    public static void requireAlias(String name) {
        require(ALIAS.matcher(name).matches(), "this is not the name of an alias that callers may make");
    }

    public static void requireAccessKeyId(String accessKeyId) {
        require(
                ACCESS_KEY_ID.matcher(accessKeyId).matches(),
                "an access key id has 1 to 128 letters, digits, dashes and underscores");
    }

    /** An ARN of IAM or STS in the account. */
    public static void requirePrincipal(String arn, String accountId) {
        var parts = arn.split(":", 6);
        require(
                arn.length() <= MAX_ARN
                        && parts.length == 6
                        && parts[0].equals("arn")
                        && (parts[2].equals("iam") || parts[2].equals("sts"))
                        && parts[3].isEmpty()
                        && parts[4].equals(accountId)
                        && !parts[5].isEmpty(),
                "the principal is not an IAM or STS ARN of the account");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Refused(Refusal.MALFORMED, otherwise);
        }
    }
}
