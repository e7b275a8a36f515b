package dev.strongroom.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.kms.model.EncryptionAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.GenerateRandomRequest;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialRequest;
import software.amazon.awssdk.services.kms.model.Tag;

/** What the codec takes and what it refuses. */
class AwsJsonReadTest {

    private static EncryptRequest encrypt(String json) {
        return AwsJson.read(Operation.ENCRYPT, json.getBytes(UTF_8));
    }

    private static KmsException refusal(Operation operation, String json) {
        var thrown = assertThrows(KmsException.class, () -> AwsJson.read(operation, json.getBytes(UTF_8)));
        assertEquals(KmsError.SERIALIZATION, thrown.error());
        return thrown;
    }

    @Test
    void takesAnEncryptRequest() {
        var request = encrypt("""
                    {"KeyId": "alias/a", "Plaintext": "aGk=", "EncryptionContext": {"b": "2", "a": "\\u00e9"},
                     "GrantTokens": [], "DryRun": false, "EncryptionAlgorithm": "SM2PKE"}""");
        assertEquals(
                EncryptRequest.builder()
                        .keyId("alias/a")
                        .plaintext(SdkBytes.fromUtf8String("hi"))
                        .encryptionContext(Map.of("a", "é", "b", "2"))
                        .grantTokens(List.of())
                        .dryRun(false)
                        .encryptionAlgorithm("SM2PKE")
                        .build(),
                request);
    }

    @Test
    void takesAPartOfAnArray() {
        var bytes = "xx{\"KeyId\":\"a\"}yy".getBytes(UTF_8);
        EncryptRequest request = AwsJson.read(Operation.ENCRYPT, bytes, 2, bytes.length - 4);
        assertEquals("a", request.keyId());
    }

    @Test
    void skipsUnknownMembersWhateverTheyHold() {
        var request = encrypt("{\"Foo\":{\"KeyId\":[1,{}]},\"keyId\":\"lower\",\"Bar\":null,\"KeyId\":\"a\"}");
        assertEquals("a", request.keyId());
    }

    @Test
    void takesNullAsAbsent() {
        var request = encrypt("{\"KeyId\":null,\"EncryptionContext\":null,\"GrantTokens\":null,\"DryRun\":null}");
        assertEquals(EncryptRequest.builder().build(), request);
        assertFalse(request.hasEncryptionContext());
        assertFalse(request.hasGrantTokens());
    }

    @Test
    void tellsAnEmptyListFromAnAbsentOne() {
        assertTrue(encrypt("{\"GrantTokens\":[]}").hasGrantTokens());
        assertFalse(encrypt("{}").hasGrantTokens());
    }

    @Test
    void keepsNullElementsForTheShapeCheck() {
        assertEquals(
                Arrays.asList("a", null),
                encrypt("{\"GrantTokens\":[\"a\",null]}").grantTokens());
        var context = encrypt("{\"EncryptionContext\":{\"a\":null}}").encryptionContext();
        assertTrue(context.containsKey("a"));
        assertNull(context.get("a"));
    }

    @Test
    void keepsUnknownEnumValuesAsTheyAre() {
        var request = encrypt("{\"EncryptionAlgorithm\":\"ROT13\"}");
        assertEquals("ROT13", request.encryptionAlgorithmAsString());
        assertEquals(EncryptionAlgorithmSpec.UNKNOWN_TO_SDK_VERSION, request.encryptionAlgorithm());
    }

    @Test
    void takesStructuresInListsAndStructures() {
        CreateKeyRequest key = AwsJson.read(
                Operation.CREATE_KEY, "{\"Tags\":[{\"TagKey\":\"k\",\"TagValue\":\"v\"},{}]}".getBytes(UTF_8));
        assertEquals(
                List.of(
                        Tag.builder().tagKey("k").tagValue("v").build(),
                        Tag.builder().build()),
                key.tags());
        CreateGrantRequest grant = AwsJson.read(
                Operation.CREATE_GRANT,
                "{\"Constraints\":{\"EncryptionContextSubset\":{\"a\":\"b\"}}}".getBytes(UTF_8));
        assertEquals(Map.of("a", "b"), grant.constraints().encryptionContextSubset());
    }

    @ParameterizedTest
    @CsvSource({
        "1499288695, 2017-07-05T21:04:55Z",
        "1499288695.918, 2017-07-05T21:04:55.918Z",
        "1.499288695918E9, 2017-07-05T21:04:55.918Z",
        "1499288695918e-3, 2017-07-05T21:04:55.918Z",
        "1499288695.9179999828, 2017-07-05T21:04:55.918Z",
        "-1.5, 1969-12-31T23:59:58.500Z",
        "0, 1970-01-01T00:00:00Z",
        "0E+999999999, 1970-01-01T00:00:00Z",
        "1E-999999999, 1970-01-01T00:00:00Z",
        "253402300799, 9999-12-31T23:59:59Z",
    })
    void takesTimestampsInEveryNotation(String number, Instant expected) {
        ImportKeyMaterialRequest request =
                AwsJson.read(Operation.IMPORT_KEY_MATERIAL, ("{\"ValidTo\":" + number + "}").getBytes(UTF_8));
        assertEquals(expected, request.validTo());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "253402300800",
                "-62167219201",
                "1e99",
                "1E+999999999",
                "-1E+2147483647",
                "1E+99999999999999",
                "\"1499288695\"",
                "\"2017-07-05T21:04:55Z\"",
                "true",
                "[]",
                "NaN"
            })
    void refusesOtherTimestamps(String value) {
        assertTrue(refusal(Operation.IMPORT_KEY_MATERIAL, "{\"ValidTo\":" + value + "}")
                        .text()
                != null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "aGk", "aGk==", "aG=k", "aGk=aGk=", "%%%%", "aG k", "aGk_", "é", "aGk=\\u0000"})
    void refusesBadBase64WithoutAText(String base64) {
        assertNull(
                refusal(Operation.ENCRYPT, "{\"Plaintext\":\"" + base64 + "\"}").text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "1",
                "\"KeyId\"",
                "{",
                "{\"KeyId\"",
                "{\"KeyId\":",
                "{\"KeyId\":\"a",
                "{\"KeyId\":\"a\"",
                "{\"KeyId\":\"a\",}",
                "{\"KeyId\":\"a\"}}",
                "{\"KeyId\":\"a\"}{}",
                "{\"KeyId\":\"a\"} x",
                "{'KeyId':'a'}",
                "{KeyId:\"a\"}",
                "{\"KeyId\":\"a\"/*c*/}",
                "{\"KeyId\":\"\\x\"}",
                "{\"KeyId\":\"a\nb\"}",
                "{\"GrantTokens\":[\"a\"}",
                "{\"GrantTokens\":[\"a\",]}",
                "{\"Foo\":NaN}"
            })
    void refusesWhatIsNoJsonObject(String body) {
        assertTrue(refusal(Operation.ENCRYPT, body).text() != null);
    }

    @Test
    void refusesABooleanForAStringInTheRecordedWords() {
        assertEquals(
                "class java.lang.Boolean can not be converted to an String",
                refusal(Operation.ENCRYPT, "{\"KeyId\":true}").text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"KeyId\":1}",
                "{\"KeyId\":{}}",
                "{\"KeyId\":[]}",
                "{\"Plaintext\":1}",
                "{\"Plaintext\":[104,105]}",
                "{\"DryRun\":\"true\"}",
                "{\"DryRun\":1}",
                "{\"GrantTokens\":\"a\"}",
                "{\"GrantTokens\":{}}",
                "{\"GrantTokens\":[1]}",
                "{\"EncryptionContext\":[]}",
                "{\"EncryptionContext\":{\"a\":1}}",
                "{\"EncryptionContext\":{\"a\":{}}}"
            })
    void refusesOtherTypes(String body) {
        assertTrue(refusal(Operation.ENCRYPT, body).text() != null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e1", "\"1\"", "2147483648", "99999999999999999999999999", "true"})
    void refusesWhatIsNoInteger(String value) {
        assertTrue(refusal(Operation.GENERATE_RANDOM, "{\"NumberOfBytes\":" + value + "}")
                        .text()
                != null);
    }

    @Test
    void takesEveryIntegerOf32Bits() {
        for (var value : List.of(Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE)) {
            GenerateRandomRequest request =
                    AwsJson.read(Operation.GENERATE_RANDOM, ("{\"NumberOfBytes\":" + value + "}").getBytes(UTF_8));
            assertEquals(value, request.numberOfBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"KeyId\":\"a\",\"KeyId\":\"b\"}",
                "{\"KeyId\":null,\"KeyId\":\"b\"}",
                "{\"KeyId\":\"a\",\"\\u004beyId\":\"a\"}",
                "{\"EncryptionContext\":{\"a\":\"1\",\"a\":\"1\"}}",
                "{\"EncryptionContext\":{\"a\":null,\"a\":\"1\"}}"
            })
    void refusesDuplicates(String body) {
        assertTrue(refusal(Operation.ENCRYPT, body).text() != null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\\udd11", "\\udd11\\ud83d", "a\\ud83db", "\\ud83d\\ud83d\\udd11"})
    void refusesHalfSurrogatePairs(String escaped) {
        assertTrue(refusal(Operation.ENCRYPT, "{\"KeyId\":\"" + escaped + "\"}").text() != null);
        assertTrue(refusal(Operation.ENCRYPT, "{\"EncryptionContext\":{\"" + escaped + "\":\"\"}}")
                        .text()
                != null);
        assertTrue(refusal(Operation.ENCRYPT, "{\"EncryptionContext\":{\"\":\"" + escaped + "\"}}")
                        .text()
                != null);
        assertTrue(refusal(Operation.ENCRYPT, "{\"GrantTokens\":[\"" + escaped + "\"]}")
                        .text()
                != null);
    }

    @Test
    void takesWholeSurrogatePairs() {
        assertEquals("\uD83D\uDD11", encrypt("{\"KeyId\":\"\\ud83d\\udd11\"}").keyId());
    }

    @Test
    void refusesDeepNestingEvenInWhatItSkips() {
        assertTrue(refusal(Operation.ENCRYPT, "{\"Foo\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}")
                        .text()
                != null);
    }

    @Test
    void neverRepeatsTheInputInAText() {
        var text = String.valueOf(
                refusal(Operation.ENCRYPT, "{\"KeyId\":\"hunter2").text());
        assertFalse(text.contains("hunter2"), text);
        text = String.valueOf(
                refusal(Operation.ENCRYPT, "{\"Plaintext\":hunter2}").text());
        assertFalse(text.contains("hunter2"), text);
    }

    @ParameterizedTest
    @EnumSource
    void everyListAndMapMayHoldNullUntilTheShapeCheck(Operation operation) {
        for (var field : operation.newRequestBuilder().sdkFields()) {
            var type = field.marshallingType();
            if (type == MarshallingType.LIST || type == MarshallingType.MAP) {
                var value = type == MarshallingType.LIST ? "[null]" : "{\"a\":null}";
                var text = MemberRulesTest.refusal(operation, "{\"" + field.locationName() + "\":" + value + "}");
                assertTrue(
                        text.contains("Value null at '"
                                + field.memberName().substring(0, 1).toLowerCase(Locale.ROOT)
                                + field.memberName().substring(1) + (type == MarshallingType.LIST ? ".1" : ".a")
                                + ".member'"),
                        text);
            }
        }
    }
}
