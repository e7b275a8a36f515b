package dev.strongroom.gateway.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The {@code userIdentity} of a record (CloudTrail user guide, "CloudTrail userIdentity element").
 *
 * @param type {@code Root}, {@code IAMUser}, {@code AssumedRole}, {@code FederatedUser} or {@code WebIdentityUser}
 * @param principalId the unique id of the principal
 * @param userName of a user
 * @param issuer whose permissions a session has
 * @param session present if the credentials are temporary
 */
public record UserIdentity(
        String type,
        String principalId,
        Account account,
        Optional<String> userName,
        Optional<Issuer> issuer,
        Optional<Session> session) {

    private static final String ROLE_SESSION = "assumed-role/";
    private static final String FEDERATED = "federated-user/";
    private static final String USER = "user/";
    private static final String WEB_IDENTITY = "WebIdentityUser";

    /**
     * Whose it is.
     *
     * @param arn of the principal
     * @param id twelve digits
     * @param accessKeyId what the request was signed with
     */
    public record Account(String arn, String id, String accessKeyId) {}

    /**
     * The role behind a session.
     *
     * @param arn of the role
     */
    public record Issuer(String principalId, String arn, String userName) {}

    /**
     * Temporary credentials.
     *
     * @param since when they were made
     * @param multiFactor whether the caller proved a second factor then
     * @param sourceIdentity who is behind it, as was said when a role was assumed first
     */
    public record Session(Instant since, boolean multiFactor, Optional<String> sourceIdentity) {}

    /**
     * What the ARN of a principal says about it.
     *
     * @param principalId the unique id where one is known
     */
    public static UserIdentity of(Account account, Optional<String> principalId) {
        var arn = account.arn();
        // arn:partition:service:region:account:resource
        var resource = arn.substring(arn.lastIndexOf(':') + 1);
        if (resource.startsWith(USER)) {
            var name = lastPart(resource);
            return new UserIdentity(
                    "IAMUser",
                    principalId.orElse(name),
                    account,
                    Optional.of(name),
                    Optional.empty(),
                    Optional.empty());
        }
        if (resource.startsWith(ROLE_SESSION)) {
            return session(account, principalId, resource);
        }
        if (resource.startsWith(FEDERATED)) {
            return new UserIdentity(
                    "FederatedUser",
                    principalId.orElseGet(() -> account.id() + ":" + lastPart(resource)),
                    account,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
        return new UserIdentity("Root", account.id(), account, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The same with what only records say of a session.
     *
     * @param role the ARN of the role behind it, path included; empty if there is none
     */
    public UserIdentity in(Session begun, Optional<String> role) {
        return new UserIdentity(
                type,
                principalId,
                account,
                userName,
                issuer.map(plain -> new Issuer(plain.principalId(), role.orElse(plain.arn()), plain.userName())),
                Optional.of(begun));
    }

    /**
     * Somebody for whom an identity provider vouches (CloudTrail user guide, "WebIdentityUser").
     *
     * @param accountId where the provider is registered
     */
    public static UserIdentity ofWebIdentity(String accountId, String providerArn, String audience, String subject) {
        return new UserIdentity(
                WEB_IDENTITY,
                providerArn + ":" + audience + ":" + subject,
                new Account(providerArn, accountId, ""),
                Optional.of(subject),
                Optional.empty(),
                Optional.empty());
    }

    /** {@code assumed-role/role/session}; the path of the role is not part of it. */
    private static UserIdentity session(Account account, Optional<String> principalId, String resource) {
        var names = resource.substring(ROLE_SESSION.length());
        int slash = names.indexOf('/');
        var role = slash < 0 ? names : names.substring(0, slash);
        var id = principalId.orElse(names.replace('/', ':'));
        int colon = id.indexOf(':');
        var issuer = new Issuer(
                colon < 0 ? id : id.substring(0, colon), "arn:aws:iam::" + account.id() + ":role/" + role, role);
        return new UserIdentity("AssumedRole", id, account, Optional.empty(), Optional.of(issuer), Optional.empty());
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    void writeTo(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", type);
        out.writeStringField("principalId", principalId);
        if (type.equals(WEB_IDENTITY)) {
            out.writeStringField("identityProvider", account.arn());
        } else {
            out.writeStringField("arn", account.arn());
            out.writeStringField("accountId", account.id());
            out.writeStringField("accessKeyId", account.accessKeyId());
        }
        if (userName.isPresent()) {
            out.writeStringField("userName", userName.get());
        }
        if (issuer.isPresent() || session.isPresent()) {
            out.writeObjectFieldStart("sessionContext");
            if (issuer.isPresent()) {
                writeIssuer(out, issuer.get());
            }
            if (session.isPresent()) {
                writeSession(out, session.get());
            }
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void writeSession(JsonGenerator out, Session session) throws IOException {
        out.writeObjectFieldStart("attributes");
        out.writeStringField(
                "creationDate", session.since().truncatedTo(ChronoUnit.SECONDS).toString());
        // Text, as CloudTrail has it.
        out.writeStringField("mfaAuthenticated", Boolean.toString(session.multiFactor()));
        out.writeEndObject();
        if (session.sourceIdentity().isPresent()) {
            out.writeStringField("sourceIdentity", session.sourceIdentity().get());
        }
    }

    private void writeIssuer(JsonGenerator out, Issuer role) throws IOException {
        out.writeObjectFieldStart("sessionIssuer");
        out.writeStringField("type", "Role");
        out.writeStringField("principalId", role.principalId());
        out.writeStringField("arn", role.arn());
        out.writeStringField("accountId", account.id());
        out.writeStringField("userName", role.userName());
        out.writeEndObject();
    }
}
