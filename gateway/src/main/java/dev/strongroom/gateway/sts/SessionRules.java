package dev.strongroom.gateway.sts;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.gateway.authz.CallerPrincipal;
import dev.strongroom.gateway.authz.CallerPrincipal.Kind;
import dev.strongroom.gateway.authz.IdentityPolicy;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.SessionTerms;
import java.util.List;
import java.util.Optional;

/** Who may have temporary credentials, for how long, and what limits them (IAM user guide, "Compare AWS STS credentials"). */
public final class SessionRules {

    private static final int HOUR = 3_600;
    private static final int MIN_SECONDS = 900;
    private static final int USUAL_TOKEN_SECONDS = 43_200;
    private static final int MAX_TOKEN_SECONDS = 129_600;

    private SessionRules() {}

    /**
     * How long a session token is to last; of a root an hour at most, whatever it asks for.
     *
     * @throws StsException ValidationError, or AccessDenied for a caller who has temporary credentials already, or for a second
     *     factor, which nobody has here
     */
    public static int tokenSeconds(QueryForm form, CallerPrincipal caller) {
        var members = new Members(form);
        int seconds = members.seconds("DurationSeconds", MIN_SECONDS, MAX_TOKEN_SECONDS, USUAL_TOKEN_SECONDS);
        members.check();
        if (caller.session().isPresent()) {
            throw StsException.of(StsError.ACCESS_DENIED, "Cannot call GetSessionToken with session credentials");
        }
        requireNoSecondFactor(form);
        return caller.kind() == Kind.ROOT ? Math.min(seconds, HOUR) : seconds;
    }

    /** Nobody has a second factor here, so whatever code is given is a wrong one. */
    static void requireNoSecondFactor(QueryForm form) {
        if (form.find("TokenCode").isPresent() || form.find("SerialNumber").isPresent()) {
            throw StsException.of(
                    StsError.ACCESS_DENIED, "MultiFactorAuthentication failed with invalid MFA one time pass code. ");
        }
    }

    /**
     * Refuses who may not assume any role, or not for so long.
     *
     * @throws StsException AccessDenied for a root, ValidationError for a role that would assume another for too long
     */
    public static void requireAssumer(CallerPrincipal caller, RoleRequest request) {
        if (caller.kind() == Kind.ROOT) {
            throw StsException.of(StsError.ACCESS_DENIED, "Roles may not be assumed by root accounts.");
        }
        if (caller.kind() == Kind.ASSUMED_ROLE && request.seconds() > HOUR) {
            throw StsException.of(
                    StsError.VALIDATION_ERROR,
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        }
    }

    /**
     * What a session of {@code role} is bound by.
     *
     * @param provider who vouched for the caller, if one did
     * @throws StsException ValidationError, MalformedPolicyDocument, PackedPolicyTooLarge
     */
    public static SessionTerms terms(RoleRequest request, IdentityRecord.Principal role, Optional<String> provider) {
        int most = role.role().map(IdentityRecord.RoleTerms::maxSessionSeconds).orElse(HOUR);
        if (request.seconds() > most) {
            throw StsException.of(
                    StsError.VALIDATION_ERROR,
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }
        try {
            request.policy().ifPresent(text -> {
                var unused = IdentityPolicy.parse(text, IdentityPolicy.Use.SESSION);
            });
        } catch (KmsException e) {
            throw StsException.of(e);
        }
        return new SessionTerms(
                Optional.empty(),
                request.tags().values(),
                request.tags().transitive(),
                provider,
                request.sourceIdentity(),
                request.policy().map(List::of).orElse(List.of()),
                request.policyArns());
    }

    /** What a caller is told who asks for a role that is not there: the same as of one that it may not assume. */
    public static StsException noSuchRole(Caller caller, RoleRequest request) {
        return notAuthorized(caller, "sts:AssumeRole", request);
    }

    /** No reason is given: whichever it were, it would say something of a role that may be another account's. */
    static StsException notAuthorized(Caller caller, String action, RoleRequest request) {
        return StsException.of(
                StsError.ACCESS_DENIED,
                "User: " + caller.principalArn() + " is not authorized to perform: " + action + " on resource: "
                        + request.roleArn());
    }

    /** What the bearer of a web identity token is told who may not have the role, or asks for none that is there. */
    public static StsException notAuthorized() {
        return notAuthorized("sts:AssumeRoleWithWebIdentity");
    }

    /** The same about another permission that the token calls for. */
    static StsException notAuthorized(String action) {
        return StsException.of(StsError.ACCESS_DENIED, "Not authorized to perform " + action);
    }

    /** What the bearer of a token is told whose issuer the account does not know. */
    public static StsException noSuchProvider(IdentityName provider) {
        return StsException.of(
                StsError.INVALID_IDENTITY_TOKEN,
                "No OpenIDConnect provider found in your account for https://" + provider.name());
    }
}
