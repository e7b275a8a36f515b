package dev.strongroom.conformance.enclave;

import static dev.strongroom.conformance.enclave.AttestedServer.INVALID;
import static dev.strongroom.conformance.enclave.AttestedServer.PLAINTEXT;
import static dev.strongroom.conformance.enclave.AttestedServer.recipient;
import static dev.strongroom.conformance.enclave.AttestedServer.withFlippedBit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeyPairSpec;
import software.amazon.awssdk.services.kms.model.DryRunModifierType;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.EncryptionAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeyAgreementAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Enclaves at work, with the AWS SDK for Java: only the holder of the attested key reads the answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnclaveTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private AttestedServer here;
    private KmsClient kms;
    private String key;
    private SdkBytes blob;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        here = new AttestedServer(folder);
        kms = here.kms;
        key = here.key;
        blob = here.blob;
    }

    @AfterAll
    void stop() {
        here.close();
    }

    @Test
    void whatAnEnclaveDecryptsIsForItAlone() throws Exception {
        var document = here.document();
        var answer = kms.decrypt(decrypt -> decrypt.ciphertextBlob(blob).recipient(recipient(document)));
        assertNull(answer.plaintext());
        assertArrayEquals(PLAINTEXT.asByteArray(), here.opened(answer.ciphertextForRecipient()));
        assertTrue(answer.keyId().endsWith(key));
        assertNotNull(answer.keyMaterialId());

        var rsa = kms.createKey(create -> create.keySpec(KeySpec.RSA_2048).keyUsage(KeyUsageType.ENCRYPT_DECRYPT))
                .keyMetadata()
                .keyId();
        var algorithm = EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256;
        var sealed =
                kms.encrypt(encrypt -> encrypt.keyId(rsa).plaintext(PLAINTEXT).encryptionAlgorithm(algorithm));
        var asymmetric = kms.decrypt(decrypt -> decrypt.keyId(rsa)
                .ciphertextBlob(sealed.ciphertextBlob())
                .encryptionAlgorithm(algorithm)
                .recipient(recipient(document)));
        assertNull(asymmetric.plaintext());
        assertArrayEquals(PLAINTEXT.asByteArray(), here.opened(asymmetric.ciphertextForRecipient()));
    }

    @Test
    void dataKeysForAnEnclaveAreThoseOfTheirCiphertexts() throws Exception {
        var document = here.document();
        var dataKey = kms.generateDataKey(
                generate -> generate.keyId(key).keySpec("AES_256").recipient(recipient(document)));
        assertNull(dataKey.plaintext());
        var octets = here.opened(dataKey.ciphertextForRecipient());
        assertEquals(32, octets.length);
        assertArrayEquals(octets, decrypted(dataKey.ciphertextBlob()));

        var pair = kms.generateDataKeyPair(generate ->
                generate.keyId(key).keyPairSpec(DataKeyPairSpec.ECC_NIST_P256).recipient(recipient(document)));
        assertNull(pair.privateKeyPlaintext());
        assertNotNull(pair.publicKey());
        assertArrayEquals(decrypted(pair.privateKeyCiphertextBlob()), here.opened(pair.ciphertextForRecipient()));
    }

    private byte[] decrypted(SdkBytes sealed) {
        return kms.decrypt(decrypt -> decrypt.ciphertextBlob(sealed))
                .plaintext()
                .asByteArray();
    }

    @Test
    void sharedSecretsAndRandomBytesForAnEnclave() throws Exception {
        var document = here.document();
        var agreement = kms.createKey(
                        create -> create.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.KEY_AGREEMENT))
                .keyMetadata()
                .keyId();
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var peer =
                SdkBytes.fromByteArray(generator.generateKeyPair().getPublic().getEncoded());
        var open = kms.deriveSharedSecret(derive ->
                derive.keyId(agreement).publicKey(peer).keyAgreementAlgorithm(KeyAgreementAlgorithmSpec.ECDH));
        var sealed = kms.deriveSharedSecret(derive -> derive.keyId(agreement)
                .publicKey(peer)
                .keyAgreementAlgorithm(KeyAgreementAlgorithmSpec.ECDH)
                .recipient(recipient(document)));
        assertNull(sealed.sharedSecret());
        assertArrayEquals(open.sharedSecret().asByteArray(), here.opened(sealed.ciphertextForRecipient()));

        var random = kms.generateRandom(generate -> generate.numberOfBytes(100).recipient(recipient(document)));
        assertNull(random.plaintext());
        assertEquals(100, here.opened(random.ciphertextForRecipient()).length);
    }

    /** The policy that AWS recommends: a key for one image, signed by one signer, and for nobody outside. */
    @Test
    void aKeyPolicyAdmitsOneEnclaveOnly() throws Exception {
        var guarded = kms.createKey().keyMetadata();
        var sealed = kms.encrypt(encrypt -> encrypt.keyId(guarded.keyId()).plaintext(PLAINTEXT))
                .ciphertextBlob();
        kms.putKeyPolicy(put -> put.keyId(guarded.keyId()).policy(policy(guarded.arn())));

        var document = here.document();
        var answer = kms.decrypt(decrypt -> decrypt.ciphertextBlob(sealed).recipient(recipient(document)));
        assertArrayEquals(PLAINTEXT.asByteArray(), here.opened(answer.ciphertextForRecipient()));

        var other = here.document(members -> {
            var measured = new LinkedHashMap<Integer, byte[]>();
            for (int number = 0; number < 16; number++) {
                measured.put(number, Hypervisor.pcr(number == 8 ? 9 : number));
            }
            members.put("pcrs", measured);
        });
        var forged = withFlippedBit(other, Hypervisor.pcr(0));
        assertDenied(here.outcome(kms -> kms.decrypt(decrypt -> decrypt.ciphertextBlob(sealed))));
        assertDenied(here.outcome(
                kms -> kms.decrypt(decrypt -> decrypt.ciphertextBlob(sealed).recipient(recipient(other)))));
        assertDenied(here.outcome(
                kms -> kms.decrypt(decrypt -> decrypt.ciphertextBlob(sealed).recipient(recipient(forged)))));
        assertDenied(here.outcome(kms -> kms.generateDataKey(
                generate -> generate.keyId(guarded.keyId()).numberOfBytes(16).recipient(recipient(other)))));
        // It claims what the policy asks for, and nobody signed it.
        var claims = document.clone();
        claims[claims.length - 1] ^= 1;
        assertEquals(
                INVALID,
                here.outcome(kms ->
                        kms.decrypt(decrypt -> decrypt.ciphertextBlob(sealed).recipient(recipient(claims)))));
    }

    private static void assertDenied(String outcome) {
        assertTrue(outcome.startsWith("AccessDeniedException: "), outcome);
    }

    private static String policy(String arn) {
        var account = arn.split(":", -1)[4];
        return """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::%1$s:root"}, "Action": "kms:*", "Resource": "*"},
                  {"Effect": "Deny", "Principal": "*", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*",
                   "Condition": {"StringNotEqualsIgnoreCase": {"kms:RecipientAttestation:ImageSha384": "%2$s"}}},
                  {"Effect": "Deny", "Principal": "*", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*",
                   "Condition": {"StringNotEquals": {"kms:RecipientAttestation:PCR8": "%3$s"}}}
                ]}
                """.formatted(account, hex(0).toUpperCase(Locale.ROOT), hex(8));
    }

    @Test
    void theShapeOfARecipientIsChecked() throws Exception {
        var document = here.document();
        var another = "ValidationException: 1 validation error detected: Value 'RSAES_OAEP_SHA_1' at"
                + " 'recipient.keyEncryptionAlgorithm' failed to satisfy constraint: Member must satisfy enum value set:"
                + " [RSAES_OAEP_SHA_256]";
        assertEquals(
                another,
                here.outcome(kms -> kms.generateRandom(random -> random.numberOfBytes(8)
                        .recipient(recipient -> recipient
                                .keyEncryptionAlgorithm("RSAES_OAEP_SHA_1")
                                .attestationDocument(SdkBytes.fromByteArray(document))))));
        assertEquals(
                "ValidationException: 1 validation error detected: Value at 'recipient.attestationDocument' failed to"
                        + " satisfy constraint: Member must have length less than or equal to 262144",
                here.outcome(kms ->
                        kms.generateRandom(random -> random.numberOfBytes(8).recipient(recipient(new byte[262_145])))));
        assertEquals(
                INVALID,
                here.outcome(kms ->
                        kms.generateRandom(random -> random.numberOfBytes(8).recipient(recipient(new byte[262_144])))));
        assertEquals(
                "ValidationException: 1 validation error detected: Value null at 'recipient.attestationDocument' failed"
                        + " to satisfy constraint: Member must not be null",
                here.outcome(kms -> kms.generateRandom(random -> random.numberOfBytes(8)
                        .recipient(recipient -> recipient.keyEncryptionAlgorithm("RSAES_OAEP_SHA_256")))));
    }

    @Test
    void aDryRunVerifiesTheDocumentAndTellsNothingElse() throws Exception {
        var document = here.document();
        assertThrows(
                DryRunOperationException.class,
                () -> kms.decrypt(
                        decrypt -> decrypt.ciphertextBlob(blob).dryRun(true).recipient(recipient(document))));
        assertEquals(
                "ValidationException: Recipient cannot be specified when DryRunModifiers has IGNORE_CIPHERTEXT.",
                here.outcome(kms -> kms.decrypt(decrypt -> decrypt.keyId(key)
                        .dryRun(true)
                        .dryRunModifiers(DryRunModifierType.IGNORE_CIPHERTEXT)
                        .recipient(recipient(document)))));
    }

    /** As CloudTrail shows it: who the enclave is, never what it was given. */
    @Test
    void theAuditLogSaysWhichEnclaveItWas() throws Exception {
        var document = here.document();
        var done = kms.generateDataKey(
                generate -> generate.keyId(key).numberOfBytes(77).recipient(recipient(document)));
        var record = record(done.responseMetadata().requestId());
        assertEquals(
                "RSAES_OAEP_SHA_256",
                record.at("/requestParameters/recipient/keyEncryptionAlgorithm").textValue());
        var said = record.at("/additionalEventData/recipient");
        assertEquals(Hypervisor.MODULE, said.path("attestationDocumentModuleId").textValue());
        assertEquals(hex(0), said.path("attestationDocumentEnclaveImageDigest").textValue());
        for (int number : new int[] {1, 2, 3, 4, 8}) {
            assertEquals(
                    hex(number),
                    said.path("attestationDocumentEnclavePCR" + number).textValue());
        }
        assertEquals(7, said.size());

        var forged = withFlippedBit(document, Hypervisor.pcr(0));
        var refused = assertThrows(
                KmsException.class,
                () -> kms.generateRandom(random -> random.numberOfBytes(8).recipient(recipient(forged))));
        assertFalse(record(refused.requestId()).has("additionalEventData"), "claims that nobody verified");
    }

    private static String hex(int number) {
        return HexFormat.of().formatHex(Hypervisor.pcr(number));
    }

    private JsonNode record(String requestId) throws Exception {
        for (var line : Files.readAllLines(here.auditLog)) {
            var record = JSON.readTree(line);
            if (record.path("requestID").textValue().equals(requestId)) {
                return record;
            }
        }
        throw new AssertionError("no record of " + requestId);
    }
}
