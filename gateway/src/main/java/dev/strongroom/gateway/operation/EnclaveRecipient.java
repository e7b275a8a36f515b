package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.ConditionKeys;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Recipient;
import dev.strongroom.hsm.protocol.attestation.AttestationClaims;
import dev.strongroom.hsm.protocol.attestation.InvalidAttestationException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateRandomRequest;
import software.amazon.awssdk.services.kms.model.RecipientInfo;

/**
 * The Recipient member of a request: the enclave that alone is to read the answer (API model, RecipientInfo).
 *
 * <p>The gateway only reads its attestation document, and trusts nothing in it. What it decides on the document's word, by
 * {@link #conditions}, becomes an answer only if the node finds the very same bytes to be signed by a root it trusts, since
 * they travel in the command.
 */
public final class EnclaveRecipient {

    private static final String CONDITION = "kms:recipientattestation:";
    private static final String IMAGE = "imagesha384";
    private static final String PCR = "pcr";

    private EnclaveRecipient() {}

    /**
     * The recipient as the HSM is told of it; empty if the request has none. Only one algorithm exists, so that it may be
     * left out as the model says; whether the service insists on it is not confirmed.
     *
     * @throws KmsException if there is no document, or none that can be read
     */
    static Optional<Recipient> of(@Nullable RecipientInfo member) {
        if (member == null) {
            return Optional.empty();
        }
        var document = member.attestationDocument();
        if (document == null) {
            throw CryptoOperations.missing("recipient.attestationDocument");
        }
        if (read(document).isEmpty()) {
            throw invalid();
        }
        return Optional.of(new Recipient(Bytes.wrap(document.asByteArrayUnsafe())));
    }

    /** What callers are told of a document that is not a good one, whatever the reason; the service's text is not known. */
    static KmsException invalid() {
        return KmsException.of(KmsError.VALIDATION, "The attestation document in the request is not valid.");
    }

    /** The secret of a reply as the response shows it: to nobody but the recipient, if there is one. */
    static @Nullable SdkBytes open(Optional<Recipient> recipient, Plaintext secret) {
        return recipient.isPresent() ? null : secret.use(SdkBytes::fromByteArrayUnsafe);
    }

    /** The envelope of a reply as the response shows it, if there is somebody to open it. */
    static @Nullable SdkBytes sealed(Optional<Recipient> recipient, Bytes envelope) {
        return recipient.isPresent() ? CryptoOperations.bytes(envelope) : null;
    }

    /** What the document of a request claims; empty if it has none, or none that can be read. */
    public static Optional<AttestationClaims> claims(SdkPojo request) {
        return member(request)
                .flatMap(member -> Optional.ofNullable(member.attestationDocument()))
                .flatMap(EnclaveRecipient::read);
    }

    /**
     * The condition keys that a request's document stands for: {@code kms:RecipientAttestation:ImageSha384}, which is PCR 0,
     * and {@code kms:RecipientAttestation:PCR<n>}, in small hexadecimal digits (developer guide, "Condition keys for AWS
     * Nitro Enclaves").
     */
    public static ConditionKeys conditions(SdkPojo request) {
        return member(request).isPresent() ? new Measurements(request) : ConditionKeys.NONE;
    }

    /** Read when they are asked for, and once however often that is: documents are long. Confined to one request. */
    private static final class Measurements implements ConditionKeys {

        private final SdkPojo request;
        private @Nullable SortedMap<Integer, Bytes> pcrs;

        Measurements(SdkPojo request) {
            this.request = request;
        }

        @Override
        public List<String> values(String name) {
            if (!name.startsWith(CONDITION)) {
                return List.of();
            }
            var asked = name.substring(CONDITION.length());
            var number = asked.equals(IMAGE) ? "0" : asked.startsWith(PCR) ? asked.substring(PCR.length()) : "";
            return pcrs().entrySet().stream()
                    .filter(pcr -> String.valueOf(pcr.getKey()).equals(number))
                    .map(pcr -> pcr.getValue().toHex())
                    .toList();
        }

        private SortedMap<Integer, Bytes> pcrs() {
            var known = pcrs;
            if (known == null) {
                known = claims(request).map(AttestationClaims::pcrs).orElseGet(Collections::emptySortedMap);
                pcrs = known;
            }
            return known;
        }
    }

    private static Optional<AttestationClaims> read(SdkBytes document) {
        try {
            return Optional.of(AttestationClaims.of(document.asByteArrayUnsafe()));
        } catch (InvalidAttestationException e) {
            return Optional.empty();
        }
    }

    private static Optional<RecipientInfo> member(SdkPojo request) {
        RecipientInfo member = null;
        if (request instanceof DecryptRequest decrypt) {
            member = decrypt.recipient();
        } else if (request instanceof GenerateDataKeyRequest dataKey) {
            member = dataKey.recipient();
        } else if (request instanceof GenerateDataKeyPairRequest pair) {
            member = pair.recipient();
        } else if (request instanceof DeriveSharedSecretRequest derive) {
            member = derive.recipient();
        } else if (request instanceof GenerateRandomRequest random) {
            member = random.recipient();
        }
        return Optional.ofNullable(member);
    }
}
