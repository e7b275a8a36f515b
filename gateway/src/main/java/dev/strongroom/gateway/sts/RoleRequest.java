package dev.strongroom.gateway.sts;

import dev.strongroom.gateway.authz.CallerPrincipal;
import dev.strongroom.gateway.authz.CallerSession;
import dev.strongroom.gateway.sts.Members.Text;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
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
 * @param sourceIdentity who is at work, whatever roles it passes through
 * @param tags of the session
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
        SessionTags tags) {

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
    }

    /**
     * Reads a form.
     *
     * @throws StsException ValidationError, MalformedInput, InvalidParameterValue
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
                isWeb ? SessionTags.NONE : tags(members));
        members.check();
        SessionRules.requireNoSecondFactor(form);
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

    /**
     * The same of a caller whose session hands something down: its transitive tags, and its source identity, which stays the
     * same whatever roles are assumed one after the other.
     *
     * @throws StsException InvalidParameterValue, AccessDenied if it asks for something else in their place
     */
    public RoleRequest by(CallerPrincipal caller) {
        return caller.session()
                .map(before -> saying(tags.after(before), sourceIdentity(before)))
                .orElse(this);
    }

    private Optional<String> sourceIdentity(CallerSession before) {
        var first = before.sourceIdentity();
        if (first.isPresent() && sourceIdentity.isPresent() && !first.equals(sourceIdentity)) {
            throw StsException.of(
                    StsError.ACCESS_DENIED,
                    "The SourceIdentity of a session cannot be changed by assuming another role.");
        }
        return first.or(() -> sourceIdentity);
    }

    /** The same with what the token says about its bearer. */
    public RoleRequest by(WebIdentity identity) {
        return saying(identity.tags(), identity.sourceIdentity());
    }

    private RoleRequest saying(SessionTags allTags, Optional<String> source) {
        return new RoleRequest(
                roleArn, sessionName, seconds, webIdentityToken, externalId, source, policy, policyArns, allTags);
    }

    private static SessionTags tags(Members members) {
        var tags = members.list("Tags", MAX_TAGS).stream()
                .map(tag -> Map.entry(tag.required("Key", TAG_KEY), tag.required("Value", TAG_VALUE)))
                .toList();
        var transitive = members.texts("TransitiveTagKeys", MAX_TAGS, TAG_KEY);
        members.check();
        var draft = new SessionTags.Draft();
        tags.forEach(tag -> draft.put(tag.getKey(), tag.getValue()));
        return draft.finish(transitive);
    }
}
