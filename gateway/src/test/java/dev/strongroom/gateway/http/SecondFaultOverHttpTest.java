package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that are wrong in two ways, of which one is for the HSM to find: which of the two is reported, through HTTP.
 * Columns: operation, request, outcome begins with.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecondFaultOverHttpTest {

    private static final String TABLE = """
            # whose a ciphertext is, then the key's state, then whether it opens
            Decrypt | {'KeyId':'<OTHER>','CiphertextBlob':'<ID.blob>','EncryptionContext':{'a':'b'}} | IncorrectKeyException
            Decrypt | {'KeyId':'<OTHER>','CiphertextBlob':'<DISABLED.blob>'} | IncorrectKeyException
            Decrypt | {'CiphertextBlob':'<DISABLED.blob>','EncryptionContext':{'a':'b'}} | DisabledException: <DISABLED.arn>
            Decrypt | {'CiphertextBlob':'<PENDING_DELETION.blob>','EncryptionContext':{'a':'b'}} | KMSInvalidStateException: <PENDING_DELETION.arn>
            Decrypt | {'CiphertextBlob':'<PENDING_IMPORT.blob>','EncryptionContext':{'a':'b'}} | KMSInvalidStateException: <PENDING_IMPORT.arn> is pending import.
            ReEncrypt | {'CiphertextBlob':'<ID.blob>','SourceEncryptionContext':{'a':'b'},'DestinationKeyId':'<DISABLED>'} | DisabledException: <DISABLED.arn>
            # of key pairs: algorithm, context, then whether it opens
            Decrypt | {'KeyId':'<RSA_2048>','CiphertextBlob':'YQ==','EncryptionAlgorithm':'SM2PKE','EncryptionContext':{'a':'b'}} | InvalidKeyUsageException: Algorithm
            Decrypt | {'KeyId':'<RSA_2048>','CiphertextBlob':'YQ==','EncryptionAlgorithm':'RSAES_OAEP_SHA_256','EncryptionContext':{'a':'b'}} | ValidationException: EncryptionContext
            # lengths before signatures
            Verify | {'KeyId':'<P256>','Message':'<31 bytes>','MessageType':'DIGEST','SigningAlgorithm':'ECDSA_SHA_256','Signature':'YQ=='} | ValidationException: Digest
            Verify | {'KeyId':'<ED>','Message':'YQ==','MessageType':'DIGEST','SigningAlgorithm':'ED25519_SHA_512','Signature':'YQ=='} | ValidationException: Message type
            # agreement: usage and state before the peer's key
            DeriveSharedSecret | {'KeyId':'<P256>','PublicKey':'YQ==','KeyAgreementAlgorithm':'ECDH'} | InvalidKeyUsageException: <P256.arn>
            # the dry run last of all: what would fail fails in its own way
            Decrypt | {'CiphertextBlob':'<ID.blob>','EncryptionContext':{'a':'b'},'DryRun':true} | InvalidCiphertextException
            Decrypt | {'KeyId':'<RSA_2048>','CiphertextBlob':'<256 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_256','DryRun':true} | InvalidCiphertextException
            Encrypt | {'KeyId':'<RSA_2048>','Plaintext':'<191 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_256','DryRun':true} | ValidationException: Algorithm
            ReEncrypt | {'CiphertextBlob':'<ID.blob>','SourceEncryptionContext':{'a':'b'},'DestinationKeyId':'<OTHER>','DryRun':true} | InvalidCiphertextException
            Verify | {'KeyId':'<P256>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256','Signature':'YQ==','DryRun':true} | KMSInvalidSignatureException
            VerifyMac | {'KeyId':'<HMAC>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256','Mac':'YQ==','DryRun':true} | KMSInvalidMacException
            DeriveSharedSecret | {'KeyId':'<AGREE>','PublicKey':'<91 bytes>','KeyAgreementAlgorithm':'ECDH','DryRun':true} | ValidationException
            Decapsulate | {'KeyId':'<KEM>','EncapsulationAlgorithm':'ML_KEM','SharedSecretCiphertextBlob':'YQ==','DryRun':true} | InvalidCiphertextException
            Sign | {'KeyId':'<P256>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_384','DryRun':true} | InvalidKeyUsageException: Algorithm
            GenerateDataKey | {'KeyId':'<DISABLED>','KeySpec':'AES_256','DryRun':true} | DisabledException
            # public keys: state before kind
            GetPublicKey | {'KeyId':'<PENDING_IMPORT>'} | KMSInvalidStateException: <PENDING_IMPORT.arn> is pending import.
            # imports: origin, pending deletion, parameters, token, length
            GetParametersForImport | {'KeyId':'<PENDING_DELETION>','WrappingAlgorithm':'RSAES_PKCS1_V1_5','WrappingKeySpec':'RSA_2048'} | UnsupportedOperationException: <PENDING_DELETION.arn> origin
            ImportKeyMaterial | {'KeyId':'<PENDING_DELETION>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ=='} | UnsupportedOperationException: <PENDING_DELETION.arn> origin
            ImportKeyMaterial | {'KeyId':'<EXTERNAL>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ=='} | ValidationException: A validTo
            ImportKeyMaterial | {'KeyId':'<EXTERNAL>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==','ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE'} | InvalidImportTokenException
            # rotation: period, lookup, origin, state, spec; on demand: state, spec, material, limit
            EnableKeyRotation | {'KeyId':'<GONE>','RotationPeriodInDays':89} | ValidationException: 1 validation error
            EnableKeyRotation | {'KeyId':'<EXTERNAL_DISABLED>'} | UnsupportedOperationException: <EXTERNAL_DISABLED.arn> origin
            EnableKeyRotation | {'KeyId':'<RSA_DISABLED>'} | DisabledException
            RotateKeyOnDemand | {'KeyId':'<RSA_DISABLED>'} | DisabledException
            RotateKeyOnDemand | {'KeyId':'<PENDING_IMPORT>'} | KMSInvalidStateException: <PENDING_IMPORT.arn> is pending import.
            # recipients: what the operation asks, the key's state, the document, whether it opens
            GenerateRandom | {'Recipient':{'AttestationDocument':'YQ=='}} | ValidationException: NumberOfBytes
            GenerateDataKey | {'KeyId':'<ID>','Recipient':{'AttestationDocument':'YQ=='}} | ValidationException: Please specify
            Decrypt | {'CiphertextBlob':'<DISABLED.blob>','Recipient':{'AttestationDocument':'YQ=='}} | DisabledException
            Decrypt | {'CiphertextBlob':'<ID.blob>','EncryptionContext':{'a':'b'},'Recipient':{'AttestationDocument':'YQ=='}} | ValidationException: The attestation document
            """;

    private LiveGateway kms;
    private LiveKeys keys;

    @BeforeAll
    void open() throws Exception {
        kms = new LiveGateway();
        keys = new LiveKeys(kms);
    }

    @AfterAll
    void close() {
        kms.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rows")
    void theFirstOfTwoFaultsIsReported(String operation, String request, String outcome) {
        var expected = keys.text(outcome);
        var actual = keys.outcome(operation, request);
        assertEquals(expected, actual.substring(0, Math.min(expected.length(), actual.length())));
    }

    private static Stream<Object[]> rows() {
        return TABLE.lines().filter(line -> !line.startsWith("#")).map(line -> line.split(" +\\| +", 3));
    }
}
