package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Errors that the real service was seen to give, to the letter. Each line holds the number of the record, the operation,
 * the request and the outcome; shorthands as in {@link Sample#expand}.
 */
class RecordedTextsTest {

    private static final String REFERENCES = """
            1  | DescribeKey | {'KeyId':'fake-key-id'} | NotFoundException: Invalid keyId 'fake-key-id'
            1  | EnableKey   | {'KeyId':'fake-key-id'} | NotFoundException: Invalid keyId 'fake-key-id'
            2  | Encrypt | {'KeyId':'134f2428cec14b25a1ae9048164dba47','Plaintext':'YQ=='} | NotFoundException: Invalid keyId '134f2428cec14b25a1ae9048164dba47'
            3  | DescribeKey | {'KeyId':'mrk-1234'} | NotFoundException: Invalid keyId 'mrk-1234'
            4  | DescribeKey | {'KeyId':'arn:aws:kms:eu-central-1:111122223333:key/foo'} | NotFoundException: Invalid keyId foo
            5  | DescribeKey | {'KeyId':'<GONE>'} | NotFoundException: Key '<GONE.arn>' does not exist
            5  | DescribeKey | {'KeyId':'AAAAAAAA-0000-4000-8000-000000000000'} | NotFoundException: Key 'arn:aws:kms:eu-central-1:111122223333:key/AAAAAAAA-0000-4000-8000-000000000000' does not exist
            5  | DisableKey  | {'KeyId':'<GONE.arn>'} | NotFoundException: Key '<GONE.arn>' does not exist
            5  | ReEncrypt   | {'CiphertextBlob':'<ID.blob>','DestinationKeyId':'<GONE>'} | NotFoundException: Key '<GONE.arn>' does not exist
            5  | Decrypt     | {'CiphertextBlob':'<ID.blob>','KeyId':'<GONE>'} | NotFoundException: Key '<GONE.arn>' does not exist
            5  | CreateAlias | {'AliasName':'alias/new','TargetKeyId':'<GONE>'} | NotFoundException: Key '<GONE.arn>' does not exist
            5  | ListAliases | {'KeyId':'<GONE>'} | NotFoundException: Key '<GONE.arn>' does not exist
            6  | DescribeKey | {'KeyId':'arn:aws:kms:us-west-2:111122223333:key/<ID>'} | NotFoundException: Invalid arn us-west-2
            6  | Encrypt     | {'KeyId':'arn:aws:kms:us-west-2:111122223333:alias/it','Plaintext':'YQ=='} | NotFoundException: Invalid arn us-west-2
            7  | Encrypt     | {'KeyId':'alias/missing','Plaintext':'YQ=='} | NotFoundException: Alias arn:aws:kms:eu-central-1:111122223333:alias/missing is not found.
            7  | DescribeKey | {'KeyId':'arn:aws:kms:eu-central-1:111122223333:alias/missing'} | NotFoundException: Alias arn:aws:kms:eu-central-1:111122223333:alias/missing is not found.
            7  | DescribeKey | {'KeyId':'alias/aws/unknown'} | NotFoundException: Alias arn:aws:kms:eu-central-1:111122223333:alias/aws/unknown is not found.
            7  | UpdateAlias | {'AliasName':'alias/missing','TargetKeyId':'<ID>'} | NotFoundException: Alias arn:aws:kms:eu-central-1:111122223333:alias/missing is not found.
            7  | DeleteAlias | {'AliasName':'alias/missing'} | NotFoundException: Alias arn:aws:kms:eu-central-1:111122223333:alias/missing is not found.
            8  | EnableKey   | {'KeyId':'alias/it'} | InvalidArnException: Key Aliases are not supported for this operation.
            8  | EnableKey   | {'KeyId':'alias/missing'} | InvalidArnException: Key Aliases are not supported for this operation.
            8  | ListAliases | {'KeyId':'arn:aws:kms:eu-central-1:111122223333:alias/it'} | InvalidArnException: Key Aliases are not supported for this operation.
            8  | PutKeyPolicy | {'KeyId':'alias/it','Policy':'{}'} | InvalidArnException: Key Aliases are not supported for this operation.
            8  | TagResource | {'KeyId':'alias/it','Tags':[]} | InvalidArnException: Key Aliases are not supported for this operation.
            """;

    private static final String SHAPES = """
            9  | DescribeKey | {} | ValidationException: 1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null
            10 | DescribeKey | {'KeyId':''} | ValidationException: 2 validation errors detected: Value '' at 'keyId' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'keyId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^\\p{ASCII}+$
            11 | DescribeKey | {'KeyId':'キー'} | ValidationException: 1 validation error detected: Value 'キー' at 'keyId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^\\p{ASCII}+$
            12 | ReEncrypt   | {'CiphertextBlob':'<ID.blob>'} | ValidationException: 1 validation error detected: Value null at 'destinationKeyId' failed to satisfy constraint: Member must not be null
            13 | CreateAlias | {'AliasName':'alias/new'} | ValidationException: 1 validation error detected: Value null at 'targetKeyId' failed to satisfy constraint: Member must not be null
            14 | Encrypt | {'KeyId':'<ID>'} | ValidationException: 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must not be null
            15 | Encrypt | {'KeyId':'<ID>','Plaintext':''} | ValidationException: 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length greater than or equal to 1
            16 | Encrypt | {'KeyId':'<ID>','Plaintext':'<4097 bytes>'} | ValidationException: 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096
            18 | Decrypt   | {} | ValidationException: 1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null
            18 | ReEncrypt | {'DestinationKeyId':'<ID>'} | ValidationException: 1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null
            19 | Decrypt | {'CiphertextBlob':''} | ValidationException: 1 validation error detected: Value at 'ciphertextBlob' failed to satisfy constraint: Member must have length greater than or equal to 1
            19 | Decrypt | {'CiphertextBlob':'<6145 bytes>'} | ValidationException: 1 validation error detected: Value at 'ciphertextBlob' failed to satisfy constraint: Member must have length less than or equal to 6144
            25 | Encrypt | {'KeyId':'<ID>','Plaintext':'YQ==','EncryptionAlgorithm':'FOO'} | ValidationException: 1 validation error detected: Value 'FOO' at 'encryptionAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE, SYMMETRIC_DEFAULT]
            31 | GenerateRandom | {'NumberOfBytes':0} | ValidationException: 1 validation error detected: Value '0' at 'numberOfBytes' failed to satisfy constraint: Member must have value greater than or equal to 1
            31 | GenerateDataKey | {'KeyId':'<ID>','NumberOfBytes':1025} | ValidationException: 1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024
            32 | GenerateRandom | {} | ValidationException: NumberOfBytes is required.
            33 | GenerateDataKey | {'KeyId':'<ID>'} | ValidationException: Please specify either number of bytes or key spec.
            33 | GenerateDataKeyWithoutPlaintext | {'KeyId':'<ID>','KeySpec':'AES_256','NumberOfBytes':32} | ValidationException: Please specify either number of bytes or key spec.
            35 | ScheduleKeyDeletion | {'KeyId':'<ID>','PendingWindowInDays':1} | ValidationException: PendingWindowInDays must be between 7 and 30
            35 | ScheduleKeyDeletion | {'KeyId':'<ID>','PendingWindowInDays':31} | ValidationException: PendingWindowInDays must be between 7 and 30
            """;

    private static final String KEYS = """
            36 | CreateKey | {'KeySpec':'RSA_2048'} | ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.
            36 | CreateKey | {'CustomerMasterKeySpec':'HMAC_256'} | ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.
            37 | CreateKey | {'KeySpec':'RSA_2048','KeyUsage':'KEY_AGREEMENT'} | ValidationException: KeyUsage KEY_AGREEMENT is not compatible with KeySpec RSA_2048
            38 | CreateKey | {'KeySpec':'ECC_NIST_P256','KeyUsage':'ENCRYPT_DECRYPT'} | ValidationException: KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ECC_NIST_P256
            39 | CreateKey | {'KeySpec':'RSA_2048','CustomerMasterKeySpec':'RSA_2048'} | ValidationException: You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.
            40 | Encrypt | {'KeyId':'<SIGN>','Plaintext':'YQ=='} | InvalidKeyUsageException: <SIGN.arn> key usage is SIGN_VERIFY which is not valid for Encrypt.
            40 | Decrypt | {'CiphertextBlob':'YQ==','KeyId':'<SIGN>','EncryptionAlgorithm':'RSAES_OAEP_SHA_1'} | InvalidKeyUsageException: <SIGN.arn> key usage is SIGN_VERIFY which is not valid for Decrypt.
            40 | GenerateDataKey | {'KeyId':'<HMAC>','KeySpec':'AES_256'} | InvalidKeyUsageException: <HMAC.arn> key usage is GENERATE_VERIFY_MAC which is not valid for GenerateDataKey.
            40 | GenerateDataKeyWithoutPlaintext | {'KeyId':'<SIGN>','KeySpec':'AES_256'} | InvalidKeyUsageException: <SIGN.arn> key usage is SIGN_VERIFY which is not valid for GenerateDataKeyWithoutPlaintext.
            41 | Encrypt | {'KeyId':'<ID>','Plaintext':'YQ==','EncryptionAlgorithm':'RSAES_OAEP_SHA_256'} | InvalidKeyUsageException: Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.
            42 | Encrypt | {'KeyId':'<RSA_2048>','Plaintext':'YQ=='} | InvalidKeyUsageException: Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.
            43 | GenerateDataKey | {'KeyId':'<RSA_2048>','KeySpec':'AES_256'} | InvalidKeyUsageException: You cannot generate a data key with an asymmetric CMK
            47 | Encrypt | {'KeyId':'<RSA_2048>','Plaintext':'<214 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_1'} | ok
            47 | Encrypt | {'KeyId':'<RSA_2048>','Plaintext':'<215 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_1'} | ValidationException: Algorithm RSAES_OAEP_SHA_1 and key spec RSA_2048 cannot encrypt data larger than 214 bytes.
            47 | Encrypt | {'KeyId':'<RSA_2048>','Plaintext':'<191 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_256'} | ValidationException: Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.
            47 | Encrypt | {'KeyId':'<RSA_3072>','Plaintext':'<343 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_1'} | ValidationException: Algorithm RSAES_OAEP_SHA_1 and key spec RSA_3072 cannot encrypt data larger than 342 bytes.
            47 | Encrypt | {'KeyId':'<RSA_3072>','Plaintext':'<319 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_256'} | ValidationException: Algorithm RSAES_OAEP_SHA_256 and key spec RSA_3072 cannot encrypt data larger than 318 bytes.
            47 | Encrypt | {'KeyId':'<RSA_4096>','Plaintext':'<471 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_1'} | ValidationException: Algorithm RSAES_OAEP_SHA_1 and key spec RSA_4096 cannot encrypt data larger than 470 bytes.
            47 | Encrypt | {'KeyId':'<RSA_4096>','Plaintext':'<447 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_256'} | ValidationException: Algorithm RSAES_OAEP_SHA_256 and key spec RSA_4096 cannot encrypt data larger than 446 bytes.
            48 | Encrypt | {'KeyId':'<RSA_2048>','Plaintext':'YQ==','EncryptionAlgorithm':'RSAES_OAEP_SHA_1','EncryptionContext':{'a':'b'}} | ValidationException: EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.
            48 | Decrypt | {'KeyId':'<RSA_2048>','CiphertextBlob':'YQ==','EncryptionAlgorithm':'RSAES_OAEP_SHA_1','EncryptionContext':{'a':'b'}} | ValidationException: EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.
            48 | Decrypt | {'KeyId':'<RSA_2048>','CiphertextBlob':'YQ==','EncryptionAlgorithm':'RSAES_OAEP_SHA_1','EncryptionContext':{}} | ok
            48 | ReEncrypt | {'CiphertextBlob':'<ID.blob>','DestinationKeyId':'<RSA_2048>','DestinationEncryptionAlgorithm':'RSAES_OAEP_SHA_1','DestinationEncryptionContext':{'a':'b'}} | ValidationException: EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.
            48 | ReEncrypt | {'CiphertextBlob':'YQ==','SourceKeyId':'<RSA_2048>','SourceEncryptionAlgorithm':'RSAES_OAEP_SHA_1','SourceEncryptionContext':{'a':'b'},'DestinationKeyId':'<ID>'} | ValidationException: EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.
            51 | Decrypt | {'CiphertextBlob':'<200 bytes>'} | InvalidCiphertextException
            51 | Decrypt | {'CiphertextBlob':'<200 bytes>','KeyId':'<ID>'} | InvalidCiphertextException
            51 | ReEncrypt | {'CiphertextBlob':'<200 bytes>','DestinationKeyId':'<ID>'} | InvalidCiphertextException
            52 | Decrypt | {'CiphertextBlob':'<256 bytes>','KeyId':'<RSA_2048>'} | InvalidCiphertextException
            53 | Decrypt | {'CiphertextBlob':'<ID.blob>','KeyId':'<OTHER>'} | IncorrectKeyException: The key ID in the request does not identify a CMK that can perform this operation.
            53 | Decrypt | {'CiphertextBlob':'<ID.blob>','KeyId':'<SIGN>'} | IncorrectKeyException: The key ID in the request does not identify a CMK that can perform this operation.
            53 | ReEncrypt | {'CiphertextBlob':'<ID.blob>','SourceKeyId':'<OTHER>','DestinationKeyId':'<ID>'} | IncorrectKeyException: The key ID in the request does not identify a CMK that can perform this operation.
            54 | Encrypt | {'KeyId':'<DISABLED>','Plaintext':'YQ=='} | DisabledException: <DISABLED.arn> is disabled.
            55 | GenerateDataKey | {'KeyId':'<PENDING_DELETION>','KeySpec':'AES_256'} | KMSInvalidStateException: <PENDING_DELETION.arn> is pending deletion.
            56 | CancelKeyDeletion | {'KeyId':'<ID>'} | KMSInvalidStateException: <ID.arn> is not pending deletion.
            57 | Decrypt | {'CiphertextBlob':'<PENDING_IMPORT.blob>'} | KMSInvalidStateException: <PENDING_IMPORT.arn> is pending import.
            58 | Encrypt | {'KeyId':'<UNAVAILABLE>','Plaintext':'YQ=='} | KMSInvalidStateException: <UNAVAILABLE.arn> is unavailable.
            59 | Encrypt | {'KeyId':'<CREATING>','Plaintext':'YQ=='} | KMSInvalidStateException: <CREATING.arn> is creating.
            59 | DisableKey | {'KeyId':'<UPDATING>'} | KMSInvalidStateException: <UPDATING.arn> is updating.
            99 | Decrypt | {'CiphertextBlob':'<GONE.blob>'} | AccessDeniedException: User: arn:aws:iam::111122223333:root is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access
            """;

    private static final String LABELS = """
            72 | CreateAlias | {'AliasName':'new','TargetKeyId':'<ID>'} | ValidationException: Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
            73 | CreateAlias | {'AliasName':'alias/my-alias!','TargetKeyId':'<ID>'} | ValidationException: 1 validation error detected: Value 'alias/my-alias!' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$
            74 | CreateAlias | {'AliasName':'alias/my:alias','TargetKeyId':'<ID>'} | ValidationException: alias/my:alias contains invalid characters for an alias
            75 | CreateAlias | {'AliasName':'alias/new','TargetKeyId':'alias/it'} | ValidationException: Aliases must refer to keys. Not aliases
            77 | CreateAlias | {'AliasName':'alias/aws/mine','TargetKeyId':'<ID>'} | NotAuthorizedException
            77 | UpdateAlias | {'AliasName':'alias/aws/mine','TargetKeyId':'<ID>'} | NotAuthorizedException
            77 | DeleteAlias | {'AliasName':'alias/aws/mine'} | NotAuthorizedException
            78 | UpdateAlias | {'AliasName':'alias/rsa','TargetKeyId':'<SIGN>'} | ValidationException: Alias alias/rsa cannot be changed from a CMK with key usage ENCRYPT_DECRYPT to a CMK with key usage SIGN_VERIFY. The key usage of the current CMK and the new CMK must be the same.
            78 | UpdateAlias | {'AliasName':'alias/sign','TargetKeyId':'<RSA_2048>'} | ValidationException: Alias alias/sign cannot be changed from a CMK with key usage SIGN_VERIFY to a CMK with key usage ENCRYPT_DECRYPT. The key usage of the current CMK and the new CMK must be the same.
            78 | UpdateAlias | {'AliasName':'alias/it','TargetKeyId':'<RSA_2048>'} | ValidationException: Alias alias/it cannot be changed from a CMK with key type SYMMETRIC to a CMK with key type ASYMMETRIC. The key type of the current CMK and the new CMK must be the same.
            78 | UpdateAlias | {'AliasName':'alias/it','TargetKeyId':'<HMAC>'} | ValidationException: Alias alias/it cannot be changed from a CMK with key type SYMMETRIC to a CMK with key type HMAC. The key type of the current CMK and the new CMK must be the same.
            78 | UpdateAlias | {'AliasName':'alias/rsa','TargetKeyId':'<RSA_3072>'} | ok
            79 | TagResource | {'KeyId':'<ID>','Tags':[{'TagKey':'a','TagValue':'1'},{'TagKey':'a','TagValue':'2'}]} | TagException: Duplicate tag keys
            79 | CreateKey | {'Tags':[{'TagKey':'a','TagValue':'1'},{'TagKey':'a','TagValue':'1'}]} | TagException: Duplicate tag keys
            80 | TagResource | {'KeyId':'<FULL>','Tags':[{'TagKey':'one more','TagValue':''}]} | TagException: Too many tags
            81 | TagResource | {'KeyId':'<ID>','Tags':[{'TagKey':'aws:a','TagValue':''}]} | TagException: Tags beginning with aws: are reserved
            81 | CreateKey | {'Tags':[{'TagKey':'AwS:a','TagValue':''}]} | TagException: Tags beginning with aws: are reserved
            81 | UntagResource | {'KeyId':'<ID>','TagKeys':['AWS:a']} | TagException: Tags beginning with aws: are reserved
            82 | TagResource | {'KeyId':'<ID>','Tags':[{'TagKey':'a','TagValue':'<257 v>'}]} | ValidationException: 1 validation error detected: Value '<257 v>' at 'tags.1.member.tagValue' failed to satisfy constraint: Member must have length less than or equal to 256
            83 | TagResource | {'KeyId':'<ID>','Tags':[{'TagKey':'<129 k>','TagValue':''}]} | ValidationException: 1 validation error detected: Value '<129 k>' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128
            84 | TagResource | {'KeyId':'<ID>','Tags':[{'TagKey':'a','TagValue':''},{'TagKey':'','TagValue':''}]} | ValidationException: 1 validation error detected: Value '' at 'tags.2.member.tagKey' failed to satisfy constraint: Member must have length greater than or equal to 1
            85 | TagResource | {'KeyId':'<ID>'} | ValidationException: 1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null
            86 | PutKeyPolicy | {'KeyId':'<ID>'} | ValidationException: 1 validation error detected: Value null at 'policy' failed to satisfy constraint: Member must not be null
            87 | GetKeyPolicy | {'KeyId':'<ID>','PolicyName':'invalid-name'} | ValidationException: 1 validation error detected: Value 'invalid-name' at 'policyName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w]+
            88 | GetKeyPolicy | {'KeyId':'<ID>','PolicyName':'other'} | NotFoundException: No such policy exists
            88 | PutKeyPolicy | {'KeyId':'<ID>','PolicyName':'other','Policy':'{}'} | NotFoundException: No such policy exists
            89 | PutKeyPolicy | {'KeyId':'<ID>','Policy':'{`Statement`:[{`Effect`:`Allow`,`Principal`:`*`,`Action`:`kms:Get*`,`Resource`:`*`}]}'} | MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.
            89 | CreateKey | {'Policy':'{`Statement`:[{`Effect`:`Allow`,`Principal`:`*`,`Action`:`kms:Get*`,`Resource`:`*`}]}'} | MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.
            89 | PutKeyPolicy | {'KeyId':'<ID>','BypassPolicyLockoutSafetyCheck':true,'Policy':'{`Statement`:[{`Effect`:`Allow`,`Principal`:`*`,`Action`:`kms:Get*`,`Resource`:`*`}]}'} | ok
            89 | CreateKey | {'BypassPolicyLockoutSafetyCheck':true,'Policy':'{`Statement`:[{`Effect`:`Allow`,`Principal`:`*`,`Action`:`kms:Get*`,`Resource`:`*`}]}'} | ok
            90 | PutKeyPolicy | {'KeyId':'<ID>','Policy':'{`Statement`:[{`Effect`:`Allow`,`Principal`:{`AWS`:`me`},`Action`:`kms:*`,`Resource`:`*`}]}'} | MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.
            91 | PutKeyPolicy | {'KeyId':'<ID>','Policy':'{`Statement`:[{`Effect`:`Allow`,`Principal`:{`AWS`:`arn:aws:iam`},`Action`:`kms:*`,`Resource`:`*`}]}'} | InvalidArnException: An ARN in the specified key policy is invalid.
            92 | PutKeyPolicy | {'KeyId':'<ID>','Policy':'{`Statement`:[{`Effect`:`Allow`,`Principal`:`*`,`Action`:`kms:*`,`Resource`:`*`,`Condition`:{`ForAllValues:StringEquals`:{`kms:EncryptionContext:a`:`b`}}}]}'} | MalformedPolicyDocumentException: OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches requests without the specified [encryption context or tag] or with an unspecified [encryption context or tag]. To fix, remove ForAllValues.
            """;

    static final World WORLD = world();

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("records")
    void theWordsAreThoseOfTheService(int number, String operation, String request, String outcome) {
        var actual = WORLD.outcome(operation, Sample.json(request));
        assertEquals(Sample.expand(outcome), Records.asFarAs(outcome, actual));
    }

    @Test
    void theLimitOfAliasesOfAKeyIsRecord66() {
        var refused = new Refused(Refusal.LIMIT_EXCEEDED, "60");
        assertEquals(
                "LimitExceededException: Aliases per key quota for this account in this region is 50, current usage is 60.",
                refusal("CreateAlias", "{'AliasName':'alias/new','TargetKeyId':'<ID>'}", refused));
        assertEquals(
                "LimitExceededException: Aliases per key quota for this account in this region is 50, current usage is 60.",
                refusal("UpdateAlias", "{'AliasName':'alias/it','TargetKeyId':'<OTHER>'}", refused));
    }

    @Test
    void theLimitOfKeysIsRecord67() {
        assertEquals(
                "LimitExceededException: Key quota for this account in this region is 100000 but the current usage is"
                        + " 100000.",
                refusal("CreateKey", "{}", new Refused(Refusal.LIMIT_EXCEEDED, "100000")));
    }

    @Test
    void aTakenAliasIsRecord76() {
        assertEquals(
                "AlreadyExistsException: An alias with the name arn:aws:kms:eu-central-1:111122223333:alias/it already exists",
                refusal(
                        "CreateAlias",
                        "{'AliasName':'alias/it','TargetKeyId':'<ID>'}",
                        new Refused(Refusal.ALREADY_EXISTS)));
    }

    @Test
    void otherRefusalsHaveNoWordsOfTheirOwn() {
        var stale = new Refused(Refusal.STALE);
        assertEquals("none", refusal("CreateAlias", "{'AliasName':'alias/new','TargetKeyId':'<ID>'}", stale));
        assertEquals("none", refusal("CreateKey", "{}", stale));
        assertEquals("none", refusal("Encrypt", "{'KeyId':'<ID>','Plaintext':'YQ=='}", stale));
    }

    private static String refusal(String operation, String request, Refused refused) {
        return WORLD.refusal(operation, Sample.json(request), refused)
                .map(Throwable::getMessage)
                .orElse("none");
    }

    static Stream<Object[]> parse(String table) {
        return table.lines().map(line -> {
            var columns = line.split(" +\\| +", 4);
            return new Object[] {Integer.valueOf(columns[0]), columns[1], columns[2], columns[3]};
        });
    }

    static Stream<Object[]> records() {
        return Stream.concat(
                Stream.of(REFERENCES, SHAPES, KEYS, LABELS).flatMap(RecordedTextsTest::parse), RecordedUses.records());
    }

    private static World world() {
        var keys = new ArrayList<KeyRecord>();
        keys.add(Sample.key(KeyState.ENABLED));
        keys.add(symmetric("OTHER", KeyState.ENABLED));
        for (var state : KeyState.values()) {
            keys.add(symmetric(state.name(), state));
        }
        keys.add(enabled("RSA_2048", KeySpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT));
        keys.add(enabled("RSA_3072", KeySpec.RSA_3072, KeyUsage.ENCRYPT_DECRYPT));
        keys.add(enabled("RSA_4096", KeySpec.RSA_4096, KeyUsage.ENCRYPT_DECRYPT));
        keys.add(enabled("SIGN", KeySpec.RSA_2048, KeyUsage.SIGN_VERIFY));
        keys.add(enabled("HMAC", KeySpec.HMAC_256, KeyUsage.GENERATE_VERIFY_MAC));
        keys.add(enabled("HMAC_224", KeySpec.HMAC_224, KeyUsage.GENERATE_VERIFY_MAC));
        keys.add(enabled("P256", KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY));
        keys.add(enabled("AGREE", KeySpec.ECC_NIST_P256, KeyUsage.KEY_AGREEMENT));
        keys.add(enabled("KEM", KeySpec.ML_KEM_512, KeyUsage.ENCAPSULATE_DECAPSULATE));
        keys.add(enabled("ED", KeySpec.ECC_NIST_EDWARDS25519, KeyUsage.SIGN_VERIFY));
        keys.add(enabled("MLDSA", KeySpec.ML_DSA_44, KeyUsage.SIGN_VERIFY));
        keys.add(Sample.key(
                Sample.id("SIGN_DELETED"), KeySpec.RSA_2048, KeyUsage.SIGN_VERIFY, KeyState.PENDING_DELETION));
        keys.add(Sample.key(Sample.id("RSA_DISABLED"), KeySpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT, KeyState.DISABLED));
        keys.add(Sample.tagged(
                symmetric("FULL", KeyState.ENABLED),
                IntStream.range(0, 50)
                        .mapToObj(i -> new KeyRecord.Tag("tag " + i, ""))
                        .toList()));
        return new World(
                List.copyOf(keys),
                List.of(
                        Sample.alias("alias/it", Sample.ID),
                        Sample.alias("alias/rsa", Sample.id("RSA_2048")),
                        Sample.alias("alias/sign", Sample.id("SIGN"))));
    }

    private static KeyRecord symmetric(String name, KeyState state) {
        return Sample.key(Sample.id(name), KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, state);
    }

    private static KeyRecord enabled(String name, KeySpec spec, KeyUsage usage) {
        return Sample.key(Sample.id(name), spec, usage, KeyState.ENABLED);
    }
}
