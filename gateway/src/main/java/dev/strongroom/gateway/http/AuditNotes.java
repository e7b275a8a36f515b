package dev.strongroom.gateway.http;

import dev.strongroom.api.AuditForm;
import dev.strongroom.api.KeyRef;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.gateway.audit.AuditRecord;
import dev.strongroom.gateway.audit.JsonPart;
import dev.strongroom.gateway.audit.UserIdentity;
import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.gateway.authz.CallerPrincipal;
import dev.strongroom.gateway.keys.Failures;
import dev.strongroom.gateway.operation.EnclaveRecipient;
import dev.strongroom.gateway.operation.KnownGrants;
import dev.strongroom.gateway.operation.RequestContext;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.attestation.AttestationClaims;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.RetireGrantRequest;

/**
 * What is to be said about a request later, noted as it becomes known. Holds references only; the record is made once, when
 * the answer stands.
 *
 * <p>There is nothing to say about a request whose signer is not known, or turns out not to be: that a gateway remembered
 * an access key for some seconds after it was taken away makes no difference. As with AWS, whose trails do not hold what failed
 * to authenticate: there is no account whose trail it could belong to, and a stranger must not be able to fill the disk.
 * The metrics count such requests by their error.
 */
final class AuditNotes {

    /**
     * Of request parameters, in bytes of JSON. No request that can succeed has more: a policy, a description, 50 tags and an
     * encryption context, all of them of characters that are escaped, stay below. CloudTrail leaves out what is longer, too.
     */
    private static final int MAX_PARAMETERS = 300 * 1_024;

    /** Nothing that is escaped gets longer than three times the bytes it came in. */
    private static final int SURELY_SHORT = MAX_PARAMETERS / 3;

    /** Beside that of the image: kernel, application, role and instance of the parent, signer of the image. */
    private static final Set<Integer> PCRS_ON_RECORD = Set.of(1, 2, 3, 4, 8);

    private @Nullable RequestContext context;
    private @Nullable SdkPojo request;
    private @Nullable SdkPojo response;
    private @Nullable KmsException refusal;
    private KnownGrants grants = KnownGrants.NONE;
    private List<Optional<Reply.FoundKey>> keys = List.of();
    private @Nullable Reply reply;

    /** The caller is known. */
    void authenticated(RequestContext known) {
        context = known;
    }

    /** A closer look failed: who it was thought to be is nobody, unless it was only not possible to look. */
    void lookedAgain(Throwable failure) {
        if (isNobody(failure)) {
            context = null;
        }
    }

    /** Whether a failure of authentication says that nobody who is known signed; others say that it is not known. */
    static boolean isNobody(Throwable failure) {
        return Failures.cause(failure) instanceof KmsException no && no.error() != KmsError.THROTTLING;
    }

    void asked(SdkPojo asked) {
        request = asked;
    }

    /** The keys it is about are known, permitted or not. */
    void about(List<Optional<Reply.FoundKey>> found) {
        keys = found;
    }

    /** The grants that it speaks of are known. */
    void about(KnownGrants found) {
        grants = found;
    }

    void replied(Reply done) {
        reply = done;
        if (done instanceof Reply.ChangedKey changed && keys.isEmpty()) {
            keys = List.of(Optional.of(new Reply.FoundKey(changed.key(), Optional.empty())));
        }
    }

    void answered(SdkPojo answer) {
        response = answer;
    }

    void refused(KmsException no) {
        refusal = no;
    }

    /** The record; empty if nobody knows who asked. */
    Optional<AuditRecord> record(Exchange exchange, Operation operation, Instant now, UUID id) {
        var known = context;
        if (known == null) {
            return Optional.empty();
        }
        var arns = arns();
        return Optional.of(new AuditRecord(
                new AuditRecord.Event(
                        now,
                        "kms.amazonaws.com",
                        operation.wireName(),
                        operation.readOnly(),
                        known.scope().region(),
                        exchange.requestId().toString(),
                        id),
                user(known.caller()),
                exchange.origin(),
                new AuditRecord.Content(
                        parameters(exchange, operation), elements(operation, arns), additional(), failure(operation)),
                arns));
    }

    /** Whose a request is. */
    static UserIdentity user(Caller caller) {
        return user(caller.identity(), caller.principal());
    }

    /** The same of somebody of whom no policy matters. */
    static UserIdentity user(CallerIdentity key, CallerPrincipal principal) {
        var account = new UserIdentity.Account(key.principalArn(), key.accountId(), key.accessKeyId());
        // Of whom there is no record, no unique id is known but that of the account.
        var uniqueId = Optional.of(principal.uniqueId()).filter(id -> !id.equals(key.accountId()));
        var user = UserIdentity.of(account, uniqueId);
        return principal
                .session()
                .map(session -> user.in(
                        new UserIdentity.Session(
                                session.issued(), session.multiFactor().isPresent(), session.sourceIdentity()),
                        principal.issuer()))
                .orElse(user);
    }

    private JsonPart parameters(Exchange exchange, Operation operation) {
        var asked = request;
        if (asked == null) {
            return JsonPart.NULL;
        }
        return bounded(exchange, out -> AuditForm.writeRequest(out, operation, asked));
    }

    /** Parameters, unless they are too long: a caller who pads a request with blanks hides nothing. */
    static JsonPart bounded(Exchange exchange, JsonPart parameters) {
        return exchange.body().length <= SURELY_SHORT ? parameters : parameters.atMost(MAX_PARAMETERS);
    }

    private JsonPart elements(Operation operation, List<String> arns) {
        var answer = response;
        if (answer == null || refusal != null) {
            return JsonPart.NULL;
        }
        var only = arns.size() == 1 ? Optional.of(arns.get(0)) : Optional.<String>empty();
        return out -> AuditForm.writeResponse(out, operation, answer, only);
    }

    private AuditRecord.@Nullable Failure failure(Operation operation) {
        var no = refusal;
        if (no == null) {
            return null;
        }
        // The one error whose name differs between the answer and the trail.
        var code = no.error() == KmsError.ACCESS_DENIED
                ? "AccessDenied"
                : no.error().code();
        var text = no.text();
        return new AuditRecord.Failure(
                code, text == null || request == null ? text : AuditForm.withoutTokens(text, operation, request));
    }

    private List<String> arns() {
        var arns = new ArrayList<String>(keys.size());
        for (var found : keys) {
            if (found.isPresent()) {
                var name = found.get().key().name();
                arns.add(KeyRef.keyArn(name.scope().region(), name.scope().accountId(), name.keyId()));
            }
        }
        return arns;
    }

    private Map<String, JsonPart> additional() {
        var done = reply;
        if (done == null) {
            return Map.of();
        }
        var additional = new LinkedHashMap<String, JsonPart>();
        if (done instanceof Reply.Encrypted encrypted) {
            additional.put("keyMaterialId", JsonPart.of(encrypted.materialId()));
        } else if (done instanceof Reply.Decrypted decrypted) {
            additional.put("keyMaterialId", JsonPart.of(decrypted.materialId()));
        } else if (done instanceof Reply.DataKey dataKey) {
            additional.put("keyMaterialId", JsonPart.of(dataKey.materialId()));
        } else if (done instanceof Reply.DataKeyPair pair) {
            additional.put("keyMaterialId", JsonPart.of(pair.materialId()));
        } else if (done instanceof Reply.ReEncrypted both) {
            additional.put("sourceKeyMaterialId", JsonPart.of(both.sourceMaterialId()));
            additional.put("destinationKeyMaterialId", JsonPart.of(both.destinationMaterialId()));
        }
        var asked = request;
        if (asked instanceof RetireGrantRequest) {
            // The request may have nothing but a token, which is not shown.
            grants.named().ifPresent(grant -> additional.put("grantId", JsonPart.of(grant.id())));
        }
        if (asked != null) {
            // A node has done what was asked, so it has verified the document: its claims are facts now.
            EnclaveRecipient.claims(asked)
                    .ifPresent(claims -> additional.put("recipient", JsonPart.of(recipient(claims))));
        }
        return additional;
    }

    /** As CloudTrail has it (developer guide, "Logging requests of Nitro Enclaves"). */
    private static Map<String, String> recipient(AttestationClaims claims) {
        var recipient = new LinkedHashMap<String, String>();
        recipient.put("attestationDocumentModuleId", claims.moduleId());
        claims.pcrs().forEach((number, measured) -> {
            if (number == 0) {
                recipient.put("attestationDocumentEnclaveImageDigest", measured.toHex());
            } else if (PCRS_ON_RECORD.contains(number)) {
                recipient.put("attestationDocumentEnclavePCR" + number, measured.toHex());
            }
        });
        return recipient;
    }
}
