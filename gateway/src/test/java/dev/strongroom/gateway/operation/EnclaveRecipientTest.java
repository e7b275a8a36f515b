package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import dev.strongroom.api.AwsJson;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Recipient;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.GenerateRandomResponse;

/** Recipients of requests: what the HSM is told of them, and what the caller is not given because of them. */
class EnclaveRecipientTest {

    private static final byte[] DOCUMENT = document();
    private static final Optional<Recipient> RECIPIENT = Optional.of(new Recipient(Bytes.wrap(DOCUMENT)));
    private static final Bytes ENVELOPE = Bytes.ofHex("e0e1");
    private static final Bytes MADE = Bytes.ofHex("c0ffee");
    private static final World WORLD = World.of(
            Sample.key(KeyState.ENABLED),
            Sample.key(Sample.id("AGREE"), KeySpec.ECC_NIST_P256, KeyUsage.KEY_AGREEMENT, KeyState.ENABLED));

    /** Readable, and signed by nobody: more than the gateway asks. */
    private static byte[] document() {
        return cose(cbor(payload -> {
            payload.writeStartObject(6);
            payload.writeStringField("module_id", "i-0-enc0");
            payload.writeStringField("digest", "SHA384");
            payload.writeNumberField("timestamp", 1_700_000_000_000L);
            payload.writeFieldName("pcrs");
            payload.writeStartObject(3);
            for (int number : new int[] {0, 8, 15}) {
                payload.writeFieldId(number);
                payload.writeBinary(filled(number + 1));
            }
            payload.writeEndObject();
            payload.writeBinaryField("certificate", new byte[] {1});
            payload.writeFieldName("cabundle");
            payload.writeStartArray(null, 1);
            payload.writeBinary(new byte[] {1});
            payload.writeEndArray();
            payload.writeEndObject();
        }));
    }

    private static byte[] cose(byte[] payload) {
        return cbor(document -> {
            document.writeStartArray(null, 4);
            document.writeBinary(new byte[] {(byte) 0xa1, 1, 0x38, 0x22});
            document.writeStartObject(0);
            document.writeEndObject();
            document.writeBinary(payload);
            document.writeBinary(new byte[96]);
            document.writeEndArray();
        });
    }

    private interface Content {
        void writeTo(CBORGenerator out) throws IOException;
    }

    private static byte[] cbor(Content content) {
        var out = new ByteArrayOutputStream();
        try (CBORGenerator generator = new CBORFactory().createGenerator(out)) {
            content.writeTo(generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] filled(int value) {
        var octets = new byte[48];
        java.util.Arrays.fill(octets, (byte) value);
        return octets;
    }

    /** A request of each operation that has a recipient. */
    private record Case(String operation, String members) {

        String json(String recipient) {
            return Sample.json("{" + members + ",'Recipient':" + recipient + "}");
        }

        String json() {
            return json(member(DOCUMENT));
        }
    }

    private static String member(byte[] document) {
        return "{'KeyEncryptionAlgorithm':'RSAES_OAEP_SHA_256','AttestationDocument':'"
                + Base64.getEncoder().encodeToString(document) + "'}";
    }

    static List<Case> cases() {
        return List.of(
                new Case("Decrypt", "'CiphertextBlob':'<ID.blob>'"),
                new Case("GenerateDataKey", "'KeyId':'<ID>','KeySpec':'AES_256'"),
                new Case("GenerateDataKeyPair", "'KeyId':'<ID>','KeyPairSpec':'ECC_NIST_P256'"),
                new Case("DeriveSharedSecret", "'KeyId':'<AGREE>','PublicKey':'YQ==','KeyAgreementAlgorithm':'ECDH'"),
                new Case("GenerateRandom", "'NumberOfBytes':5"));
    }

    private static Case of(String operation) {
        return cases().stream()
                .filter(row -> row.operation().equals(operation))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theDocumentTravelsAsItCame() {
        assertEquals(
                RECIPIENT,
                WORLD.command(UseCommand.Decrypt.class, "Decrypt", of("Decrypt").json())
                        .recipient());
        assertEquals(
                RECIPIENT,
                WORLD.command(
                                UseCommand.GenerateDataKey.class,
                                "GenerateDataKey",
                                of("GenerateDataKey").json())
                        .recipient());
        assertEquals(
                RECIPIENT,
                WORLD.command(
                                UseCommand.GenerateDataKeyPair.class,
                                "GenerateDataKeyPair",
                                of("GenerateDataKeyPair").json())
                        .recipient());
        assertEquals(
                RECIPIENT,
                WORLD.command(
                                UseCommand.DeriveSharedSecret.class,
                                "DeriveSharedSecret",
                                of("DeriveSharedSecret").json())
                        .recipient());
        assertEquals(
                RECIPIENT,
                WORLD.command(
                                UseCommand.GenerateRandom.class,
                                "GenerateRandom",
                                of("GenerateRandom").json())
                        .recipient());
    }

    /** Even if a node answered in the clear, a caller who named a recipient gets nothing that is not for the recipient. */
    @Test
    void theAnswerHasTheEnvelopeInThePlaceOfTheSecret() {
        var decrypted = WORLD.answer(
                DecryptResponse.class,
                "Decrypt",
                of("Decrypt").json(),
                new Reply.Decrypted(secret(), Sample.materialId(Sample.ID, 2), ENVELOPE));
        assertNull(decrypted.plaintext());
        assertArrayEquals(ENVELOPE.toArray(), decrypted.ciphertextForRecipient().asByteArray());
        var dataKey = WORLD.answer(
                GenerateDataKeyResponse.class,
                "GenerateDataKey",
                of("GenerateDataKey").json(),
                new Reply.DataKey(MADE, secret(), "m", ENVELOPE));
        assertNull(dataKey.plaintext());
        assertArrayEquals(ENVELOPE.toArray(), dataKey.ciphertextForRecipient().asByteArray());
        var pair = WORLD.answer(
                GenerateDataKeyPairResponse.class,
                "GenerateDataKeyPair",
                of("GenerateDataKeyPair").json(),
                new Reply.DataKeyPair(MADE, MADE, secret(), "m", ENVELOPE));
        assertNull(pair.privateKeyPlaintext());
        assertArrayEquals(ENVELOPE.toArray(), pair.ciphertextForRecipient().asByteArray());
        var agreed = WORLD.answer(
                DeriveSharedSecretResponse.class,
                "DeriveSharedSecret",
                of("DeriveSharedSecret").json(),
                new Reply.SharedSecret(secret(), ENVELOPE));
        assertNull(agreed.sharedSecret());
        assertArrayEquals(ENVELOPE.toArray(), agreed.ciphertextForRecipient().asByteArray());
        var random = WORLD.answer(
                GenerateRandomResponse.class,
                "GenerateRandom",
                of("GenerateRandom").json(),
                new Reply.Random(secret(), ENVELOPE));
        assertNull(random.plaintext());
        assertArrayEquals(ENVELOPE.toArray(), random.ciphertextForRecipient().asByteArray());
    }

    private static Plaintext secret() {
        return Plaintext.wrap("hello".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatCannotBeReadIsNoDocument(Case row) {
        var invalid = "ValidationException: The attestation document in the request is not valid.";
        assertEquals("ok", WORLD.outcome(row.operation(), row.json()));
        assertEquals(invalid, WORLD.outcome(row.operation(), row.json(member(new byte[] {1, 2, 3}))));
        assertEquals(invalid, WORLD.outcome(row.operation(), row.json(member(cose(new byte[] {(byte) 0xa0})))));
        assertEquals(
                invalid,
                Refusals.of(
                                new Refused(Refusal.INVALID_ATTESTATION),
                                Operation.find(row.operation()).orElseThrow(),
                                List.of())
                        .getMessage());
        assertEquals(
                "ValidationException: 1 validation error detected: Value null at 'recipient.attestationDocument' failed"
                        + " to satisfy constraint: Member must not be null",
                WORLD.outcome(row.operation(), row.json("{}")));
        assertEquals(
                "ValidationException: 2 validation errors detected: Value 'RSAES_OAEP_SHA_1' at"
                        + " 'recipient.keyEncryptionAlgorithm' failed to satisfy constraint: Member must satisfy enum value"
                        + " set: [RSAES_OAEP_SHA_256]; Value at 'recipient.attestationDocument' failed to satisfy"
                        + " constraint: Member must have length greater than or equal to 1",
                WORLD.outcome(
                        row.operation(),
                        row.json("{'KeyEncryptionAlgorithm':'RSAES_OAEP_SHA_1','AttestationDocument':''}")));
        var byDefault = "{'AttestationDocument':'" + Base64.getEncoder().encodeToString(DOCUMENT) + "'}";
        assertEquals("ok", WORLD.outcome(row.operation(), row.json(byDefault)));
    }

    @Test
    void aDryRunThatIgnoresTheCiphertextTellsNothingAboutADocument() {
        var json = Sample.json("{'KeyId':'<ID>','DryRun':true,'DryRunModifiers':['IGNORE_CIPHERTEXT'],'Recipient':"
                + member(DOCUMENT) + "}");
        assertEquals(
                "ValidationException: Recipient cannot be specified when DryRunModifiers has IGNORE_CIPHERTEXT.",
                WORLD.outcome("Decrypt", json));
    }

    @ParameterizedTest
    @CsvSource({
        "kms:recipientattestation:imagesha384, 1",
        "kms:recipientattestation:pcr0, 1",
        "kms:recipientattestation:pcr8, 9",
        "kms:recipientattestation:pcr15, 16",
        "kms:recipientattestation:pcr1, 0",
        "kms:recipientattestation:pcr00, 0",
        "kms:recipientattestation:pcr, 0",
        "kms:recipientattestation:, 0",
        "kms:recipientattestation, 0",
        "kms:keyspec, 0"
    })
    void conditionsSeeTheMeasurements(String name, int expected) throws Exception {
        var values = expected == 0
                ? List.<String>of()
                : List.of(Bytes.wrap(filled(expected)).toHex());
        for (var row : cases()) {
            var operation = Operation.find(row.operation()).orElseThrow();
            var request = AwsJson.read(operation, row.json().getBytes(StandardCharsets.UTF_8));
            assertEquals(values, EnclaveRecipient.conditions(request).values(name), row.operation());
            var asked = WORLD.permissions(row.operation(), row.json()).get(0);
            assertEquals(values, asked.keys().values(name), () -> "what policies see of " + row.operation());
            var without = AwsJson.read(operation, row.json("null").getBytes(StandardCharsets.UTF_8));
            assertEquals(List.of(), EnclaveRecipient.conditions(without).values(name));
            var unreadable =
                    AwsJson.read(operation, row.json(member(new byte[9])).getBytes(StandardCharsets.UTF_8));
            assertEquals(List.of(), EnclaveRecipient.conditions(unreadable).values(name));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void policiesCanAskForThemWhereverARequestHasARecipient(Case row) {
        var permission = WORLD.permissions(row.operation(), row.json()).get(0);
        assertEquals(List.of(Bytes.wrap(filled(9)).toHex()), permission.keys().values("kms:recipientattestation:pcr8"));
        var without = WORLD.permissions(row.operation(), row.json("null")).get(0);
        assertEquals(List.of(), without.keys().values("kms:recipientattestation:pcr8"));
    }
}
