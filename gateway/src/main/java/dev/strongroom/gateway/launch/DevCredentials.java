package dev.strongroom.gateway.launch;

import java.util.regex.Pattern;

/**
 * Root credentials of an account, for development.
 *
 * @param accountId twelve digits
 */
record DevCredentials(String accessKeyId, String secretKey, String accountId) {

    private static final Pattern FORM =
            Pattern.compile("(?<key>[\\w-]{1,128}):(?<secret>.{1,128})@(?<account>\\d{12})");

    static DevCredentials parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new UsageException(
                    "--credentials: write them as ACCESSKEY:SECRET@ACCOUNT, the account in twelve digits");
        }
        return new DevCredentials(matcher.group("key"), matcher.group("secret"), matcher.group("account"));
    }

    String rootArn() {
        return "arn:aws:iam::" + accountId + ":root";
    }

    @Override
    public String toString() {
        return "DevCredentials[" + accessKeyId + " of " + accountId + "]";
    }
}
