package dev.strongroom.gateway.http;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.gateway.keys.Callers;
import dev.strongroom.gateway.keys.Failures;
import dev.strongroom.gateway.keys.FreshReads;
import dev.strongroom.gateway.sigv4.SigV4Verifier;
import dev.strongroom.gateway.sts.QueryForm;
import dev.strongroom.gateway.sts.StsAction;
import dev.strongroom.gateway.sts.StsError;
import dev.strongroom.gateway.sts.StsException;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.Refused;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of the security token service, at the same endpoint as those of KMS: a form where KMS has JSON. Errors become
 * answers here and nowhere else.
 */
final class StsPipeline {

    private static final Logger LOG = LoggerFactory.getLogger(StsPipeline.class);

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Pattern ACTION = Pattern.compile("(^|&)Action=");
    private static final Set<String> METHODS = Set.of("GET", "POST");

    /** Quorum reads per second that refusals may cause, per access key and in all. */
    private static final int DOUBTS = 50;

    private static final int ALL_DOUBTS = 500;

    private final Hsm hsm;
    private final ClockAndIds world;
    private final AuditLog audit;
    private final SigV4Verifier verifier;
    private final Callers callers;
    private final FreshReads doubts;

    /**
     * @param verifier of signatures for {@code sts}
     * @param callers what a signer is to policies
     */
    StsPipeline(Hsm hsm, ClockAndIds world, AuditLog audit, SigV4Verifier verifier, Callers callers) {
        this.hsm = hsm;
        this.world = world;
        this.audit = audit;
        this.verifier = verifier;
        this.callers = callers;
        this.doubts = new FreshReads(world.nanoTime(), DOUBTS, ALL_DOUBTS);
    }

    /** Whether a request is one of these: no request of KMS is a form, be it in the body or in the address. */
    static boolean isMeant(Exchange exchange) {
        if (!exchange.header("x-amz-target").isEmpty()) {
            return false;
        }
        if (exchange.method().equals("GET")) {
            return exchange.path().equals("/")
                    && ACTION.matcher(exchange.query()).find();
        }
        var types = exchange.header("content-type");
        return types.size() == 1 && types.get(0).regionMatches(true, 0, FORM, 0, FORM.length());
    }

    /** The answer to a request. Never fails. */
    Future<HttpAnswer> answer(Exchange exchange) {
        if (!METHODS.contains(exchange.method()) || !exchange.path().equals("/")) {
            return Future.succeededFuture(HttpAnswer.notFound());
        }
        var notes = new StsNotes();
        return Future.succeededFuture(exchange)
                .compose(begun -> steps(begun, notes))
                .map(HttpAnswer::ofSts)
                .recover(failure -> Future.succeededFuture(refused(exchange, notes, failure)))
                .map(answer -> recorded(exchange, notes, answer));
    }

    private Future<String> steps(Exchange exchange, StsNotes notes) {
        QueryForm form;
        try {
            form = QueryForm.parse(exchange.query(), exchange.body());
        } catch (StsException no) {
            // Whoever sent it is told the same; but if it is somebody who is known, it is recorded.
            return caller(exchange, notes, Freshness.LOCAL).transform(signed -> Future.failedFuture(no));
        }
        var action = StsAction.of(form);
        exchange.called(action.wireName());
        notes.asked(action, form);
        var work = new StsWork(hsm, world.clock(), exchange, action, form, notes, doubts);
        if (!action.isSigned()) {
            requireAuditLog();
            return work.assumeWithWebIdentity();
        }
        return caller(exchange, notes, Freshness.LOCAL).compose(signed -> {
            requireAuditLog();
            return work.run(signed, () -> caller(exchange, notes, Freshness.QUORUM));
        });
    }

    private Future<StsWork.Signed> caller(Exchange exchange, StsNotes notes, Freshness freshness) {
        return exchange.on(verifier.verify(exchange, freshness))
                .recover(failure -> {
                    if (AuditNotes.isNobody(failure)) {
                        notes.forget();
                    }
                    return Future.failedFuture(failure);
                })
                .map(signer -> {
                    var signed = new StsWork.Signed(callers.of(signer.caller()), signer.region());
                    notes.authenticated(signed);
                    return signed;
                });
    }

    private void requireAuditLog() {
        try {
            audit.requireWritable();
        } catch (IOException e) {
            // The log has told it once; it would be told for every request.
            LOG.debug("nothing is done while the audit log cannot be written: {}", e.getMessage());
            throw StsException.of(StsError.INTERNAL_FAILURE, "");
        }
    }

    private HttpAnswer refused(Exchange exchange, StsNotes notes, Throwable failure) {
        var refusal = refusal(exchange, Failures.cause(failure));
        notes.refused(refusal);
        return HttpAnswer.ofSts(refusal, exchange.requestId());
    }

    private static StsException refusal(Exchange exchange, Throwable cause) {
        if (cause instanceof StsException refusal) {
            return refusal;
        }
        if (cause instanceof KmsException refusal) {
            return StsException.of(refusal);
        }
        if (cause instanceof Refused refused) {
            LOG.warn("request {}: STS was refused with {}", exchange.requestId(), refused.getMessage());
            return switch (refused.refusal()) {
                case THROTTLED -> StsException.of(StsError.THROTTLING, "Rate exceeded");
                case LIMIT_EXCEEDED ->
                    StsException.of(
                            StsError.PACKED_POLICY_TOO_LARGE,
                            "Policies and tags of the session do not fit into a token: " + refused.detail());
                case MALFORMED -> StsException.of(StsError.VALIDATION_ERROR, refused.detail());
                case NOT_FOUND ->
                    StsException.of(
                            StsError.VALIDATION_ERROR, "A policy of the session does not exist: " + refused.detail());
                case NOT_OPERATIONAL, NO_QUORUM, DEADLINE_EXCEEDED, UNREACHABLE ->
                    StsException.of(StsError.SERVICE_UNAVAILABLE, "The HSM cluster cannot answer at present.");
                default -> StsException.of(StsError.INTERNAL_FAILURE, "");
            };
        }
        LOG.error("request {}: STS failed", exchange.requestId(), cause);
        return StsException.of(StsError.INTERNAL_FAILURE, "");
    }

    /** The answer, once its record is written; what cannot be recorded is not told. */
    private HttpAnswer recorded(Exchange exchange, StsNotes notes, HttpAnswer answer) {
        try {
            var record = notes.record(exchange, world.clock().instant());
            if (record.isPresent()) {
                audit.write(record.get());
            }
            return answer;
        } catch (IOException e) {
            LOG.debug("request {}: not recorded: {}", exchange.requestId(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("request {}: STS could not be recorded", exchange.requestId(), e);
        }
        answer.close();
        return HttpAnswer.ofSts(StsException.of(StsError.INTERNAL_FAILURE, ""), exchange.requestId());
    }
}
