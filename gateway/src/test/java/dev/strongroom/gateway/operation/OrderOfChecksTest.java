package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are wrong in two ways: which of the two is reported. Columns: operation, request, outcome begins with. */
class OrderOfChecksTest {

    private static final String TABLE = """
            # shape before lookup
            Encrypt | {'KeyId':'<GONE>','Plaintext':'YQ==','EncryptionAlgorithm':'FOO'} | ValidationException: 1 validation error
            GenerateDataKey | {'KeyId':'fake','NumberOfBytes':1025} | ValidationException: 1 validation error
            TagResource | {'KeyId':'alias/it'} | ValidationException: 1 validation error
            # the form of a reference before whether it exists, an alias before both
            EnableKey | {'KeyId':'alias/missing'} | InvalidArnException
            EnableKey | {'KeyId':'arn:aws:kms:us-west-2:111122223333:alias/missing'} | InvalidArnException
            DescribeKey | {'KeyId':'arn:aws:kms:us-west-2:111122223333:key/foo'} | NotFoundException: Invalid keyId foo
            DescribeKey | {'KeyId':'arn:aws:kms:us-west-2:111122223333:key/<GONE>'} | NotFoundException: Invalid arn us-west-2
            # lookup before whatever the operation asks
            GenerateDataKey | {'KeyId':'<GONE>'} | NotFoundException: Key
            ScheduleKeyDeletion | {'KeyId':'<GONE>','PendingWindowInDays':1} | NotFoundException: Key
            PutKeyPolicy | {'KeyId':'<GONE>','PolicyName':'other','Policy':'{}'} | NotFoundException: Key
            TagResource | {'KeyId':'<GONE>','Tags':[{'TagKey':'aws:a','TagValue':''}]} | NotFoundException: Key
            ListResourceTags | {'KeyId':'<GONE>','Marker':'x'} | NotFoundException: Key
            Decrypt | {'KeyId':'<GONE>','CiphertextBlob':'YQ=='} | NotFoundException: Key
            # data keys: number of bytes xor key spec, usage, state, spec
            GenerateDataKey | {'KeyId':'<SIGN_DELETED>'} | ValidationException: Please specify
            GenerateDataKey | {'KeyId':'<SIGN_DELETED>','KeySpec':'AES_256'} | InvalidKeyUsageException: <SIGN_DELETED.arn> key usage
            GenerateDataKey | {'KeyId':'<RSA_DISABLED>','KeySpec':'AES_256'} | DisabledException
            # encryption: usage, state, algorithm, context and length
            Encrypt | {'KeyId':'<SIGN_DELETED>','Plaintext':'YQ=='} | InvalidKeyUsageException: <SIGN_DELETED.arn> key usage
            Encrypt | {'KeyId':'<RSA_DISABLED>','Plaintext':'YQ=='} | DisabledException
            Encrypt | {'KeyId':'<RSA_2048>','Plaintext':'<4000 bytes>'} | InvalidKeyUsageException: Algorithm
            Decrypt | {'KeyId':'<RSA_DISABLED>','CiphertextBlob':'YQ==','EncryptionAlgorithm':'SM2PKE'} | DisabledException
            Decrypt | {'KeyId':'<RSA_2048>','CiphertextBlob':'YQ==','EncryptionAlgorithm':'SM2PKE','EncryptionContext':{'a':'b'}} | InvalidKeyUsageException: Algorithm
            # decryption: the blob's form, whose it is, the key's state
            Decrypt | {'KeyId':'<DISABLED>','CiphertextBlob':'YQ=='} | InvalidCiphertextException
            Decrypt | {'KeyId':'<HMAC>','CiphertextBlob':'YQ=='} | InvalidCiphertextException
            Decrypt | {'KeyId':'<DISABLED>','CiphertextBlob':'<ID.blob>'} | IncorrectKeyException
            Decrypt | {'KeyId':'<SIGN_DELETED>','CiphertextBlob':'<ID.blob>'} | IncorrectKeyException
            # signatures: shape, lookup, usage, state, algorithm, type, length
            Sign | {'KeyId':'<GONE>','Message':'YQ==','SigningAlgorithm':'FOO'} | ValidationException: 1 validation error
            Sign | {'KeyId':'<GONE>','Message':'<31 bytes>','MessageType':'DIGEST','SigningAlgorithm':'ECDSA_SHA_256'} | NotFoundException
            Sign | {'KeyId':'<PENDING_DELETION>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256'} | InvalidKeyUsageException: <PENDING_DELETION.arn> key usage
            Sign | {'KeyId':'<SIGN_DELETED>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256'} | KMSInvalidStateException
            Verify | {'KeyId':'<SIGN>','Message':'YQ==','MessageType':'DIGEST','SigningAlgorithm':'ECDSA_SHA_256','Signature':'YQ=='} | InvalidKeyUsageException: Algorithm
            Sign | {'KeyId':'<ED>','Message':'YQ==','MessageType':'DIGEST','SigningAlgorithm':'ED25519_SHA_512'} | ValidationException: Message type
            Sign | {'KeyId':'<SIGN_DELETED>','Message':'<31 bytes>','MessageType':'DIGEST','SigningAlgorithm':'RSASSA_PSS_SHA_256','DryRun':true} | KMSInvalidStateException
            # MACs, agreement, encapsulation: usage, state, algorithm
            GenerateMac | {'KeyId':'<SIGN_DELETED>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256'} | InvalidKeyUsageException: <SIGN_DELETED.arn> key usage
            DeriveSharedSecret | {'KeyId':'<SIGN_DELETED>','PublicKey':'YQ==','KeyAgreementAlgorithm':'ECDH'} | InvalidKeyUsageException
            Encapsulate | {'KeyId':'<GONE>','EncapsulationAlgorithm':'FOO'} | ValidationException: 1 validation error
            Decapsulate | {'KeyId':'<SIGN_DELETED>','EncapsulationAlgorithm':'ML_KEM','SharedSecretCiphertextBlob':'YQ=='} | InvalidKeyUsageException
            # data key pairs: usage, state, spec
            GenerateDataKeyPair | {'KeyId':'<GONE>','KeyPairSpec':'ML_DSA_44'} | ValidationException: 1 validation error
            GenerateDataKeyPair | {'KeyId':'<SIGN_DELETED>','KeyPairSpec':'SM2'} | InvalidKeyUsageException: <SIGN_DELETED.arn> key usage
            GenerateDataKeyPair | {'KeyId':'<RSA_DISABLED>','KeyPairSpec':'SM2'} | DisabledException
            # public keys: state before kind
            GetPublicKey | {'KeyId':'<PENDING_DELETION>'} | KMSInvalidStateException
            # the source of a ReEncrypt before its destination; only, of the key of a ciphertext nobody says that it is not there
            ReEncrypt | {'CiphertextBlob':'<GONE.blob>','DestinationKeyId':'<GONE>'} | NotFoundException
            ReEncrypt | {'CiphertextBlob':'<GONE.blob>','DestinationKeyId':'<DISABLED>'} | AccessDeniedException
            ReEncrypt | {'CiphertextBlob':'YQ==','DestinationKeyId':'<GONE>'} | InvalidCiphertextException
            ReEncrypt | {'CiphertextBlob':'<DISABLED.blob>','DestinationKeyId':'<PENDING_DELETION>'} | DisabledException: <DISABLED.arn>
            ReEncrypt | {'CiphertextBlob':'<ID.blob>','SourceKeyId':'<OTHER>','DestinationKeyId':'<DISABLED>'} | IncorrectKeyException
            # policies: name, then text; grammar, then lockout
            PutKeyPolicy | {'KeyId':'<ID>','PolicyName':'other','Policy':'{}'} | NotFoundException: No such policy
            PutKeyPolicy | {'KeyId':'<ID>','Policy':'<32769 x>'} | LimitExceededException
            PutKeyPolicy | {'KeyId':'<ID>','Policy':'{`Statement`:{`Effect`:`Deny`,`Principal`:{`AWS`:`me`}}}'} | MalformedPolicyDocumentException: Policy contains
            # new keys: spec and usage, tags, policy
            CreateKey | {'KeySpec':'RSA_2048','Tags':[{'TagKey':'aws:a','TagValue':''}]} | ValidationException: You must
            CreateKey | {'KeySpec':'RSA_2048','CustomerMasterKeySpec':'RSA_2048'} | ValidationException: You cannot
            CreateKey | {'Tags':[{'TagKey':'aws:a','TagValue':''}],'Policy':'{}'} | TagException
            # aliases: the name, then the target, then whether they exist
            CreateAlias | {'AliasName':'new','TargetKeyId':'alias/it'} | ValidationException: Alias must start
            CreateAlias | {'AliasName':'alias/aws/a:b','TargetKeyId':'<GONE>'} | NotAuthorizedException
            CreateAlias | {'AliasName':'alias/new','TargetKeyId':'alias/missing'} | ValidationException: Aliases must refer
            UpdateAlias | {'AliasName':'alias/missing','TargetKeyId':'alias/it'} | ValidationException: Aliases must refer
            UpdateAlias | {'AliasName':'alias/missing','TargetKeyId':'<GONE>'} | NotFoundException: Alias
            UpdateAlias | {'AliasName':'alias/it','TargetKeyId':'<SIGN_DELETED>'} | KMSInvalidStateException
            # state before what is asked
            TagResource | {'KeyId':'<PENDING_DELETION>','Tags':[{'TagKey':'aws:a','TagValue':''}]} | KMSInvalidStateException
            # a dry run fails as the run would
            Encrypt | {'KeyId':'<DISABLED>','Plaintext':'YQ==','DryRun':true} | DisabledException
            Decrypt | {'KeyId':'<DISABLED>','DryRun':true,'DryRunModifiers':['IGNORE_CIPHERTEXT']} | DisabledException
            Decrypt | {'KeyId':'<SIGN>','DryRun':true,'DryRunModifiers':['IGNORE_CIPHERTEXT']} | InvalidKeyUsageException
            """;

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rows")
    void theFirstOfTwoFaultsIsReported(String operation, String request, String outcome) {
        var expected = Sample.expand(outcome);
        var actual = RecordedTextsTest.WORLD.outcome(operation, Sample.json(request));
        assertEquals(expected, actual.substring(0, Math.min(expected.length(), actual.length())));
    }

    private static Stream<Object[]> rows() {
        return TABLE.lines().filter(line -> !line.startsWith("#")).map(line -> line.split(" +\\| +", 3));
    }
}
