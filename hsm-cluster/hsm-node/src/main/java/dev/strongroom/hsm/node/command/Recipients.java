package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.AttestationDocument;
import dev.strongroom.hsm.node.crypto.RecipientEnvelope;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Recipient;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.attestation.InvalidAttestationException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that an enclave alone is to read. This is the one place where an attestation document becomes true: what a
 * gateway made of it before, to decide, is worth nothing until the same bytes have been verified here.
 */
final class Recipients {

    private static final Logger LOG = LoggerFactory.getLogger(Recipients.class);

    private final Set<X509Certificate> roots;
    private final InstantSource clock;
    private final RecipientEnvelope envelopes;

    Recipients(NodeParts parts) {
        this.roots = parts.attestationRoots();
        this.clock = parts.clock();
        this.envelopes = new RecipientEnvelope(parts.entropy());
    }

    /**
     * {@code work}, its secret in an envelope if the command has a recipient. The document is verified before the work
     * begins, so no secret comes to be for an enclave that is none. Takes milliseconds if there is a recipient.
     *
     * @param sealed the reply with an envelope in the place of its secret
     */
    <R extends Reply> Supplier<R> around(
            Optional<Recipient> recipient, Supplier<R> work, BiFunction<R, Bytes, R> sealed) {
        if (recipient.isEmpty()) {
            return work;
        }
        var attestation = recipient.get().attestation();
        return () -> {
            var enclave = verified(attestation);
            var reply = work.get();
            try (var secret = reply.secret()) {
                return sealed.apply(reply, Bytes.wrap(secret.use(octets -> envelopes.seal(enclave, octets))));
            }
        };
    }

    private AttestationDocument verified(Bytes attestation) {
        try {
            return AttestationDocument.verify(attestation.readOnlyArray(), roots, clock.instant());
        } catch (InvalidAttestationException e) {
            // Callers are told no reason; an operator who set up the wrong root has to find it somewhere.
            LOG.info("refused: {}", e.getMessage());
            throw new Refused(Refusal.INVALID_ATTESTATION);
        }
    }
}
