package dev.strongroom.gateway.sts;

import dev.strongroom.gateway.sts.Members.Text;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What AssumeRole and AssumeRoleWithWebIdentity ask for (STS API reference).
 *
 * @param roleArn {@code arn:aws:iam::A:role/path/name}
 * @param sessionName the last part of the session's ARN
 * @param seconds how long the session is to last, 900 to 43,200
 * @param webIdentityToken a JSON web token; empty for AssumeRole
 * @param externalId what only the one for whom the role is assumed knows
 * @param policy the most that the session can do; JSON
 * @param policyArns managed policies for the same purpose
 * @param tags session tags
 */
public record RoleRequest(
        String roleArn,
        String sessionName,
        int seconds,
        String webIdentityToken,
        Optional<String> externalId,
        Optional<String> sourceIdentity,
        Optional<String> policy,
        List<String> policyArns,
        Map<String, String> tags) {

    private static final int HOUR = 3_600;
    private static final int MIN_SECONDS = 900;
    private static final int MAX_SECONDS = 43_200;
    private static final int MAX_POLICIES = 10;
    private static final int MAX_TAGS = 50;
    private static final Text ARN = Text.of(20, 2_048);
    private static final Text NAME = Text.of(2, 64, "[\\w+=,.@-]*");
    private static final Text EXTERNAL_ID = Text.of(2, 1_224, "[\\w+=,.@:\\/-]*");
    private static final Text POLICY = Text.of(1, 32_768);
    private static final Text TAG_KEY = Text.of(1, 128, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+");
    private static final Text TAG_VALUE = Text.of(0, 256, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");
    private static final Text TOKEN = Text.of(4, 20_000);

    public RoleRequest {
        policyArns = List.copyOf(policyArns);
        tags = Map.copyOf(tags);
    }

    /**
     * Reads a form.
     *
     * @throws StsException ValidationError, MalformedInput
     */
    public static RoleRequest of(StsAction action, QueryForm form) {
        boolean isWeb = action == StsAction.ASSUME_ROLE_WITH_WEB_IDENTITY;
        var members = new Members(form);
        var terms = new RoleRequest(
                members.required("RoleArn", ARN),
                members.required("RoleSessionName", NAME),
                members.seconds("DurationSeconds", MIN_SECONDS, MAX_SECONDS, HOUR),
                isWeb ? members.required("WebIdentityToken", TOKEN) : "",
                isWeb ? Optional.empty() : members.optional("ExternalId", EXTERNAL_ID),
                isWeb ? Optional.empty() : members.optional("SourceIdentity", NAME),
                members.optional("Policy", POLICY),
                members.list("PolicyArns", MAX_POLICIES).stream()
                        .map(element -> element.required("arn", ARN))
                        .toList(),
                isWeb ? Map.of() : tags(members));
        members.check();
        SessionRules.requireNoSecondFactor(form);
        if (!form.list("TransitiveTagKeys").isEmpty()) {
            // Taken and not kept they would promise a limit that is none.
            throw StsException.of(StsError.VALIDATION_ERROR, "TransitiveTagKeys are not supported.");
        }
        return terms;
    }

    /** Without the token, which whoever has it can use. */
    @Override
    public String toString() {
        return "RoleRequest[" + roleArn + ", " + sessionName + "]";
    }

    /**
     * The role's name.
     *
     * @throws StsException ValidationError if its ARN is none of a role
     */
    public IdentityName role() {
        return IdentityArn.parse(roleArn)
                .filter(name -> name.kind() == IdentityKind.ROLE)
                .orElseThrow(() -> StsException.of(StsError.VALIDATION_ERROR, roleArn + " is invalid"));
    }

    /**
     * The provider that the token claims to be of, in the role's account.
     *
     * @throws StsException InvalidIdentityToken if it is no token; ValidationError as for {@link #role}
     */
    public IdentityName provider() {
        var issuer = WebIdentity.claimedIssuer(webIdentityToken);
        var name = issuer.startsWith(WebIdentity.HTTPS) ? issuer.substring(WebIdentity.HTTPS.length()) : issuer;
        return new IdentityName(IdentityKind.OIDC_PROVIDER, role().accountId(), name);
    }

    private static Map<String, String> tags(Members members) {
        var tags = new LinkedHashMap<String, String>();
        for (var element : members.list("Tags", MAX_TAGS)) {
            var key = element.required("Key", TAG_KEY);
            if (tags.keySet().stream().anyMatch(key::equalsIgnoreCase)) {
                throw StsException.of(
                        StsError.VALIDATION_ERROR,
                        "Duplicate tag keys found. Please note that Tag keys are case" + " insensitive.");
            }
            tags.put(key, element.required("Value", TAG_VALUE));
        }
        return tags;
    }
}
