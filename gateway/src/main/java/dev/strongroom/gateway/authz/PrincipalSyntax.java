package dev.strongroom.gateway.authz;

import dev.strongroom.api.KeyRef;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.Principal.Kind;
import java.util.regex.Pattern;

/**
 * The grammar of principals (IAM user guide, "AWS JSON policy elements: Principal"). A name may have the right form and
 * still belong to nobody.
 *
 * <p>The expressions repeat single characters only, so they neither backtrack nor recurse on hostile names.
 */
final class PrincipalSyntax {

    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern IAM_IDENTITY = Pattern.compile("(?:user|role)/[\\w+=,.@/-]*[\\w+=,.@-]");
    private static final Pattern STS_IDENTITY =
            Pattern.compile("(?:assumed-role/[\\w+=,.@-]+/[\\w+=,.@-]+|federated-user/[\\w+=,.@-]+)");
    private static final Pattern PROVIDER = Pattern.compile("(?:saml|oidc)-provider/[\\w+=,.@:/-]+");
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9-]+\\.[A-Za-z0-9.-]*[A-Za-z0-9-]");

    private PrincipalSyntax() {}

    /** A principal of kind {@code AWS}: account id or ARN, or {@code *}. */
    static Principal aws(String text) {
        if (text.equals("*")) {
            return Principal.ANYONE;
        } else if (ACCOUNT.matcher(text).matches()) {
            return new Principal(Kind.ACCOUNT, text);
        }
        var arn = parseArn(text);
        if (arn.service.equals("iam") && arn.resource.equals("root")) {
            return new Principal(Kind.ACCOUNT, arn.account);
        }
        var identity = arn.service.equals("iam") ? IAM_IDENTITY : STS_IDENTITY;
        if (arn.service.equals("iam") || arn.service.equals("sts")) {
            require(identity.matcher(arn.resource).matches());
            return new Principal(Kind.IDENTITY, text);
        }
        throw invalid();
    }

    /** Who a grant is for: not anyone, and an account by its ARN only. */
    static Principal grantee(String text) {
        if (!text.startsWith("arn:")) {
            throw unknownGrantee(text);
        }
        try {
            return aws(text);
        } catch (KmsException inPolicies) {
            throw unknownGrantee(text);
        }
    }

    static KmsException unknownGrantee(String text) {
        return KmsException.of(KmsError.INVALID_ARN, "ARN does not refer to a valid principal: " + text);
    }

    static Principal service(String text) {
        require(DOMAIN.matcher(text).matches());
        return new Principal(Kind.SERVICE, text);
    }

    /** An identity provider: its ARN, or the domain of one that is known to all. */
    static Principal federated(String text) {
        if (!DOMAIN.matcher(text).matches()) {
            var arn = parseArn(text);
            require(arn.service.equals("iam") && PROVIDER.matcher(arn.resource).matches());
        }
        return new Principal(Kind.FEDERATED, text);
    }

    static KmsException invalid() {
        return KmsException.of(
                KmsError.MALFORMED_POLICY_DOCUMENT, "Policy contains a statement with one or more invalid principals.");
    }

    static KmsException invalidArn() {
        return KmsException.of(KmsError.INVALID_ARN, "An ARN in the specified key policy is invalid.");
    }

    private record PrincipalArn(String service, String account, String resource) {}

    /** No ARN at all is an invalid principal; a broken one, or one of another partition, is an invalid ARN. */
    private static PrincipalArn parseArn(String text) {
        require(text.startsWith("arn:"));
        var parts = text.split(":", 6);
        if (parts.length != 6 || !parts[1].equals(KeyRef.PARTITION)) {
            throw invalidArn();
        }
        // Identities belong to no Region.
        require(parts[3].isEmpty() && ACCOUNT.matcher(parts[4]).matches());
        return new PrincipalArn(parts[2], parts[4], parts[5]);
    }

    private static void require(boolean valid) {
        if (!valid) {
            throw invalid();
        }
    }
}
