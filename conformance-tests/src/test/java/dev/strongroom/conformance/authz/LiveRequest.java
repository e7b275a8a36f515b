package dev.strongroom.conformance.authz;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/** A row of the decision table as a request: what its facts say is said by the members that condition keys speak of. */
final class LiveRequest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "YQ==";

    private final DecisionRow row;
    private final LiveKey key;
    private final LiveKey helper;

    /**
     * @param helper a key of which everybody may do everything
     */
    LiveRequest(DecisionRow row, LiveKey key, LiveKey helper) {
        this.row = row;
        this.key = key;
        this.helper = helper;
    }

    /** As KMS calls it; two actions are halves of one operation. */
    String operation() {
        return row.action().startsWith("ReEncrypt") ? "ReEncrypt" : row.action();
    }

    private String fact(String name, String otherwise) {
        var values = row.values(name.toLowerCase(Locale.ROOT));
        return values.isEmpty() ? otherwise : values.get(0);
    }

    private String reference() {
        return row.via().isEmpty() ? key.arn() : key.arn().replaceFirst(":key/.*", ":" + row.via());
    }

    /** The members that name what it is about. */
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        switch (row.action()) {
            case "ReEncryptFrom", "ReEncryptTo" -> reEncrypt(members);
            case "CreateKey" -> createKey(members);
            case "CreateGrant" -> createGrant(members);
            case "CreateAlias", "UpdateAlias", "DeleteAlias" -> alias(members);
            default -> {
                if (!row.target().equals("ciphertext") && !row.target().equals("any")) {
                    members.put("KeyId", reference());
                }
                ofAction(members);
            }
        }
        return members;
    }

    private void ofAction(Map<String, Object> members) {
        switch (row.action()) {
            case "Encrypt" -> {
                members.put("Plaintext", DATA);
                cryptography(members);
            }
            case "Decrypt" -> {
                members.put("CiphertextBlob", key.blob());
                cryptography(members);
            }
            case "GenerateDataKey", "GenerateDataKeyWithoutPlaintext" -> {
                members.put("NumberOfBytes", 16);
                members.put("EncryptionContext", row.context());
            }
            case "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext" -> {
                members.put("KeyPairSpec", fact("kms:DataKeyPairSpec", "ECC_NIST_P256"));
                members.put("EncryptionContext", row.context());
            }
            case "Sign", "Verify" -> {
                members.put("Message", DATA);
                members.put("SigningAlgorithm", fact("kms:SigningAlgorithm", "ECDSA_SHA_256"));
                members.put("MessageType", fact("kms:MessageType", "RAW"));
                members.put("Signature", DATA);
            }
            case "GenerateMac", "VerifyMac" -> {
                members.put("Message", DATA);
                members.put("Mac", DATA);
                members.put("MacAlgorithm", fact("kms:MacAlgorithm", "HMAC_SHA_256"));
            }
            case "DeriveSharedSecret" -> {
                members.put("KeyAgreementAlgorithm", fact("kms:KeyAgreementAlgorithm", "ECDH"));
                members.put("PublicKey", DATA);
            }
            case "Encapsulate", "Decapsulate" -> {
                members.put("EncapsulationAlgorithm", "ML_KEM");
                members.put("SharedSecretCiphertextBlob", DATA);
            }
            default -> ofLife(members);
        }
    }

    private void ofLife(Map<String, Object> members) {
        switch (row.action()) {
            case "GenerateRandom" -> members.put("NumberOfBytes", 5);
            case "ListRetirableGrants" ->
                members.put("RetiringPrincipal", row.caller().arn());
            case "PutKeyPolicy" -> {
                members.put("Policy", key.written(row.situation().key().policy()));
                members.put(
                        "BypassPolicyLockoutSafetyCheck",
                        Boolean.valueOf(fact("kms:BypassPolicyLockoutSafetyCheck", "false")));
            }
            case "ScheduleKeyDeletion" ->
                number(members, "PendingWindowInDays", "kms:ScheduleKeyDeletionPendingWindowInDays");
            case "EnableKeyRotation" -> number(members, "RotationPeriodInDays", "kms:RotationPeriodInDays");
            case "UpdateKeyDescription" -> members.put("Description", "x");
            case "TagResource" -> members.put("Tags", tags());
            case "UntagResource" -> members.put("TagKeys", row.values("aws:tagkeys"));
            case "ReplicateKey" -> members.put("ReplicaRegion", fact("kms:ReplicaRegion", "us-east-1"));
            case "UpdatePrimaryRegion" -> members.put("PrimaryRegion", fact("kms:PrimaryRegion", "us-east-1"));
            case "GetParametersForImport" -> {
                members.put("WrappingAlgorithm", fact("kms:WrappingAlgorithm", "RSAES_OAEP_SHA_256"));
                members.put("WrappingKeySpec", fact("kms:WrappingKeySpec", "RSA_2048"));
            }
            case "ImportKeyMaterial" -> {
                members.put("ImportToken", DATA);
                members.put("EncryptedKeyMaterial", DATA);
                members.put("ExpirationModel", fact("kms:ExpirationModel", "KEY_MATERIAL_DOES_NOT_EXPIRE"));
                row.values("kms:validto")
                        .forEach(time ->
                                members.put("ValidTo", Instant.parse(time).getEpochSecond()));
            }
            case "RevokeGrant" -> members.put("GrantId", "0".repeat(64));
            default -> {}
        }
    }

    private void number(Map<String, Object> members, String member, String fact) {
        row.values(fact.toLowerCase(Locale.ROOT)).forEach(days -> members.put(member, Integer.valueOf(days)));
    }

    private void cryptography(Map<String, Object> members) {
        members.put("EncryptionContext", row.context());
        row.values("kms:encryptionalgorithm").forEach(algorithm -> members.put("EncryptionAlgorithm", algorithm));
    }

    private void reEncrypt(Map<String, Object> members) {
        boolean isFrom = row.action().equals("ReEncryptFrom");
        boolean isSame = fact("kms:ReEncryptOnSameKey", "false").equals("true");
        var source = isFrom || isSame ? key : helper;
        var destination = isFrom && !isSame ? helper : key;
        members.put("CiphertextBlob", source.blob());
        if (!row.target().equals("ciphertext")) {
            members.put("SourceKeyId", source.arn());
        }
        members.put("DestinationKeyId", destination.arn());
        members.put(isFrom ? "SourceEncryptionContext" : "DestinationEncryptionContext", row.context());
    }

    private void createKey(Map<String, Object> members) {
        row.values("kms:keyspec").forEach(spec -> {
            members.put("KeySpec", spec);
            members.put("KeyUsage", spec.startsWith("HMAC") ? "GENERATE_VERIFY_MAC" : "ENCRYPT_DECRYPT");
        });
        row.values("kms:keyorigin").forEach(origin -> members.put("Origin", origin));
        row.values("kms:multiregion").forEach(is -> members.put("MultiRegion", Boolean.valueOf(is)));
        row.values("kms:bypasspolicylockoutsafetycheck")
                .forEach(is -> members.put("BypassPolicyLockoutSafetyCheck", Boolean.valueOf(is)));
        members.put("Tags", tags());
    }

    private List<Map<String, String>> tags() {
        var tags = new LinkedHashMap<String, String>();
        row.values("aws:tagkeys").forEach(key -> tags.put(key, ""));
        LiveStage.prefixed(row.facts(), "aws:RequestTag/").forEach(tags::put);
        var list = new ArrayList<Map<String, String>>();
        tags.forEach((name, value) -> list.add(Map.of("TagKey", name, "TagValue", value)));
        return list;
    }

    private void createGrant(Map<String, Object> members) {
        members.put("KeyId", reference());
        members.put("GranteePrincipal", fact("kms:GranteePrincipal", Cast.ALICE.arn()));
        var operations = row.values("kms:grantoperations");
        members.put("Operations", operations.isEmpty() ? List.of("Encrypt") : operations);
        row.values("kms:retiringprincipal").forEach(arn -> members.put("RetiringPrincipal", arn));
        if (!row.context().isEmpty()) {
            members.put("Constraints", Map.of("EncryptionContextSubset", row.context()));
        }
        // Who has it from a grant grants no more than that.
        row.situation().grants().stream()
                .map(grant -> grant.constraints().get("subset"))
                .filter(Objects::nonNull)
                .forEach(
                        subset -> members.put("Constraints", Map.of("EncryptionContextSubset", LiveKey.pairs(subset))));
        row.values("kms:grantconstrainttype")
                .forEach(type -> members.put("Constraints", Map.of(type, Map.of("a", "b"))));
    }

    private void alias(Map<String, Object> members) {
        boolean isAboutAlias = row.target().startsWith("alias/");
        var name = isAboutAlias ? row.target() : "alias/probe";
        // It takes a permission for the alias and one for the key: the one that the row is not about is there.
        var target = isAboutAlias ? helper : key;
        members.put("AliasName", name);
        if (!row.action().equals("DeleteAlias")) {
            members.put("TargetKeyId", target.arn());
        }
        if (!row.action().equals("CreateAlias")) {
            target.alias(name);
        }
    }

    /** The body of the answer, from the address that the row tells. */
    String send(PlainClient client, URI gateway, AwsCredentials credentials, Instant now) {
        try {
            var body = JSON.writeValueAsString(members());
            var headers = new LinkedHashMap<String, String>();
            signed(gateway, credentials, now, body).forEach((name, values) -> headers.put(name, values.get(0)));
            headers.remove("Content-Length");
            row.values("aws:useragent").forEach(agent -> headers.put("User-Agent", agent));
            row.values("aws:referer").forEach(page -> headers.put("Referer", page));
            return client.post(gateway, row.values("aws:sourceip").stream().findFirst(), headers, body);
        } catch (IOException e) {
            throw new AssertionError(row.toString(), e);
        }
    }

    private Map<String, List<String>> signed(URI gateway, AwsCredentials credentials, Instant now, String body) {
        var plain = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(gateway)
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("X-Amz-Target", "TrentService." + operation())
                .build();
        return AwsV4HttpSigner.create()
                .sign(signing -> signing.identity(credentials)
                        .request(plain)
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "kms")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, DecisionTable.REGION))
                .request()
                .headers();
    }
}
