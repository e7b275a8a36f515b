package dev.strongroom.api;

import static dev.strongroom.api.MemberRule.ANY;
import static dev.strongroom.api.MemberRule.oneOf;
import static dev.strongroom.api.MemberRule.range;
import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.*;

/**
 * The rule of every request member, by wire name: across all operations a name has one type and one constraint, with
 * a single exception. Source: the service model (API version 2014-11-01); where the service is stricter or words it
 * differently, recorded answers.
 *
 * <p>Enum values are listed in the order in which the service was seen to list them, later additions behind it in the
 * model's order.
 */
final class MemberTable {

    private static final MemberRule KEY_ID = range(1, 2048).matching("^\\p{ASCII}+$", MemberTable::isAscii);
    private static final MemberRule BLOB = range(1, 6144);
    private static final MemberRule TEXT = range(1, 4096).sensitive();
    private static final MemberRule REGION = range(1, 32).matching("^([a-z]+-){2,3}\\d+$");
    private static final MemberRule NAME = range(1, 256).matching("^[a-zA-Z0-9:/_-]+$");
    private static final MemberRule PRINCIPAL = range(1, 256).matching("^[\\w+=,.@:/-]+$");
    private static final MemberRule SERVICE_PRINCIPAL = range(1, 128)
            .matching("^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$", MemberTable::isServicePrincipal);
    private static final MemberRule GRANT_TOKEN = range(1, 8192);
    private static final MemberRule TAG_KEY = range(1, 128);
    private static final MemberRule ENCRYPTION_ALGORITHM =
            oneOf(inOrder(EncryptionAlgorithmSpec.values(), "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"));

    /** The service names the specs of KMS keys here, and refuses them; the two that it accepts it does not name. */
    private static final MemberRule DATA_KEY_SPEC = oneOf(
            List.of(
                    "RSA_2048",
                    "RSA_3072",
                    "RSA_4096",
                    "ECC_NIST_P256",
                    "ECC_NIST_P384",
                    "ECC_NIST_P521",
                    "ECC_SECG_P256K1",
                    "ECC_NIST_EDWARDS25519",
                    "SYMMETRIC_DEFAULT",
                    "HMAC_224",
                    "HMAC_256",
                    "HMAC_384",
                    "HMAC_512",
                    "SM2",
                    "ML_DSA_44",
                    "ML_DSA_65",
                    "ML_DSA_87"),
            Set.copyOf(inOrder(DataKeySpec.values())));

    private static final Map<String, MemberRule> RULES = Map.ofEntries(
            // Keys
            entry("KeyId", KEY_ID),
            entry("TargetKeyId", KEY_ID),
            entry("SourceKeyId", KEY_ID),
            entry("DestinationKeyId", KEY_ID),
            entry("Description", range(0, 8192)),
            entry("KeySpec", oneOf(keySpecs())),
            entry("CustomerMasterKeySpec", oneOf(customerMasterKeySpecs())),
            entry(
                    "KeyUsage",
                    oneOf(inOrder(KeyUsageType.values(), "ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC"))),
            entry("Origin", oneOf(inOrder(OriginType.values(), "EXTERNAL", "AWS_CLOUDHSM", "AWS_KMS"))),
            entry("MultiRegion", ANY),
            entry("ReplicaRegion", REGION),
            entry("PrimaryRegion", REGION),
            // The operation narrows it to 7 to 30, with a text of its own.
            entry("PendingWindowInDays", range(1, 365)),
            // Encryption and data keys
            entry("Plaintext", TEXT),
            entry("CiphertextBlob", BLOB),
            entry("EncryptionAlgorithm", ENCRYPTION_ALGORITHM),
            entry("SourceEncryptionAlgorithm", ENCRYPTION_ALGORITHM),
            entry("DestinationEncryptionAlgorithm", ENCRYPTION_ALGORITHM),
            entry("EncryptionContext", ANY),
            entry("SourceEncryptionContext", ANY),
            entry("DestinationEncryptionContext", ANY),
            entry("NumberOfBytes", range(1, 1024)),
            entry("KeyPairSpec", oneOf(inOrder(DataKeyPairSpec.values()))),
            entry("DryRun", ANY),
            entry("DryRunModifiers", ANY.withElements(oneOf(inOrder(DryRunModifierType.values())))),
            entry("Recipient", ANY),
            entry("KeyEncryptionAlgorithm", oneOf(inOrder(KeyEncryptionMechanism.values()))),
            entry("AttestationDocument", range(1, 262144)),
            // Signatures, MACs, agreement, encapsulation
            entry("Message", TEXT),
            entry("MessageType", oneOf(inOrder(MessageType.values(), "RAW", "DIGEST", "EXTERNAL_MU"))),
            entry("Signature", BLOB),
            entry("SigningAlgorithm", signingAlgorithm()),
            entry("Mac", BLOB),
            entry(
                    "MacAlgorithm",
                    oneOf(inOrder(MacAlgorithmSpec.values(), "HMAC_SHA_384", "HMAC_SHA_256", "HMAC_SHA_224"))),
            entry("KeyAgreementAlgorithm", oneOf(inOrder(KeyAgreementAlgorithmSpec.values()))),
            entry("PublicKey", range(1, 8192)),
            entry("EncapsulationAlgorithm", oneOf(inOrder(EncapsulationAlgorithmSpec.values()))),
            // The model's bound is not known; that of the other ciphertexts.
            entry("SharedSecretCiphertextBlob", BLOB),
            // Aliases, policies, tags, lists
            entry("AliasName", NAME),
            entry("Policy", range(1, 131072).matching("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+")),
            entry("PolicyName", range(1, 128).matching("[\\w]+")),
            entry("BypassPolicyLockoutSafetyCheck", ANY),
            entry("Tags", ANY),
            entry("TagKey", TAG_KEY.required()),
            entry("TagValue", range(0, 256).required()),
            entry("TagKeys", ANY.withElements(TAG_KEY)),
            entry("Limit", range(1, 1000)),
            entry("Marker", range(1, 1024).matching("[\\u0020-\\u00FF]*")),
            // Grants
            entry("GrantId", range(1, 128)),
            entry("GrantToken", GRANT_TOKEN),
            entry("GrantTokens", range(0, 10).withElements(GRANT_TOKEN)),
            entry("GranteePrincipal", PRINCIPAL),
            entry("RetiringPrincipal", PRINCIPAL),
            entry("GranteeServicePrincipal", SERVICE_PRINCIPAL),
            entry("RetiringServicePrincipal", SERVICE_PRINCIPAL),
            entry("Operations", ANY.withElements(oneOf(inOrder(GrantOperation.values())))),
            entry("Constraints", ANY),
            entry("EncryptionContextSubset", ANY),
            entry("EncryptionContextEquals", ANY),
            entry("SourceArn", range(20, 512).matching("^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$")),
            entry("Name", NAME),
            // Rotation and imported key material
            entry("RotationPeriodInDays", range(90, 2560)),
            entry("IncludeKeyMaterial", oneOf(inOrder(IncludeKeyMaterial.values()))),
            entry("WrappingAlgorithm", oneOf(inOrder(AlgorithmSpec.values()))),
            entry("WrappingKeySpec", oneOf(inOrder(WrappingKeySpec.values()))),
            entry("ImportToken", BLOB),
            entry("EncryptedKeyMaterial", BLOB),
            entry("ValidTo", ANY),
            entry("ExpirationModel", oneOf(inOrder(ExpirationModelType.values(), "KEY_MATERIAL_DOES_NOT_EXPIRE"))),
            entry("ImportType", oneOf(inOrder(ImportType.values()))),
            entry("KeyMaterialId", range(64, 64).matching("^[a-f0-9]+$")),
            entry("KeyMaterialDescription", range(0, 256).matching("^[a-zA-Z0-9:/_\\s.-]+$")),
            // Custom key stores
            entry("CustomKeyStoreId", range(1, 64)),
            entry("CustomKeyStoreName", range(1, 256)),
            entry("NewCustomKeyStoreName", range(1, 256)),
            entry("CustomKeyStoreType", oneOf(inOrder(CustomKeyStoreType.values()))),
            entry("CloudHsmClusterId", range(19, 24).matching("cluster-[2-7a-zA-Z]{11,16}")),
            entry("TrustAnchorCertificate", range(1, 5000)),
            entry("KeyStorePassword", range(7, 32).sensitive()),
            entry("XksKeyId", range(1, 128).matching("^[a-zA-Z0-9-_.]+$")),
            entry("XksProxyConnectivity", oneOf(inOrder(XksProxyConnectivityType.values()))),
            entry("XksProxyUriEndpoint", range(10, 128).matching("^https://[a-zA-Z0-9.-]+$")),
            entry(
                    "XksProxyUriPath",
                    range(10, 128).matching("^(/[a-zA-Z0-9\\/_-]+/kms/xks/v\\d{1,2})$|^(/kms/xks/v\\d{1,2})$")),
            entry(
                    "XksProxyVpcEndpointServiceName",
                    range(20, 64).matching("^(com|eu)\\.amazonaws\\.vpce\\.([a-z]+-){2,3}\\d+\\.vpce-svc-[0-9a-z]+$")),
            entry("XksProxyVpcEndpointServiceOwner", range(12, 12).matching("[0-9]{12}")),
            entry("XksProxyAuthenticationCredential", ANY),
            entry(
                    "AccessKeyId",
                    range(20, 30).matching("^[A-Z2-7]+$").sensitive().required()),
            entry(
                    "RawSecretAccessKey",
                    range(43, 64).matching("^[a-zA-Z0-9\\/+=]+$").sensitive().required()));

    private MemberTable() {}

    /** The rule of a member; null if the table does not know the name. */
    static @Nullable MemberRule find(Operation operation, String member) {
        if (member.equals("KeySpec") && operation != Operation.CREATE_KEY) {
            return DATA_KEY_SPEC;
        }
        return RULES.get(member);
    }

    static Set<String> names() {
        return RULES.keySet();
    }

    /** The values of an SDK enum: first those recorded, in their order, then the others. */
    private static List<String> inOrder(Enum<?>[] values, String... recorded) {
        var all = new ArrayList<>(List.of(recorded));
        Arrays.stream(values)
                .filter(value -> !value.name().equals("UNKNOWN_TO_SDK_VERSION"))
                .map(Enum::toString)
                .filter(value -> !all.contains(value))
                .forEach(all::add);
        return all;
    }

    @SuppressWarnings("deprecation") // Deprecated by the service, and still sent by its clients.
    private static List<String> customerMasterKeySpecs() {
        return inOrder(CustomerMasterKeySpec.values());
    }

    private static List<String> keySpecs() {
        return inOrder(
                KeySpec.values(),
                "RSA_2048",
                "ECC_NIST_P384",
                "ECC_NIST_P256",
                "ECC_NIST_P521",
                "HMAC_384",
                "RSA_3072",
                "ECC_SECG_P256K1",
                "RSA_4096",
                "SYMMETRIC_DEFAULT",
                "HMAC_256",
                "HMAC_224",
                "HMAC_512");
    }

    /** SYMMETRIC_DEFAULT is not named, yet passes, to fail later as unfit for the key spec. */
    private static MemberRule signingAlgorithm() {
        var named = inOrder(
                SigningAlgorithmSpec.values(),
                "RSASSA_PSS_SHA_256",
                "RSASSA_PSS_SHA_384",
                "RSASSA_PSS_SHA_512",
                "RSASSA_PKCS1_V1_5_SHA_256",
                "RSASSA_PKCS1_V1_5_SHA_384",
                "RSASSA_PKCS1_V1_5_SHA_512",
                "ECDSA_SHA_256",
                "ECDSA_SHA_384",
                "ECDSA_SHA_512",
                "ED25519_SHA_512",
                "ED25519_PH_SHA_512",
                "SM2DSA",
                "ML_DSA_SHAKE_256");
        var accepted = new ArrayList<>(named);
        accepted.add(KeySpecs.SYMMETRIC_DEFAULT);
        return oneOf(named, Set.copyOf(accepted));
    }

    /** Checked in every request with a key, so without a regular expression. */
    private static boolean isAscii(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Three labels or more. Java would match the repeated group by recursion, one frame a label, until the stack ends. */
    private static boolean isServicePrincipal(String text) {
        var dots = 0;
        var previous = '.';
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '.' && previous != '.') {
                dots++;
            } else if (!isLabelCharacter(c)) {
                return false;
            }
            previous = c;
        }
        return dots >= 2 && previous != '.';
    }

    private static boolean isLabelCharacter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
}
