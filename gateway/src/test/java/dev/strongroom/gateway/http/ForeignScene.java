package dev.strongroom.gateway.http;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.Tag;

/** Keys, aliases and grants of one account, and callers of another who would like to know of them. */
final class ForeignScene implements AutoCloseable {

    static final String REQUESTS = """
            CancelKeyDeletion {'KeyId':'<X>'}
            CreateAlias {'AliasName':'alias/new','TargetKeyId':'<X>'}
            CreateAlias {'AliasName':'alias/mine','TargetKeyId':'<X>'}
            CreateGrant {'KeyId':'<X>','GranteePrincipal':'arn:aws:iam::444455556666:root','Operations':['DescribeKey']}
            CreateGrant {'KeyId':'<X>','GranteePrincipal':'arn:aws:iam::444455556666:root','Operations':['Sign'],'DryRun':true}
            CreateGrant {'KeyId':'<X>','GranteePrincipal':'arn:aws:iam::444455556666:user/none','Operations':['Encrypt']}
            CreateGrant {'KeyId':'<X>','GranteePrincipal':'nobody','Operations':['Encrypt']}
            Decapsulate {'KeyId':'<X>','CiphertextBlob':'eA==','EncapsulationAlgorithm':'ML_KEM_512'}
            Decrypt {'CiphertextBlob':'<BLOB>'}
            Decrypt {'CiphertextBlob':'<BLOB>','EncryptionContext':{'a':'b'},'DryRun':true}
            Decrypt {'CiphertextBlob':'<BLOB>','KeyId':'<X>'}
            Decrypt {'CiphertextBlob':'<OWNBLOB>','KeyId':'<X>'}
            DeleteImportedKeyMaterial {'KeyId':'<X>'}
            DeriveSharedSecret {'KeyId':'<X>','KeyAgreementAlgorithm':'ECDH','PublicKey':'eA=='}
            DescribeKey {'KeyId':'<X>'}
            DisableKey {'KeyId':'<X>'}
            DisableKeyRotation {'KeyId':'<X>'}
            EnableKey {'KeyId':'<X>'}
            EnableKeyRotation {'KeyId':'<X>','RotationPeriodInDays':100}
            Encapsulate {'KeyId':'<X>','EncapsulationAlgorithm':'ML_KEM_512'}
            Encrypt {'KeyId':'<X>','Plaintext':'eA=='}
            Encrypt {'KeyId':'<X>','Plaintext':'eA==','EncryptionContext':{'a':'b'},'DryRun':true}
            Encrypt {'KeyId':'<X>','Plaintext':'eA==','EncryptionAlgorithm':'RSAES_OAEP_SHA_256'}
            GenerateDataKey {'KeyId':'<X>','KeySpec':'AES_256'}
            GenerateDataKeyPair {'KeyId':'<X>','KeyPairSpec':'ECC_NIST_P256'}
            GenerateDataKeyPairWithoutPlaintext {'KeyId':'<X>','KeyPairSpec':'ECC_NIST_P256'}
            GenerateDataKeyWithoutPlaintext {'KeyId':'<X>','NumberOfBytes':7}
            GenerateMac {'KeyId':'<X>','Message':'eA==','MacAlgorithm':'HMAC_SHA_256'}
            GetKeyLastUsage {'KeyId':'<X>'}
            GetKeyPolicy {'KeyId':'<X>'}
            GetKeyRotationStatus {'KeyId':'<X>'}
            GetParametersForImport {'KeyId':'<X>','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_2048'}
            GetPublicKey {'KeyId':'<X>'}
            ImportKeyMaterial {'KeyId':'<X>','ImportToken':'eA==','EncryptedKeyMaterial':'eA=='}
            ListAliases {'KeyId':'<X>'}
            ListGrants {'KeyId':'<X>'}
            ListGrants {'KeyId':'<X>','GrantId':'<GRANT>'}
            ListKeyPolicies {'KeyId':'<X>'}
            ListKeyRotations {'KeyId':'<X>'}
            ListResourceTags {'KeyId':'<X>'}
            PutKeyPolicy {'KeyId':'<X>','Policy':'{`Statement`:[]}'}
            PutKeyPolicy {'KeyId':'<X>','Policy':'none'}
            ReEncrypt {'CiphertextBlob':'<OWNBLOB>','DestinationKeyId':'<X>'}
            ReEncrypt {'CiphertextBlob':'<OWNBLOB>','DestinationKeyId':'<X>','DryRun':true}
            ReEncrypt {'CiphertextBlob':'<OWNBLOB>','SourceKeyId':'<X>','DestinationKeyId':'<OWN>'}
            ReEncrypt {'CiphertextBlob':'<OWNBLOB>','SourceKeyId':'<NOKEY>','DestinationKeyId':'<X>'}
            ReEncrypt {'CiphertextBlob':'<OWNBLOB>','SourceKeyId':'<X>','DestinationKeyId':'<NOKEY>'}
            ReEncrypt {'CiphertextBlob':'<BLOB>','DestinationKeyId':'<OWN>'}
            ReEncrypt {'CiphertextBlob':'<BLOB>','DestinationKeyId':'<NOKEY>'}
            ReEncrypt {'CiphertextBlob':'<BLOB>','DestinationKeyId':'<X>'}
            ReEncrypt {'CiphertextBlob':'<BLOB>','SourceKeyId':'<X>','DestinationKeyId':'<X>'}
            ReEncrypt {'CiphertextBlob':'<OFFBLOB>','DestinationKeyId':'<X>'}
            ReplicateKey {'KeyId':'<X>','ReplicaRegion':'us-west-2'}
            ReplicateKey {'KeyId':'<X>','ReplicaRegion':'us-west-2','Tags':[{'TagKey':'a','TagValue':'b'}]}
            RetireGrant {'KeyId':'<X>','GrantId':'<GRANT>'}
            RetireGrant {'KeyId':'<X>','GrantId':'<GRANT>','DryRun':true}
            RetireGrant {'GrantToken':'<TOKEN>'}
            RevokeGrant {'KeyId':'<X>','GrantId':'<GRANT>'}
            RevokeGrant {'KeyId':'<X>','GrantId':'<GRANT>','DryRun':true}
            RotateKeyOnDemand {'KeyId':'<X>'}
            ScheduleKeyDeletion {'KeyId':'<X>'}
            Sign {'KeyId':'<X>','Message':'eA==','SigningAlgorithm':'RSASSA_PSS_SHA_256'}
            TagResource {'KeyId':'<X>','Tags':[{'TagKey':'a','TagValue':'b'}]}
            UntagResource {'KeyId':'<X>','TagKeys':['team']}
            UpdateAlias {'AliasName':'alias/mine','TargetKeyId':'<X>'}
            UpdateAlias {'AliasName':'alias/nothing','TargetKeyId':'<X>'}
            UpdateKeyDescription {'KeyId':'<X>','Description':'d'}
            UpdatePrimaryRegion {'KeyId':'<X>','PrimaryRegion':'us-west-2'}
            Verify {'KeyId':'<X>','Message':'eA==','Signature':'eA==','SigningAlgorithm':'RSASSA_PSS_SHA_256'}
            VerifyMac {'KeyId':'<X>','Message':'eA==','Mac':'eA==','MacAlgorithm':'HMAC_SHA_256'}
            """;

    private static final String OWNER = "arn:aws:iam::111122223333:root";
    private static final String FOREIGN = "arn:aws:iam::444455556666:";
    static final String NOBODY = FOREIGN + "user/nobody";
    static final String ALL = FOREIGN + "user/all";
    private static final String SESSION = "arn:aws:sts::444455556666:assumed-role/all/s1";
    private static final String REGION = "us-west-2";

    /**
     * Something of the other account.
     *
     * @param form what is as it is written
     * @param blob a ciphertext that names it; empty if there is none
     */
    record Thing(String name, String form, String reference, String grant, String token, String blob) {

        /**
         * What is written alike, and not there.
         *
         * @param token of a grant that has ended
         */
        Thing missing(String token) {
            var none = form.equals("alias")
                    ? reference + "s"
                    : reference.substring(0, reference.length() - 12) + "0123456789ab";
            return new Thing(name, form, none, "2".repeat(64), token, blob.isEmpty() ? "" : LiveKeys.nobodys());
        }
    }

    private final LiveCallers live = new LiveCallers();
    private final KmsClient owner = live.of(OWNER);
    private final Map<String, Thing> things = new LinkedHashMap<>();
    private final Map<String, String> own = new LinkedHashMap<>();
    private final List<String> callers = new ArrayList<>();
    private String tokenOfEnded = "";

    ForeignScene() throws Exception {
        live.make(NOBODY);
        makeThings();
        makeCallers();
        makeOwn();
    }

    private void makeThings() {
        make("plain", "key", key -> {});
        alias("alias", "plain");
        make("disabled", "key", key -> {});
        make("pending", "key", key -> {});
        make("signing", "key", key -> key.keySpec(KeySpec.RSA_2048).keyUsage(KeyUsageType.SIGN_VERIFY));
        alias("signing alias", "signing");
        make("mac", "key", key -> key.keySpec(KeySpec.HMAC_256).keyUsage(KeyUsageType.GENERATE_VERIFY_MAC));
        make("external", "key", key -> key.origin(OriginType.EXTERNAL));
        make("primary", "mrk", key -> key.multiRegion(true));
        var unusedReplica = owner.replicateKey(
                asked -> asked.keyId(thing("primary").reference()).replicaRegion(REGION));
        make("denying", "key", key -> key.policy(policy("Allow", "kms:*", "Deny", "kms:*")));
        make("describable", "key", key -> key.policy(policy("Allow", "kms:DescribeKey")));
        make("source", "key", key -> key.policy(policy("Allow", "kms:ReEncryptFrom")));
        alias("alias of source", "source");
        var unused = owner.disableKey(asked -> asked.keyId(thing("disabled").reference()));
        var unusedToo =
                owner.scheduleKeyDeletion(asked -> asked.keyId(thing("pending").reference()));
    }

    private void make(String name, String form, Consumer<CreateKeyRequest.Builder> terms) {
        var made = owner.createKey(key -> terms.accept(
                        key.tags(Tag.builder().tagKey("team").tagValue("red").build())))
                .keyMetadata();
        // A key without material takes no grants.
        var of = made.origin() == OriginType.EXTERNAL ? thing("plain").reference() : made.arn();
        var grant = grant(of);
        var ended = grant(of);
        var unused = owner.revokeGrant(asked -> asked.keyId(of).grantId(ended.grantId()));
        tokenOfEnded = ended.grantToken();
        boolean isSymmetric = made.keySpec() == KeySpec.SYMMETRIC_DEFAULT && of.equals(made.arn());
        var blob = isSymmetric ? encrypted(owner, made.arn()) : "";
        things.put(name, new Thing(name, form, made.arn(), grant.grantId(), grant.grantToken(), blob));
    }

    private CreateGrantResponse grant(String key) {
        return owner.createGrant(
                asked -> asked.keyId(key).granteePrincipal(OWNER).operations(GrantOperation.DESCRIBE_KEY));
    }

    private void alias(String name, String of) {
        var key = thing(of);
        var alias = "alias/" + name.replace(' ', '-');
        var unused = owner.createAlias(asked -> asked.aliasName(alias).targetKeyId(key.reference()));
        var arn = key.reference().substring(0, key.reference().indexOf("key/")) + alias;
        things.put(name, new Thing(name, "alias", arn, key.grant(), key.token(), key.blob()));
    }

    private static String encrypted(KmsClient kms, String key) {
        var blob = kms.encrypt(asked -> asked.keyId(key).plaintext(SdkBytes.fromUtf8String("x")))
                .ciphertextBlob();
        return Base64.getEncoder().encodeToString(blob.asByteArray());
    }

    /** For the owner everything; for the other account what is said in pairs of effect and action. */
    private static String policy(String... pairs) {
        var statements = new StringBuilder("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + OWNER
                + "\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}");
        for (int i = 0; i < pairs.length; i += 2) {
            statements
                    .append(",{\"Effect\":\"")
                    .append(pairs[i])
                    .append("\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"")
                    .append(pairs[i + 1])
                    .append("\",\"Resource\":\"*\"}");
        }
        return "{\"Statement\":[" + statements + "]}";
    }

    private void makeCallers() {
        var all = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}";
        callers.add(FOREIGN + "root");
        caller("user/nobody");
        caller("user/all", all);
        caller("user/none-at-all", denying("kms:*", ""));
        caller("user/not-from", all, denying("kms:ReEncryptFrom", ""));
        caller("user/by-spec", all, denying("kms:*", "\"Null\":{\"kms:KeySpec\":\"false\"}"));
        caller("user/by-no-spec", all, denying("kms:*", "\"Null\":{\"kms:KeySpec\":\"true\"}"));
        caller("user/by-tag", all, denying("kms:*", "\"StringEquals\":{\"aws:ResourceTag/team\":\"red\"}"));
        caller("user/by-aliases", all, denying("kms:*", "\"Null\":{\"kms:ResourceAliases\":\"false\"}"));
        caller("user/by-alias", all, denying("kms:*", "\"Null\":{\"kms:RequestAlias\":\"false\"}"));
        caller("user/by-same-key", all, denying("kms:*", "\"Bool\":{\"kms:ReEncryptOnSameKey\":\"true\"}"));
        caller("user/by-account", all, denying("kms:*", "\"StringEquals\":{\"aws:ResourceAccount\":\"111122223333\"}"));
        caller(
                "user/by-key",
                all,
                denying("kms:*", "")
                        .replace("\"Resource\":\"*\"", "\"Resource\":\"arn:aws:kms:*:111122223333:key/*\""));
        live.give(FOREIGN + "role/all", all, denying("kms:*", "\"Null\":{\"kms:KeySpec\":\"false\"}"));
        callers.add(SESSION);
    }

    private void caller(String name, String... policies) {
        live.give(FOREIGN + name, policies);
        callers.add(FOREIGN + name);
    }

    private static String denying(String action, String condition) {
        return "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"" + action + "\",\"Resource\":\"*\""
                + (condition.isEmpty() ? "" : ",\"Condition\":{" + condition + "}") + "}}";
    }

    private void makeOwn() {
        var root = live.of(FOREIGN + "root");
        var key = root.createKey().keyMetadata().keyId();
        var off = root.createKey().keyMetadata().keyId();
        var unused = root.createAlias(asked -> asked.aliasName("alias/mine").targetKeyId(key));
        own.put("<OWN>", key);
        own.put("<NOKEY>", "00000000-0000-4000-8000-000000000000");
        own.put("<OWNBLOB>", encrypted(root, key));
        own.put("<OFFBLOB>", encrypted(root, off));
        var unusedToo = root.disableKey(asked -> asked.keyId(off));
    }

    List<String> callers() {
        return callers;
    }

    Thing thing(String name) {
        return Objects.requireNonNull(things.get(name));
    }

    /** What is written like {@code thing}, and not there. */
    Thing missing(Thing thing) {
        return thing.missing(tokenOfEnded);
    }

    /** Those that do not let the callers in for that, and of which all can be written. */
    List<Thing> things(String operation, String request) {
        return things.values().stream()
                .filter(thing -> !request.contains("<BLOB>") || !thing.blob().isEmpty())
                .filter(thing -> !(thing.name().equals("describable") && operation.equals("DescribeKey")))
                .filter(thing -> !(thing.name().contains("source") && operation.equals("ReEncrypt")))
                .toList();
    }

    /** Status and body, without what the caller wrote. */
    String answer(String caller, String operation, String request, Thing thing) {
        var json = request.replace("<X>", thing.reference())
                .replace("<GRANT>", thing.grant())
                .replace("<TOKEN>", thing.token())
                .replace("<BLOB>", thing.blob());
        for (var mine : own.entrySet()) {
            json = json.replace(mine.getKey(), mine.getValue());
        }
        var response = post(caller, operation, json);
        return response.statusCode() + " "
                + response.body().replace(thing.reference(), "<X>").replace(thing.grant(), "<GRANT>");
    }

    HttpResponse<String> post(String caller, String operation, String json) {
        return live.post(caller, operation, json.replace('\'', '"').replace("`", "\\\""));
    }

    @Override
    public void close() {
        live.close();
    }
}
