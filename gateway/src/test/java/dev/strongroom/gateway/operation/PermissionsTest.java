package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each operation takes, and what policies can ask about each request. Columns: operation, request, then a permission
 * each: action, resource, {@code in} another Region, the encryption context as {@code ctx:name=value}, and every condition
 * key that the request has a value for.
 */
class PermissionsTest {

    private static final String TABLE = """
            Encrypt | {'KeyId':'<ID>','Plaintext':'YQ=='} | kms:Encrypt <ID.arn> kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT
            Encrypt | {'KeyId':'<ID>','Plaintext':'YQ==','EncryptionContext':{'a':'b'}} | kms:Encrypt <ID.arn> ctx:a=b kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT
            Encrypt | {'KeyId':'<ID>','Plaintext':'YQ==','EncryptionAlgorithm':'SM2PKE'} | kms:Encrypt <ID.arn> kms:EncryptionAlgorithm=SM2PKE
            Decrypt | {'CiphertextBlob':'<ID.blob>','EncryptionContext':{'a':'b'}} | kms:Decrypt <ID.arn> ctx:a=b kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT
            Decrypt | {'KeyId':'alias/it','CiphertextBlob':'<ID.blob>','EncryptionAlgorithm':'RSAES_OAEP_SHA_1'} | kms:Decrypt <ID.arn> kms:EncryptionAlgorithm=RSAES_OAEP_SHA_1
            ReEncrypt | {'CiphertextBlob':'<ID.blob>','DestinationKeyId':'<OTHER>','SourceEncryptionContext':{'a':'b'},'DestinationEncryptionAlgorithm':'SM2PKE'} | kms:ReEncryptFrom <ID.arn> ctx:a=b kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT kms:ReEncryptOnSameKey=false | kms:ReEncryptTo <OTHER.arn> kms:EncryptionAlgorithm=SM2PKE kms:ReEncryptOnSameKey=false
            ReEncrypt | {'CiphertextBlob':'<ID.blob>','DestinationKeyId':'alias/it','DestinationEncryptionContext':{'c':'d'}} | kms:ReEncryptFrom <ID.arn> kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT kms:ReEncryptOnSameKey=true | kms:ReEncryptTo <ID.arn> ctx:c=d kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT kms:ReEncryptOnSameKey=true
            GenerateDataKey | {'KeyId':'<ID>','NumberOfBytes':8,'EncryptionContext':{'a':'b'}} | kms:GenerateDataKey <ID.arn> ctx:a=b kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT
            GenerateDataKeyWithoutPlaintext | {'KeyId':'<ID>','NumberOfBytes':8,'EncryptionContext':{'a':'b'}} | kms:GenerateDataKeyWithoutPlaintext <ID.arn> ctx:a=b kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT
            GenerateDataKeyPair | {'KeyId':'<ID>','KeyPairSpec':'SM2','EncryptionContext':{'a':'b'}} | kms:GenerateDataKeyPair <ID.arn> ctx:a=b kms:DataKeyPairSpec=SM2 kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT
            GenerateDataKeyPairWithoutPlaintext | {'KeyId':'<ID>','KeyPairSpec':'RSA_2048','EncryptionContext':{'a':'b'}} | kms:GenerateDataKeyPairWithoutPlaintext <ID.arn> ctx:a=b kms:DataKeyPairSpec=RSA_2048 kms:EncryptionAlgorithm=SYMMETRIC_DEFAULT
            Sign | {'KeyId':'<ID>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256'} | kms:Sign <ID.arn> kms:MessageType=RAW kms:SigningAlgorithm=ECDSA_SHA_256
            Verify | {'KeyId':'<ID>','Message':'YQ==','MessageType':'DIGEST','SigningAlgorithm':'SM2DSA','Signature':'YQ=='} | kms:Verify <ID.arn> kms:MessageType=DIGEST kms:SigningAlgorithm=SM2DSA
            GenerateMac | {'KeyId':'<ID>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256'} | kms:GenerateMac <ID.arn> kms:MacAlgorithm=HMAC_SHA_256
            VerifyMac | {'KeyId':'<ID>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_512','Mac':'YQ=='} | kms:VerifyMac <ID.arn> kms:MacAlgorithm=HMAC_SHA_512
            DeriveSharedSecret | {'KeyId':'<ID>','PublicKey':'YQ==','KeyAgreementAlgorithm':'ECDH'} | kms:DeriveSharedSecret <ID.arn> kms:KeyAgreementAlgorithm=ECDH
            Encapsulate | {'KeyId':'<ID>','EncapsulationAlgorithm':'ML_KEM'} | kms:Encapsulate <ID.arn>
            Decapsulate | {'KeyId':'<ID>','EncapsulationAlgorithm':'ML_KEM','SharedSecretCiphertextBlob':'YQ=='} | kms:Decapsulate <ID.arn>
            GenerateRandom | {'NumberOfBytes':5} | kms:GenerateRandom *
            CreateKey | {} | kms:CreateKey * kms:BypassPolicyLockoutSafetyCheck=false kms:CustomerMasterKeySpec=SYMMETRIC_DEFAULT kms:CustomerMasterKeyUsage=ENCRYPT_DECRYPT kms:KeyOrigin=AWS_KMS kms:KeySpec=SYMMETRIC_DEFAULT kms:KeyUsage=ENCRYPT_DECRYPT kms:MultiRegion=false
            CreateKey | {'CustomerMasterKeySpec':'RSA_2048','KeyUsage':'SIGN_VERIFY','Origin':'EXTERNAL','MultiRegion':true,'BypassPolicyLockoutSafetyCheck':true} | kms:CreateKey * kms:BypassPolicyLockoutSafetyCheck=true kms:CustomerMasterKeySpec=RSA_2048 kms:CustomerMasterKeyUsage=SIGN_VERIFY kms:KeyOrigin=EXTERNAL kms:KeySpec=RSA_2048 kms:KeyUsage=SIGN_VERIFY kms:MultiRegion=true kms:MultiRegionKeyType=PRIMARY
            DescribeKey | {'KeyId':'alias/it'} | kms:DescribeKey <ID.arn>
            ListKeys | {} | kms:ListKeys *
            EnableKey | {'KeyId':'<ID>'} | kms:EnableKey <ID.arn>
            DisableKey | {'KeyId':'<ID>'} | kms:DisableKey <ID.arn>
            UpdateKeyDescription | {'KeyId':'<ID>','Description':'x'} | kms:UpdateKeyDescription <ID.arn>
            ScheduleKeyDeletion | {'KeyId':'<ID>'} | kms:ScheduleKeyDeletion <ID.arn> kms:ScheduleKeyDeletionPendingWindowInDays=30
            ScheduleKeyDeletion | {'KeyId':'<ID>','PendingWindowInDays':7} | kms:ScheduleKeyDeletion <ID.arn> kms:ScheduleKeyDeletionPendingWindowInDays=7
            CancelKeyDeletion | {'KeyId':'<ID>'} | kms:CancelKeyDeletion <ID.arn>
            GetKeyPolicy | {'KeyId':'<ID>'} | kms:GetKeyPolicy <ID.arn>
            PutKeyPolicy | {'KeyId':'<ID>','Policy':'{}'} | kms:PutKeyPolicy <ID.arn> kms:BypassPolicyLockoutSafetyCheck=false
            PutKeyPolicy | {'KeyId':'<ID>','Policy':'{}','BypassPolicyLockoutSafetyCheck':true} | kms:PutKeyPolicy <ID.arn> kms:BypassPolicyLockoutSafetyCheck=true
            ListKeyPolicies | {'KeyId':'<ID>'} | kms:ListKeyPolicies <ID.arn>
            TagResource | {'KeyId':'<ID>','Tags':[{'TagKey':'Team','TagValue':'red'},{'TagKey':'x','TagValue':'y'}]} | kms:TagResource <ID.arn> aws:RequestTag/team=red aws:TagKeys=Team,x
            UntagResource | {'KeyId':'<ID>','TagKeys':['Team']} | kms:UntagResource <ID.arn> aws:TagKeys=Team
            ListResourceTags | {'KeyId':'<ID>'} | kms:ListResourceTags <ID.arn>
            GetPublicKey | {'KeyId':'<ID>'} | kms:GetPublicKey <ID.arn>
            EnableKeyRotation | {'KeyId':'<ID>'} | kms:EnableKeyRotation <ID.arn> kms:RotationPeriodInDays=365
            EnableKeyRotation | {'KeyId':'<ID>','RotationPeriodInDays':90} | kms:EnableKeyRotation <ID.arn> kms:RotationPeriodInDays=90
            DisableKeyRotation | {'KeyId':'<ID>'} | kms:DisableKeyRotation <ID.arn>
            GetKeyRotationStatus | {'KeyId':'<ID>'} | kms:GetKeyRotationStatus <ID.arn>
            RotateKeyOnDemand | {'KeyId':'<ID>'} | kms:RotateKeyOnDemand <ID.arn>
            ListKeyRotations | {'KeyId':'<ID>'} | kms:ListKeyRotations <ID.arn>
            GetKeyLastUsage | {'KeyId':'<ID>'} | kms:GetKeyLastUsage <ID.arn>
            GetParametersForImport | {'KeyId':'<ID>','WrappingAlgorithm':'SM2PKE','WrappingKeySpec':'SM2'} | kms:GetParametersForImport <ID.arn> kms:WrappingAlgorithm=SM2PKE kms:WrappingKeySpec=SM2
            ImportKeyMaterial | {'KeyId':'<ID>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==','ValidTo':1767225600.5} | kms:ImportKeyMaterial <ID.arn> kms:ExpirationModel=KEY_MATERIAL_EXPIRES kms:ValidTo=2026-01-01T00:00:00Z
            ImportKeyMaterial | {'KeyId':'<ID>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==','ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE'} | kms:ImportKeyMaterial <ID.arn> kms:ExpirationModel=KEY_MATERIAL_DOES_NOT_EXPIRE
            DeleteImportedKeyMaterial | {'KeyId':'<ID>'} | kms:DeleteImportedKeyMaterial <ID.arn>
            ReplicateKey | {'KeyId':'<MRK>','ReplicaRegion':'us-east-1','Tags':[{'TagKey':'Team','TagValue':'red'}]} | kms:ReplicateKey <MRK.arn> aws:RequestTag/team=red aws:TagKeys=Team kms:BypassPolicyLockoutSafetyCheck=false kms:ReplicaRegion=us-east-1 | kms:CreateKey * in us-east-1 aws:RequestTag/team=red aws:TagKeys=Team kms:BypassPolicyLockoutSafetyCheck=false kms:CustomerMasterKeySpec=SYMMETRIC_DEFAULT kms:CustomerMasterKeyUsage=ENCRYPT_DECRYPT kms:KeyOrigin=AWS_KMS kms:KeySpec=SYMMETRIC_DEFAULT kms:KeyUsage=ENCRYPT_DECRYPT kms:MultiRegion=true kms:MultiRegionKeyType=REPLICA kms:ReplicaRegion=us-east-1 | kms:TagResource arn:aws:kms:us-east-1:111122223333:key/<MRK> in us-east-1 aws:RequestTag/team=red aws:TagKeys=Team kms:BypassPolicyLockoutSafetyCheck=false kms:ReplicaRegion=us-east-1
            UpdatePrimaryRegion | {'KeyId':'<MRK>','PrimaryRegion':'us-east-1'} | kms:UpdatePrimaryRegion <MRK.arn> kms:PrimaryRegion=us-east-1 | kms:UpdatePrimaryRegion arn:aws:kms:us-east-1:111122223333:key/<MRK> kms:PrimaryRegion=us-east-1
            CreateGrant | {'KeyId':'<ID>','GranteePrincipal':'arn:aws:iam::111122223333:user/alice','Operations':['Encrypt','Decrypt']} | kms:CreateGrant <ID.arn> kms:GrantIsForAWSResource=false kms:GrantOperations=Decrypt,Encrypt kms:GranteePrincipal=arn:aws:iam::111122223333:user/alice
            CreateGrant | {'KeyId':'<ID>','GranteeServicePrincipal':'rds.amazonaws.com','RetiringPrincipal':'arn:aws:iam::111122223333:root','Operations':['Encrypt'],'Constraints':{'EncryptionContextSubset':{'a':'b'}}} | kms:CreateGrant <ID.arn> ctx:a=b kms:GrantConstraintType=EncryptionContextSubset kms:GrantIsForAWSResource=false kms:GrantOperations=Encrypt kms:GranteePrincipal=rds.amazonaws.com kms:RetiringPrincipal=arn:aws:iam::111122223333:root
            ListGrants | {'KeyId':'<ID>'} | kms:ListGrants <ID.arn> kms:GrantIsForAWSResource=false
            ListRetirableGrants | {'RetiringPrincipal':'arn:aws:iam::111122223333:root'} | kms:ListRetirableGrants *
            RetireGrant | {'KeyId':'<ID>','GrantId':'<64 1>'} | kms:RetireGrant <ID.arn> kms:GrantIsForAWSResource=false kms:GrantOperations=Decrypt kms:GranteePrincipal=arn:aws:iam::111122223333:user/alice
            RevokeGrant | {'KeyId':'<ID>','GrantId':'<64 1>'} | kms:RevokeGrant <ID.arn> kms:GrantIsForAWSResource=false
            CreateAlias | {'AliasName':'alias/new','TargetKeyId':'<ID>'} | kms:CreateAlias arn:aws:kms:eu-central-1:111122223333:alias/new | kms:CreateAlias <ID.arn>
            UpdateAlias | {'AliasName':'alias/it','TargetKeyId':'<OTHER>'} | kms:UpdateAlias arn:aws:kms:eu-central-1:111122223333:alias/it | kms:UpdateAlias <ID.arn> | kms:UpdateAlias <OTHER.arn>
            DeleteAlias | {'AliasName':'alias/it'} | kms:DeleteAlias arn:aws:kms:eu-central-1:111122223333:alias/it | kms:DeleteAlias <ID.arn>
            ListAliases | {} | kms:ListAliases *
            ListAliases | {'KeyId':'<ID>'} | kms:ListAliases *
            """;

    /** Every condition key that is about a request (developer guide, "Condition keys for AWS KMS"). */
    private static final List<String> KEYS = List.of(
            "aws:RequestTag/team",
            "aws:TagKeys",
            "kms:BypassPolicyLockoutSafetyCheck",
            "kms:CustomerMasterKeySpec",
            "kms:CustomerMasterKeyUsage",
            "kms:DataKeyPairSpec",
            "kms:EncryptionAlgorithm",
            "kms:ExpirationModel",
            "kms:GrantConstraintType",
            "kms:GrantIsForAWSResource",
            "kms:GrantOperations",
            "kms:GranteePrincipal",
            "kms:KeyAgreementAlgorithm",
            "kms:KeyOrigin",
            "kms:KeySpec",
            "kms:KeyUsage",
            "kms:MacAlgorithm",
            "kms:MessageType",
            "kms:MultiRegion",
            "kms:MultiRegionKeyType",
            "kms:PrimaryRegion",
            "kms:ReEncryptOnSameKey",
            "kms:ReplicaRegion",
            "kms:RetiringPrincipal",
            "kms:RotationPeriodInDays",
            "kms:ScheduleKeyDeletionPendingWindowInDays",
            "kms:SigningAlgorithm",
            "kms:ValidTo",
            "kms:WrappingAlgorithm",
            "kms:WrappingKeySpec");

    private static final World WORLD = World.of(key(Sample.ID), key(Sample.OTHER_ID), key(Sample.MRK_ID), replica())
            .with(Sample.alias("alias/it", Sample.ID))
            .with(Sample.grant(Sample.ID, 1));

    private static KeyRecord key(String id) {
        return Sample.key(id, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, KeyState.ENABLED);
    }

    private static KeyRecord replica() {
        var primary = key(Sample.MRK_ID);
        return new KeyRecord(
                primary.stamp(),
                new KeyName(new Scope(Sample.ACCOUNT, "us-east-1"), Sample.MRK_ID),
                primary.attributes(),
                primary.lifecycle(),
                primary.documents(),
                primary.material());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rows")
    void everyRequestTakesItsPermissions(String operation, String request, List<String> permissions) {
        var actual = WORLD.permissions(operation, Sample.json(request)).stream()
                .map(PermissionsTest::shown)
                .toList();
        assertEquals(permissions.stream().map(Sample::expand).toList(), actual);
    }

    /** A new key's id is not known before. */
    @Test
    void tagsOfANewKeyAreAPermissionOfTheirOwn() {
        var asked = WORLD.permissions(
                "CreateKey", Sample.json("{'MultiRegion':true,'Tags':[{'TagKey':'Team','TagValue':'red'}]}"));

        assertEquals(2, asked.size());
        var tagging = shown(asked.get(1));
        var arn = "arn:aws:kms:eu-central-1:111122223333:key/mrk-";
        assertEquals("kms:TagResource " + arn, tagging.substring(0, "kms:TagResource ".length() + arn.length()));
        assertEquals(List.of("red"), asked.get(1).keys().values("aws:requesttag/team"));
        assertEquals(List.of("Team"), asked.get(0).keys().values("aws:tagkeys"));
    }

    @Test
    void everyOperationThatIsBuiltIsInTheTable() {
        var built = OperationTable.built().stream()
                .map(operation -> operation.wireName())
                .collect(Collectors.toSet());
        assertEquals(built, rows().map(row -> (String) row[0]).collect(Collectors.toSet()));
    }

    private static String shown(Permission permission) {
        var words = new ArrayList<String>();
        words.add(permission.action());
        words.add(permission.request(WORLD.context(), World::facts).resource().arn());
        permission.region().ifPresent(region -> words.add("in " + region));
        new TreeMap<>(permission.encryptionContext()).forEach((name, value) -> words.add("ctx:" + name + "=" + value));
        for (var key : KEYS) {
            var values = permission.keys().values(key.toLowerCase(Locale.ROOT));
            if (!values.isEmpty()) {
                words.add(key + "=" + String.join(",", values));
            }
        }
        return String.join(" ", words);
    }

    private static Stream<Object[]> rows() {
        return TABLE.lines().map(line -> {
            var columns = List.of(line.split(" \\| ", -1));
            return new Object[] {columns.get(0), columns.get(1), columns.subList(2, columns.size())};
        });
    }
}
