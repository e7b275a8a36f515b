package dev.strongroom.gateway.http;

import dev.strongroom.api.AwsJson;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.MemberRules;
import dev.strongroom.api.Operation;
import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.gateway.keys.Callers;
import dev.strongroom.gateway.keys.CompiledPolicies;
import dev.strongroom.gateway.keys.Failures;
import dev.strongroom.gateway.keys.FreshReads;
import dev.strongroom.gateway.keys.GrantDirectory;
import dev.strongroom.gateway.keys.KeyDirectory;
import dev.strongroom.gateway.operation.EventId;
import dev.strongroom.gateway.operation.FreshIds;
import dev.strongroom.gateway.operation.OperationRow;
import dev.strongroom.gateway.operation.OperationTable;
import dev.strongroom.gateway.operation.RequestContext;
import dev.strongroom.gateway.sigv4.SigV4Verifier;
import dev.strongroom.gateway.sigv4.SigningKeys;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Scope;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.kms.model.GenerateMacRequest;
import software.amazon.awssdk.services.kms.model.SignRequest;
import software.amazon.awssdk.services.kms.model.VerifyMacRequest;
import software.amazon.awssdk.services.kms.model.VerifyRequest;

/**
 * The steps of a KMS request, in the order in which AWS reports what is wrong with it:
 *
 * <ol>
 *   <li>the operation: UnknownOperationException
 *   <li>the signature: MissingAuthenticationTokenException, InvalidSignatureException and their like
 *   <li>the body: SerializationException
 *   <li>its shape: ValidationException with all that is wrong
 *   <li>the form of key references, the keys, permission, and what the operation itself checks: {@link Decision}
 * </ol>
 *
 * <p>The only place where errors become answers. Plaintexts are overwritten in the request and the response as soon as the
 * answer is made, as far as they are ours: Java may have moved copies before, and buffers of the network layer are reused,
 * not wiped.
 */
final class KmsPipeline {

    private static final Logger LOG = LoggerFactory.getLogger(KmsPipeline.class);

    private static final String TARGET_PREFIX = "TrentService.";

    /** Quorum reads per second that unknown access keys may cause, per address and in all. */
    private static final int STRANGERS = 10;

    private static final int ALL_STRANGERS = 100;

    /**
     * Quorum reads per second before refusals, per access key and in all: as many requests as KMS answers of the commonest
     * kind (developer guide, "Request quotas"). A node asks the others once for all that wait, so they take nothing from
     * writes.
     */
    private static final int DOUBTS = 5_500;

    private static final int ALL_DOUBTS = 20_000;

    private final Hsm hsm;
    private final ClockAndIds world;
    private final AuditLog audit;
    private final SigningKeys signingKeys;
    private final SigV4Verifier verifier;
    private final KeyDirectory directory;
    private final CompiledPolicies policies = new CompiledPolicies();
    private final Callers callers = new Callers(policies);
    private final GrantDirectory grants;

    KmsPipeline(Hsm hsm, ClockAndIds world, AuditLog audit) {
        this.hsm = hsm;
        this.world = world;
        this.audit = audit;
        var doubts = new FreshReads(world.nanoTime(), DOUBTS, ALL_DOUBTS);
        this.signingKeys = new SigningKeys(
                hsm, new FreshReads(world.nanoTime(), STRANGERS, ALL_STRANGERS), doubts, world.nanoTime());
        this.verifier = new SigV4Verifier(signingKeys, world.clock(), "kms");
        this.grants = new GrantDirectory(hsm, doubts);
        this.directory = new KeyDirectory(hsm, doubts);
    }

    /** The token service for the same callers. */
    StsPipeline sts() {
        return new StsPipeline(hsm, world, audit, new SigV4Verifier(signingKeys, world.clock(), "sts"), callers);
    }

    /** Overwrites signing keys whose time is over. */
    void sweep() {
        signingKeys.sweep();
    }

    /** The operation that a request names, if it names one. */
    static Optional<Operation> operation(Exchange exchange) {
        var targets = exchange.header("x-amz-target");
        return targets.size() == 1 && targets.get(0).startsWith(TARGET_PREFIX)
                ? Operation.find(targets.get(0).substring(TARGET_PREFIX.length()))
                : Optional.empty();
    }

    /** The answer to a request. Never fails. */
    Future<HttpAnswer> answer(Exchange exchange) {
        if (!exchange.method().equals("POST") || !exchange.path().equals("/")) {
            return Future.succeededFuture(HttpAnswer.notFound());
        }
        var named = operation(exchange);
        if (named.isEmpty()) {
            return Future.succeededFuture(HttpAnswer.of(KmsException.of(KmsError.UNKNOWN_OPERATION)));
        }
        var operation = named.get();
        exchange.called(operation.wireName());
        return Future.succeededFuture(exchange)
                .compose(begun -> steps(begun, operation))
                .recover(failure -> Future.succeededFuture(failed(exchange, operation, failure)))
                .map(answer -> recorded(exchange, operation, answer));
    }

    private Future<HttpAnswer> steps(Exchange exchange, Operation operation) {
        var ids = new FreshIds(world.ids());
        return authenticate(exchange, ids, Freshness.LOCAL).compose(context -> {
            requireAuditLog();
            SdkPojo request = AwsJson.read(operation, exchange.body());
            exchange.notes().asked(request);
            return perform(exchange, operation, request, context, ids).onComplete(done -> wipe(request));
        });
    }

    private Future<RequestContext> authenticate(Exchange exchange, FreshIds ids, Freshness freshness) {
        return exchange.on(verifier.verify(exchange, freshness))
                .recover(failure -> {
                    exchange.notes().lookedAgain(failure);
                    return Future.failedFuture(failure);
                })
                .map(signer -> {
                    var identity = signer.caller().identity();
                    var scope = new Scope(identity.accountId(), signer.region());
                    var context = new RequestContext(
                            callers.of(signer.caller()),
                            scope,
                            ids,
                            exchange.environment(world.clock().instant(), signer.region()));
                    exchange.notes().authenticated(context);
                    return context;
                });
    }

    private Future<HttpAnswer> perform(
            Exchange exchange, Operation operation, SdkPojo request, RequestContext context, FreshIds ids) {
        MemberRules.check(operation, request);
        var row = OperationTable.find(operation).orElseThrow(() -> KmsException.of(KmsError.UNSUPPORTED_OPERATION));
        return decision(exchange, operation, row, request, ids).run(context).map(outcome -> {
            try (outcome) {
                exchange.notes().answered(outcome.response());
                return HttpAnswer.of(outcome.response());
            }
        });
    }

    // The row of an operation takes the request class of that operation, which is what the codec makes.
    @SuppressWarnings("unchecked")
    private <Q extends SdkPojo, T extends SdkPojo> Decision<Q, T> decision(
            Exchange exchange, Operation operation, OperationRow<Q, T> row, SdkPojo request, FreshIds ids) {
        return new Decision<>(
                hsm,
                directory,
                policies,
                grants,
                exchange,
                operation,
                row,
                (Q) request,
                () -> authenticate(exchange, ids, Freshness.QUORUM));
    }

    private static HttpAnswer failed(Exchange exchange, Operation operation, Throwable failure) {
        var refusal = refusal(exchange, operation, Failures.cause(failure));
        exchange.notes().refused(refusal);
        return HttpAnswer.of(refusal);
    }

    private static KmsException refusal(Exchange exchange, Operation operation, Throwable cause) {
        if (cause instanceof KmsException refusal) {
            return refusal;
        }
        if (cause instanceof Refused refused) {
            // Of a look-up; a refused command has become a KmsException already.
            return Decision.told(refused, exchange, operation, List.of());
        }
        LOG.error("request {}: {} failed", exchange.requestId(), operation.wireName(), cause);
        return KmsException.of(KmsError.KMS_INTERNAL);
    }

    private void requireAuditLog() {
        try {
            audit.requireWritable();
        } catch (IOException e) {
            // The log has told it once; it would be told for every request.
            LOG.debug("nothing is done while the audit log cannot be written: {}", e.getMessage());
            throw KmsException.of(KmsError.KMS_INTERNAL);
        }
    }

    /** The answer, once its record is written; what cannot be recorded is not told. */
    private HttpAnswer recorded(Exchange exchange, Operation operation, HttpAnswer answer) {
        try {
            var record = exchange.notes()
                    .record(exchange, operation, world.clock().instant(), EventId.of(exchange.requestId()));
            if (record.isPresent()) {
                audit.write(record.get());
            }
            return answer;
        } catch (IOException e) {
            LOG.debug("request {}: not recorded: {}", exchange.requestId(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("request {}: {} could not be recorded", exchange.requestId(), operation.wireName(), e);
        }
        answer.close();
        return HttpAnswer.of(KmsException.of(KmsError.KMS_INTERNAL));
    }

    /** Overwrites what callers sent to be encrypted, signed or authenticated. */
    private static void wipe(SdkPojo request) {
        var secret = secret(request);
        if (secret != null) {
            Arrays.fill(secret.asByteArrayUnsafe(), (byte) 0);
        }
    }

    private static @Nullable SdkBytes secret(SdkPojo request) {
        if (request instanceof EncryptRequest encrypt) {
            return encrypt.plaintext();
        }
        if (request instanceof SignRequest sign) {
            return sign.message();
        }
        if (request instanceof VerifyRequest verify) {
            return verify.message();
        }
        if (request instanceof GenerateMacRequest generate) {
            return generate.message();
        }
        return request instanceof VerifyMacRequest verify ? verify.message() : null;
    }
}
