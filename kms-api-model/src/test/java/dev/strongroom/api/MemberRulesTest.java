package dev.strongroom.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;

/** The recorded texts, to the letter, and what surrounds them. */
class MemberRulesTest {

    private static final String NULL = "failed to satisfy constraint: Member must not be null";
    private static final String SHORT =
            "failed to satisfy constraint: Member must have length greater than or equal to 1";
    private static final String PATTERN =
            "failed to satisfy constraint: Member must satisfy regular expression pattern: ";
    private static final String VALUES = "failed to satisfy constraint: Member must satisfy enum value set: ";

    static void check(Operation operation, String json) {
        SdkPojo request = AwsJson.read(operation, json.getBytes(UTF_8));
        MemberRules.check(operation, request);
    }

    static String refusal(Operation operation, String json) {
        var thrown = assertThrows(KmsException.class, () -> check(operation, json), json);
        assertEquals(KmsError.VALIDATION, thrown.error());
        var text = thrown.text();
        assertNotNull(text);
        return text;
    }

    private static String blob(int bytes) {
        return "\"" + Base64.getEncoder().encodeToString(new byte[bytes]) + "\"";
    }

    /** One violation; the operation, a body in single quotes, the text after "1 validation error detected: Value ". */
    private static final List<Arguments> RECORDED = List.of(
            row(9, Operation.DESCRIBE_KEY, "{}", "null at 'keyId' " + NULL),
            row(11, Operation.DESCRIBE_KEY, "{'KeyId':'キー'}", "'キー' at 'keyId' " + PATTERN + "^\\p{ASCII}+$"),
            row(12, Operation.RE_ENCRYPT, "{'CiphertextBlob':'YQ=='}", "null at 'destinationKeyId' " + NULL),
            row(13, Operation.CREATE_ALIAS, "{'AliasName':'alias/a'}", "null at 'targetKeyId' " + NULL),
            row(14, Operation.ENCRYPT, "{'KeyId':'a'}", "at 'plaintext' " + NULL),
            row(15, Operation.ENCRYPT, "{'KeyId':'a','Plaintext':''}", "at 'plaintext' " + SHORT),
            row(16, Operation.ENCRYPT, "{'KeyId':'a','Plaintext':" + blob(4097) + "}", "at 'plaintext' " + max(4096)),
            row(17, Operation.GENERATE_MAC, "{'KeyId':'a','MacAlgorithm':'HMAC_SHA_256'}", "at 'message' " + NULL),
            row(
                    17,
                    Operation.GENERATE_MAC,
                    "{'KeyId':'a','MacAlgorithm':'HMAC_SHA_256','Message':" + blob(4097) + "}",
                    "at 'message' " + max(4096)),
            row(18, Operation.DECRYPT, "{}", "null at 'ciphertextBlob' " + NULL),
            row(18, Operation.RE_ENCRYPT, "{'DestinationKeyId':'a'}", "null at 'ciphertextBlob' " + NULL),
            row(19, Operation.DECRYPT, "{'CiphertextBlob':''}", "at 'ciphertextBlob' " + SHORT),
            row(19, Operation.DECRYPT, "{'CiphertextBlob':" + blob(6145) + "}", "at 'ciphertextBlob' " + max(6144)),
            row(
                    20,
                    Operation.VERIFY,
                    "{'KeyId':'a','Message':'YQ==','SigningAlgorithm':'SM2DSA'}",
                    "null at 'signature' " + NULL),
            row(
                    20,
                    Operation.VERIFY,
                    "{'KeyId':'a','Message':'YQ==','SigningAlgorithm':'SM2DSA','Signature':" + blob(6145) + "}",
                    "at 'signature' " + max(6144)),
            row(
                    21,
                    Operation.VERIFY_MAC,
                    "{'KeyId':'a','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256'}",
                    "null at 'mac' " + NULL),
            row(
                    21,
                    Operation.VERIFY_MAC,
                    "{'KeyId':'a','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256','Mac':''}",
                    "at 'mac' " + SHORT),
            row(22, Operation.SIGN, "{'KeyId':'a','Message':'YQ=='}", "null at 'signingAlgorithm' " + NULL),
            row(
                    23,
                    Operation.SIGN,
                    "{'KeyId':'a','Message':'YQ==','SigningAlgorithm':'FOO'}",
                    "'FOO' at 'signingAlgorithm' " + VALUES
                            + "[RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512,"
                            + " RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PKCS1_V1_5_SHA_512,"
                            + " ECDSA_SHA_256, ECDSA_SHA_384, ECDSA_SHA_512, ED25519_SHA_512, ED25519_PH_SHA_512,"
                            + " SM2DSA, ML_DSA_SHAKE_256]"),
            row(
                    24,
                    Operation.SIGN,
                    "{'KeyId':'a','Message':'YQ==','SigningAlgorithm':'SM2DSA','MessageType':'FOO'}",
                    "'FOO' at 'messageType' " + VALUES + "[RAW, DIGEST, EXTERNAL_MU]"),
            row(
                    25,
                    Operation.ENCRYPT,
                    "{'KeyId':'a','Plaintext':'YQ==','EncryptionAlgorithm':'FOO'}",
                    "'FOO' at 'encryptionAlgorithm' " + VALUES
                            + "[RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE, SYMMETRIC_DEFAULT]"),
            row(
                    26,
                    Operation.GENERATE_MAC,
                    "{'KeyId':'a','Message':'YQ==','MacAlgorithm':'INVALID'}",
                    "'INVALID' at 'macAlgorithm' " + VALUES
                            + "[HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]"),
            row(
                    27,
                    Operation.DERIVE_SHARED_SECRET,
                    "{'KeyId':'a','PublicKey':'YQ==','KeyAgreementAlgorithm':'INVALID'}",
                    "'INVALID' at 'keyAgreementAlgorithm' " + VALUES + "[ECDH]"),
            // Recorded in 2023; the specs and usages that came later stand behind, in the model's order.
            row(
                    28,
                    Operation.CREATE_KEY,
                    "{'KeySpec':'HMAC_random'}",
                    "'HMAC_random' at 'keySpec' " + VALUES
                            + "[RSA_2048, ECC_NIST_P384, ECC_NIST_P256, ECC_NIST_P521, HMAC_384, RSA_3072,"
                            + " ECC_SECG_P256K1, RSA_4096, SYMMETRIC_DEFAULT, HMAC_256, HMAC_224, HMAC_512,"
                            + " SM2, ML_DSA_44, ML_DSA_65, ML_DSA_87, ECC_NIST_EDWARDS25519,"
                            + " ML_KEM_512, ML_KEM_768, ML_KEM_1024]"),
            row(
                    29,
                    Operation.CREATE_KEY,
                    "{'KeyUsage':'RANDOM'}",
                    "'RANDOM' at 'keyUsage' " + VALUES + "[ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC,"
                            + " KEY_AGREEMENT, ENCAPSULATE_DECAPSULATE]"),
            row(30, Operation.GENERATE_DATA_KEY, "{'KeyId':'a','KeySpec':'FOO'}", dataKeySpec("FOO")),
            row(30, Operation.GENERATE_DATA_KEY, "{'KeyId':'a','KeySpec':'RSA_2048'}", dataKeySpec("RSA_2048")),
            row(30, Operation.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT, "{'KeyId':'a','KeySpec':'FOO'}", dataKeySpec("FOO")),
            row(
                    31,
                    Operation.GENERATE_RANDOM,
                    "{'NumberOfBytes':0}",
                    "'0' at 'numberOfBytes' failed to satisfy constraint:"
                            + " Member must have value greater than or equal to 1"),
            row(
                    31,
                    Operation.GENERATE_DATA_KEY,
                    "{'KeyId':'a','NumberOfBytes':1025}",
                    "'1025' at 'numberOfBytes' failed to satisfy constraint:"
                            + " Member must have value less than or equal to 1024"),
            row(
                    34,
                    Operation.ENABLE_KEY_ROTATION,
                    "{'KeyId':'a','RotationPeriodInDays':89}",
                    "'89' at 'rotationPeriodInDays' failed to satisfy constraint:"
                            + " Member must have value greater than or equal to 90"),
            row(
                    34,
                    Operation.ENABLE_KEY_ROTATION,
                    "{'KeyId':'a','RotationPeriodInDays':2561}",
                    "'2561' at 'rotationPeriodInDays' failed to satisfy constraint:"
                            + " Member must have value less than or equal to 2560"),
            row(
                    73,
                    Operation.CREATE_ALIAS,
                    "{'AliasName':'alias/my-alias!','TargetKeyId':'a'}",
                    "'alias/my-alias!' at 'aliasName' " + PATTERN + "^[a-zA-Z0-9:/_-]+$"),
            row(
                    82,
                    Operation.TAG_RESOURCE,
                    "{'KeyId':'a','Tags':[{'TagKey':'k','TagValue':'" + "v".repeat(257) + "'}]}",
                    "'" + "v".repeat(257) + "' at 'tags.1.member.tagValue' " + max(256)),
            row(
                    83,
                    Operation.CREATE_KEY,
                    "{'Tags':[{'TagKey':'" + "k".repeat(129) + "','TagValue':''}]}",
                    "'" + "k".repeat(129) + "' at 'tags.1.member.tagKey' " + max(128)),
            row(
                    84,
                    Operation.TAG_RESOURCE,
                    "{'KeyId':'a','Tags':[{'TagKey':'k','TagValue':''},{'TagKey':'','TagValue':''}]}",
                    "'' at 'tags.2.member.tagKey' " + SHORT),
            row(85, Operation.TAG_RESOURCE, "{'KeyId':'a'}", "null at 'tags' " + NULL),
            row(86, Operation.PUT_KEY_POLICY, "{'KeyId':'a'}", "null at 'policy' " + NULL),
            row(
                    87,
                    Operation.GET_KEY_POLICY,
                    "{'KeyId':'a','PolicyName':'invalid-name'}",
                    "'invalid-name' at 'policyName' " + PATTERN + "[\\w]+"));

    static List<Arguments> recorded() {
        return RECORDED;
    }

    private static String max(int length) {
        return "failed to satisfy constraint: Member must have length less than or equal to " + length;
    }

    private static String dataKeySpec(String value) {
        return "'" + value + "' at 'keySpec' " + VALUES + "[RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384,"
                + " ECC_NIST_P521, ECC_SECG_P256K1, ECC_NIST_EDWARDS25519, SYMMETRIC_DEFAULT, HMAC_224, HMAC_256,"
                + " HMAC_384, HMAC_512, SM2, ML_DSA_44, ML_DSA_65, ML_DSA_87]";
    }

    private static Arguments row(int number, Operation operation, String json, String text) {
        return Arguments.of(number, operation, json.replace('\'', '"'), text);
    }

    @ParameterizedTest(name = "row {0}: {1}")
    @MethodSource("recorded")
    void answersInTheRecordedWords(int row, Operation operation, String json, String text) {
        assertEquals("1 validation error detected: Value " + text, refusal(operation, json), "row " + row);
    }

    @Test
    void anEmptyKeyIdBreaksTwoRules() {
        assertEquals(
                "2 validation errors detected: Value '' at 'keyId' failed to satisfy constraint: Member must have length"
                        + " greater than or equal to 1; Value '' at 'keyId' failed to satisfy constraint: Member must"
                        + " satisfy regular expression pattern: ^\\p{ASCII}+$",
                refusal(Operation.DESCRIBE_KEY, "{\"KeyId\":\"\"}"));
    }

    @Test
    void everythingWrongIsToldInTheModelsOrder() {
        assertEquals(
                "4 validation errors detected: Value null at 'keyId' " + NULL + "; Value at 'plaintext' " + NULL
                        + "; Value '' at 'grantTokens.2.member' " + SHORT
                        + "; Value 'x' at 'encryptionAlgorithm' " + VALUES
                        + "[RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE, SYMMETRIC_DEFAULT]",
                refusal(
                        Operation.ENCRYPT,
                        "{\"EncryptionAlgorithm\":\"x\",\"GrantTokens\":[\"a\",\"\"],\"Plaintext\":null}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SYMMETRIC_DEFAULT", "ECDSA_SHA_256", "ML_DSA_SHAKE_256"})
    void signingAlgorithmMayBeOneThatIsNotNamed(String algorithm) {
        assertDoesNotThrow(() -> check(
                Operation.SIGN, "{\"KeyId\":\"a\",\"Message\":\"YQ==\",\"SigningAlgorithm\":\"" + algorithm + "\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES_128", "AES_256"})
    void dataKeySpecsAreTakenThoughNotNamed(String spec) {
        assertDoesNotThrow(() -> check(
                Operation.GENERATE_DATA_KEY, "{\"KeyId\":\"a\",\"KeySpec\":\"" + spec + "\",\"NumberOfBytes\":1}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hmac_sha_256", "HMAC_SHA_256 ", ""})
    void enumValuesAreComparedToTheLetter(String value) {
        var text = refusal(
                Operation.GENERATE_MAC, "{\"KeyId\":\"a\",\"Message\":\"YQ==\",\"MacAlgorithm\":\"" + value + "\"}");
        assertTrue(
                text.startsWith("1 validation error detected: Value '" + value + "' at 'macAlgorithm' " + VALUES),
                text);
    }

    @Test
    void aDryRunMayLeaveItsCiphertextOutOnlyIfItSaysSo() {
        assertDoesNotThrow(() -> check(
                Operation.DECRYPT, "{\"KeyId\":\"a\",\"DryRun\":true,\"DryRunModifiers\":[\"IGNORE_CIPHERTEXT\"]}"));
        assertDoesNotThrow(() -> check(
                Operation.RE_ENCRYPT,
                "{\"DestinationKeyId\":\"a\",\"DryRun\":true,\"DryRunModifiers\":[\"IGNORE_CIPHERTEXT\"]}"));
        var expected = "1 validation error detected: Value null at 'ciphertextBlob' " + NULL;
        for (var json : new String[] {
            "{\"DryRun\":true}",
            "{\"DryRun\":true,\"DryRunModifiers\":[]}",
            "{\"DryRun\":false,\"DryRunModifiers\":[\"IGNORE_CIPHERTEXT\"]}",
            "{\"DryRunModifiers\":[\"IGNORE_CIPHERTEXT\"]}"
        }) {
            assertEquals(expected, refusal(Operation.DECRYPT, json), json);
        }
    }

    @Test
    void listsAreBoundedAndShownWhole() {
        var tokens = Collections.nCopies(11, "\"t\"");
        assertEquals(
                "1 validation error detected: Value '[t, t, t, t, t, t, t, t, t, t, t]' at 'grantTokens' " + max(10),
                refusal(Operation.DESCRIBE_KEY, "{\"KeyId\":\"a\",\"GrantTokens\":" + tokens + "}"));
        assertDoesNotThrow(
                () -> check(Operation.DESCRIBE_KEY, "{\"KeyId\":\"a\",\"GrantTokens\":" + tokens.subList(0, 10) + "}"));
        assertDoesNotThrow(() -> check(Operation.DESCRIBE_KEY, "{\"KeyId\":\"a\",\"GrantTokens\":[]}"));
    }

    @Test
    void nullElementsAreNamedByTheirPlace() {
        assertEquals(
                "1 validation error detected: Value null at 'grantTokens.2.member' " + NULL,
                refusal(Operation.DESCRIBE_KEY, "{\"KeyId\":\"a\",\"GrantTokens\":[\"a\",null]}"));
        assertEquals(
                "1 validation error detected: Value null at 'tags.1.member' " + NULL,
                refusal(Operation.CREATE_KEY, "{\"Tags\":[null]}"));
        assertEquals(
                "1 validation error detected: Value null at 'encryptionContext.dept.member' " + NULL,
                refusal(
                        Operation.ENCRYPT,
                        "{\"KeyId\":\"a\",\"Plaintext\":\"YQ==\",\"EncryptionContext\":{\"a\":\"\",\"dept\":null}}"));
        assertEquals(
                "1 validation error detected: Value null at 'constraints.encryptionContextSubset.a.member' " + NULL,
                refusal(
                        Operation.CREATE_GRANT,
                        "{\"KeyId\":\"a\",\"Operations\":[],\"Constraints\":{\"EncryptionContextSubset\":{\"a\":null}}}"));
    }

    @Test
    void credentialsAreNeverShown() {
        var text = refusal(
                Operation.CREATE_CUSTOM_KEY_STORE,
                "{\"CustomKeyStoreName\":\"a\",\"KeyStorePassword\":\"hunter\",\"XksProxyAuthenticationCredential\":"
                        + "{\"AccessKeyId\":\"hunter\",\"RawSecretAccessKey\":\"hunter!\"}}");
        assertFalse(text.contains("hunter"), text);
        assertTrue(text.startsWith("5 validation errors detected: Value at 'keyStorePassword' "), text);
        assertTrue(text.contains("; Value at 'xksProxyAuthenticationCredential.rawSecretAccessKey' "), text);
        assertEquals(
                "2 validation errors detected: Value at 'xksProxyAuthenticationCredential.accessKeyId' " + NULL
                        + "; Value at 'xksProxyAuthenticationCredential.rawSecretAccessKey' " + NULL,
                refusal(
                        Operation.CREATE_CUSTOM_KEY_STORE,
                        "{\"CustomKeyStoreName\":\"a\",\"XksProxyAuthenticationCredential\":{}}"));
    }

    @Test
    void longAnswersAreNotForSale() {
        var tokens = Collections.nCopies(50_000, "\"\"");
        var text = refusal(Operation.DESCRIBE_KEY, "{\"KeyId\":\"a\",\"TagKeys\":[],\"GrantTokens\":" + tokens + "}");
        assertTrue(text.startsWith("100 validation errors detected: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", ".a.b.c", "a..b", "a.b.c.", "a.b.c_d", "a.b.ç", "", "a b.c.d"})
    void servicePrincipalsHaveThreeLabelsOrMore(String principal) {
        var text =
                refusal(Operation.LIST_GRANTS, "{\"KeyId\":\"a\",\"GranteeServicePrincipal\":\"" + principal + "\"}");
        assertTrue(text.endsWith("pattern: ^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$"), text);
    }

    @Test
    void textsOfAnyLengthAreCheckedWithoutRunningOutOfStack() {
        var seen = new HashSet<String>();
        for (var operation : Operation.values()) {
            for (var field : operation.newRequestBuilder().sdkFields()) {
                if (field.marshallingType() == MarshallingType.STRING && seen.add(field.locationName())) {
                    for (var unit : List.of("a", "a.", "a-", "0", "/a", "é", "/kms/xks/v1", "arn:aws:", ":")) {
                        var value = "\"" + unit.repeat(200_000 / unit.length()) + "\"";
                        var text = refusal(operation, "{\"" + field.locationName() + "\":" + value + "}");
                        assertTrue(text.contains(" at "), field.locationName());
                    }
                }
            }
        }
    }
}
