package dev.strongroom.gateway.admin;

import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityKind;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names and paths of what is to be made (IAM user guide, "IAM and AWS STS quotas"). The HSM sees them in an ARN only, where
 * it cannot tell which of the two is wrong.
 */
final class Names {

    private static final Pattern PATH = Pattern.compile("/|/[!-~]{1,510}/");
    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,64}");
    private static final Pattern POLICY_NAME = Pattern.compile("[\\w+=,.@-]{1,128}");

    private Names() {}

    /**
     * The ARN of the user, role or policy that a request names.
     *
     * @throws AdminRefusal ValidationError
     */
    static String arn(IdentityKind kind, AdminRequest request) {
        var name = request.text(AdminParameter.NAME);
        var path = request.optional(AdminParameter.PATH).orElse("/");
        boolean isPolicy = kind == IdentityKind.POLICY;
        if (!(isPolicy ? POLICY_NAME : NAME).matcher(name).matches()) {
            throw AdminRefusal.invalid(
                    "'" + name + "' is no name of a " + kind.name().toLowerCase(Locale.ROOT) + ": it has 1 to "
                            + (isPolicy ? 128 : 64) + " letters, digits and characters of _+=,.@-");
        }
        if (!PATH.matcher(path).matches()) {
            throw AdminRefusal.invalid(
                    "'" + path + "' is no path: it begins and ends with a slash, such as /apps/, and has"
                            + " up to 512 characters without spaces.");
        }
        return IdentityArn.of(kind, request.account(), path, name);
    }
}
