package dev.strongroom.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.admin.AdminAction;
import dev.strongroom.gateway.admin.AdminRefusal;
import dev.strongroom.gateway.admin.AdminRequest;
import dev.strongroom.gateway.admin.Administration;
import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.gateway.audit.AuditRecord;
import dev.strongroom.gateway.audit.JsonPart;
import dev.strongroom.gateway.keys.Callers;
import dev.strongroom.gateway.keys.Failures;
import dev.strongroom.gateway.keys.FreshReads;
import dev.strongroom.gateway.operation.EventId;
import dev.strongroom.gateway.sigv4.SigV4Verifier;
import dev.strongroom.gateway.sigv4.Signer;
import dev.strongroom.gateway.sigv4.SigningKeys;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.Refused;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management API: {@code POST /admin/v1} with a JSON object that says what is to be done ({@link AdminRequest}), signed
 * with SigV4 for the service {@code strongroom}. It is for account roots with an access key that lasts, each for its own
 * account, and rests on fresh records every time. Answers are JSON; a refusal has a {@code code} and a {@code message}.
 */
final class AdminPipeline {

    static final String PATH = "/admin/v1";

    private static final Logger LOG = LoggerFactory.getLogger(AdminPipeline.class);
    private static final String SERVICE = "strongroom";
    private static final int PER_SOURCE = 20;
    private static final int ALL = 100;

    /** The same for callers who are known. */
    private static final int DOUBTS = 1_000;

    private static final int OK = 200;
    private static final int FAULT = 500;
    private static final String SECRET = "secretAccessKey";

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Administration administration;
    private final ClockAndIds world;
    private final AuditLog audit;
    private final SigningKeys signingKeys;
    private final SigV4Verifier verifier;

    AdminPipeline(Administration administration, Hsm gateway, ClockAndIds world, AuditLog audit) {
        this.administration = administration;
        this.world = world;
        this.audit = audit;
        this.signingKeys = new SigningKeys(
                gateway,
                new FreshReads(world.nanoTime(), PER_SOURCE, ALL),
                new FreshReads(world.nanoTime(), DOUBTS, DOUBTS),
                world.nanoTime());
        this.verifier = new SigV4Verifier(signingKeys, world.clock(), SERVICE);
    }

    /** Overwrites signing keys whose time is over. */
    void sweep() {
        signingKeys.sweep();
    }

    /** What is known about a request when it is over. */
    private record Told(
            HttpAnswer answer,
            @Nullable ObjectNode response,
            @Nullable AdminRefusal refusal) {}

    /** The answer to a request. Never fails. */
    Future<HttpAnswer> answer(Exchange exchange) {
        if (!exchange.method().equals("POST")) {
            return Future.succeededFuture(HttpAnswer.notFound());
        }
        // First as it is here, so that only whoever can sign causes more than a stranger may; then as a majority knows
        // it.
        return exchange.on(verifier.verify(exchange, Freshness.LOCAL))
                .compose(signer -> exchange.on(verifier.verify(exchange, Freshness.QUORUM)))
                .compose(signer -> known(exchange, signer))
                .recover(failure -> Future.succeededFuture(
                        refused(exchange, Failures.cause(failure)).answer()));
    }

    /**
     * What is to be recorded of a request: its members only if they are what they should be.
     *
     * @param action empty if that is not known either
     */
    private record Asked(Optional<AdminAction> action, JsonPart members) {

        private static final Asked UNKNOWN = new Asked(Optional.empty(), JsonPart.NULL);

        private String eventName() {
            return action.map(AdminAction::eventName).orElse(AuditRecord.Event.UNKNOWN);
        }

        /** What nobody knows changes nothing. */
        private boolean readOnly() {
            return action.map(AdminAction::readOnly).orElse(true);
        }
    }

    /** From here on everything that happens is recorded. */
    private Future<HttpAnswer> known(Exchange exchange, Signer signer) {
        var asked = Asked.UNKNOWN;
        AdminRequest request;
        try {
            audit.requireWritable();
            var json = json(exchange);
            asked = new Asked(AdminRequest.action(json), JsonPart.NULL);
            request = AdminRequest.of(json, signer.caller().identity().accountId());
        } catch (IOException e) {
            return Future.succeededFuture(refused(exchange, e).answer());
        } catch (AdminRefusal e) {
            return Future.succeededFuture(recorded(exchange, signer, asked, refused(exchange, e)));
        }
        return performed(exchange, signer, request);
    }

    private Future<HttpAnswer> performed(Exchange exchange, Signer signer, AdminRequest request) {
        var asked = new Asked(Optional.of(request.action()), AuditNotes.bounded(exchange, part(request.members())));
        return Future.succeededFuture(request)
                .compose(valid -> {
                    requirePermitted(valid, signer);
                    return exchange.on(administration.perform(valid, exchange.requestId()));
                })
                .map(done -> new Told(HttpAnswer.json(OK, write(done), "OK"), done, null))
                .recover(failure -> Future.succeededFuture(refused(exchange, Failures.cause(failure))))
                .map(told -> recorded(exchange, signer, asked, told));
    }

    private static JsonNode json(Exchange exchange) {
        try {
            return JSON.readTree(exchange.body());
        } catch (JsonProcessingException e) {
            // Not what the parser says: that quotes the request, and the answer is recorded.
            var at = e.getLocation();
            throw AdminRefusal.invalid("The request is not JSON, or says something twice"
                    + (at == null ? "." : ": line " + at.getLineNr() + ", column " + at.getColumnNr() + "."));
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be read", e);
        }
    }

    private static void requirePermitted(AdminRequest request, Signer signer) {
        var caller = signer.caller();
        var identity = caller.identity();
        boolean isRoot = identity.principalArn().equals(IdentityArn.root(identity.accountId()))
                && caller.session().isEmpty();
        if (!isRoot) {
            throw AdminRefusal.denied("Only the root of an account, with an access key that lasts, may administer it.");
        }
        boolean ofAll = request.action() == AdminAction.ACCOUNT_LIST || request.action() == AdminAction.ACCOUNT_CREATE;
        if (ofAll || !request.account().equals(identity.accountId())) {
            throw AdminRefusal.denied("The root of account " + identity.accountId()
                    + " may administer that account only; for others take the cluster's administrator (--config).");
        }
    }

    private static Told refused(Exchange exchange, Throwable cause) {
        var refusal = refusal(exchange, cause);
        var body = JSON.createObjectNode().put("code", refusal.code()).put("message", refusal.text());
        return new Told(HttpAnswer.json(refusal.status(), write(body), refusal.code()), null, refusal);
    }

    private static AdminRefusal refusal(Exchange exchange, Throwable cause) {
        if (cause instanceof AdminRefusal refusal) {
            return refusal;
        }
        if (cause instanceof KmsException no) {
            return new AdminRefusal(no.error().code(), no.error().status(), String.valueOf(no.text()));
        }
        if (cause instanceof Refused) {
            return new AdminRefusal("ServiceUnavailable", 503, "The HSM did not answer in time. Try again.");
        }
        if (cause instanceof IOException) {
            // Of the audit log, which has told it once; it would be told for every request.
            LOG.debug("request {}: not recorded: {}", exchange.requestId(), cause.getMessage());
        } else {
            LOG.error("request {}: administration failed", exchange.requestId(), cause);
        }
        return new AdminRefusal("ServiceFailure", FAULT, "Something failed; the log says what.");
    }

    /** The answer, once its record is written; what cannot be recorded is not told. */
    private HttpAnswer recorded(Exchange exchange, Signer signer, Asked asked, Told told) {
        try {
            audit.write(record(exchange, signer, asked, told));
            return told.answer();
        } catch (IOException | RuntimeException e) {
            told.answer().close();
            return refused(exchange, e).answer();
        }
    }

    private AuditRecord record(Exchange exchange, Signer signer, Asked asked, Told told) {
        var caller = signer.caller();
        var refusal = told.refusal();
        return new AuditRecord(
                new AuditRecord.Event(
                        world.clock().instant(),
                        SERVICE,
                        asked.eventName(),
                        asked.readOnly(),
                        signer.region(),
                        exchange.requestId().toString(),
                        EventId.of(exchange.requestId())),
                AuditNotes.user(caller.identity(), Callers.principal(caller)),
                exchange.origin(),
                new AuditRecord.Content(
                        asked.members(),
                        asked.readOnly() ? JsonPart.NULL : part(withoutSecret(told.response())),
                        Map.of(),
                        refusal == null ? null : new AuditRecord.Failure(refusal.code(), refusal.text())),
                List.of());
    }

    private static JsonPart part(@Nullable ObjectNode json) {
        return json == null ? JsonPart.NULL : out -> JSON.writeTree(out, json);
    }

    /** A copy without the one secret that answers have. */
    private static @Nullable ObjectNode withoutSecret(@Nullable ObjectNode response) {
        if (response == null) {
            return null;
        }
        var copy = response.deepCopy();
        copy.findParents(SECRET).forEach(parent -> ((ObjectNode) parent).remove(SECRET));
        return copy;
    }

    private static byte[] write(ObjectNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }
}
