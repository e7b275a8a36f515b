package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.api.KeySpecs;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operation × key spec × key usage, from one table. */
class KeyKindTest {

    private static final List<String> REQUESTS = List.of(
            "Encrypt {'KeyId':'<ID>','Plaintext':'YQ=='}",
            "Encrypt {'KeyId':'<ID>','Plaintext':'YQ==','EncryptionAlgorithm':'RSAES_OAEP_SHA_256'}",
            "Decrypt {'CiphertextBlob':'<ID.blob>'}",
            "Decrypt {'CiphertextBlob':'YQ==','KeyId':'<ID>','EncryptionAlgorithm':'RSAES_OAEP_SHA_256'}",
            "ReEncrypt {'CiphertextBlob':'<OTHER.blob>','DestinationKeyId':'<ID>'}",
            "ReEncrypt {'CiphertextBlob':'<OTHER.blob>','DestinationKeyId':'<ID>',"
                    + "'DestinationEncryptionAlgorithm':'RSAES_OAEP_SHA_256'}",
            "ReEncrypt {'CiphertextBlob':'YQ==','SourceKeyId':'<ID>','DestinationKeyId':'<OTHER>',"
                    + "'SourceEncryptionAlgorithm':'RSAES_OAEP_SHA_256'}",
            "GenerateDataKey {'KeyId':'<ID>','KeySpec':'AES_128'}",
            "GenerateDataKeyWithoutPlaintext {'KeyId':'<ID>','KeySpec':'AES_128'}");

    /** What becomes of {@link #REQUESTS}, in order; the words are explained in {@link #expected}. */
    private static final String TABLE = """
            SYMMETRIC_DEFAULT     ENCRYPT_DECRYPT         ok      spec  ok      spec  ok    spec  spec  ok   ok
            RSA_2048              ENCRYPT_DECRYPT         default ok    garbage ok    default ok  ok    asym asym
            RSA_3072              ENCRYPT_DECRYPT         default ok    garbage ok    default ok  ok    asym asym
            RSA_4096              ENCRYPT_DECRYPT         default ok    garbage ok    default ok  ok    asym asym
            SM2                   ENCRYPT_DECRYPT         default spec  garbage spec  default spec spec asym asym
            RSA_2048              SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            RSA_3072              SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            RSA_4096              SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            ECC_NIST_P256         SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            ECC_NIST_P384         SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            ECC_NIST_P521         SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            ECC_SECG_P256K1       SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            ECC_NIST_EDWARDS25519 SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            ML_DSA_44             SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            ML_DSA_65             SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            ML_DSA_87             SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            SM2                   SIGN_VERIFY             usage   usage garbage usage usage usage usage usage usage
            HMAC_224              GENERATE_VERIFY_MAC     usage   usage garbage usage usage usage usage usage usage
            HMAC_256              GENERATE_VERIFY_MAC     usage   usage garbage usage usage usage usage usage usage
            HMAC_384              GENERATE_VERIFY_MAC     usage   usage garbage usage usage usage usage usage usage
            HMAC_512              GENERATE_VERIFY_MAC     usage   usage garbage usage usage usage usage usage usage
            ECC_NIST_P256         KEY_AGREEMENT           usage   usage garbage usage usage usage usage usage usage
            ECC_NIST_P384         KEY_AGREEMENT           usage   usage garbage usage usage usage usage usage usage
            ECC_NIST_P521         KEY_AGREEMENT           usage   usage garbage usage usage usage usage usage usage
            SM2                   KEY_AGREEMENT           usage   usage garbage usage usage usage usage usage usage
            ML_KEM_512            ENCAPSULATE_DECAPSULATE usage   usage garbage usage usage usage usage usage usage
            ML_KEM_768            ENCAPSULATE_DECAPSULATE usage   usage garbage usage usage usage usage usage usage
            ML_KEM_1024           ENCAPSULATE_DECAPSULATE usage   usage garbage usage usage usage usage usage usage
            """;

    private static final List<String> FOR_ANY_KEY = List.of(
            "DescribeKey {'KeyId':'<ID>'}",
            "EnableKey {'KeyId':'<ID>'}",
            "DisableKey {'KeyId':'<ID>'}",
            "ScheduleKeyDeletion {'KeyId':'<ID>'}",
            "UpdateKeyDescription {'KeyId':'<ID>','Description':'x'}",
            "GetKeyPolicy {'KeyId':'<ID>'}",
            "ListKeyPolicies {'KeyId':'<ID>'}",
            "TagResource {'KeyId':'<ID>','Tags':[{'TagKey':'a','TagValue':'b'}]}",
            "UntagResource {'KeyId':'<ID>','TagKeys':['a']}",
            "ListResourceTags {'KeyId':'<ID>'}",
            "CreateAlias {'AliasName':'alias/new','TargetKeyId':'<ID>'}",
            "UpdateAlias {'AliasName':'alias/it','TargetKeyId':'<ID>'}",
            "DeleteAlias {'AliasName':'alias/it'}",
            "ListAliases {'KeyId':'<ID>'}");

    @ParameterizedTest(name = "{0} {1} {3}: {2}")
    @MethodSource("cells")
    void theTableHolds(KeySpec spec, KeyUsage usage, String word, String request) {
        var operation = request.split(" ", 2)[0];
        assertEquals(expected(word, operation, spec, usage), outcome(spec, usage, request));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("kinds")
    void manageableIsAnyKey(KeySpec spec, KeyUsage usage) {
        for (var request : FOR_ANY_KEY) {
            assertEquals("ok", outcome(spec, usage, request), request);
        }
    }

    @Test
    void everyLegalKindHasARow() {
        long legal = KeySpecs.all().stream()
                .mapToLong(spec -> KeySpecs.usages(spec).size())
                .sum();
        assertEquals(legal, kinds().count());
        assertEquals(legal * REQUESTS.size(), cells().count());
    }

    private static String outcome(KeySpec spec, KeyUsage usage, String request) {
        var world = World.of(
                        Sample.key(Sample.ID, spec, usage, KeyState.ENABLED),
                        Sample.key(
                                Sample.OTHER_ID, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, KeyState.ENABLED))
                .with(Sample.alias("alias/it", Sample.ID));
        var parts = request.split(" ", 2);
        return world.outcome(parts[0], Sample.json(parts[1]));
    }

    private static String expected(String word, String operation, KeySpec spec, KeyUsage usage) {
        return switch (word) {
            case "ok" -> "ok";
            case "usage" ->
                "InvalidKeyUsageException: " + Sample.arn(Sample.ID) + " key usage is " + usage
                        + " which is not valid for " + operation + ".";
            case "default" ->
                "InvalidKeyUsageException: Algorithm SYMMETRIC_DEFAULT is incompatible with key spec " + spec + ".";
            case "spec" ->
                "InvalidKeyUsageException: Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec " + spec + ".";
            case "asym" -> "InvalidKeyUsageException: You cannot generate a data key with an asymmetric CMK";
            case "garbage" -> "InvalidCiphertextException";
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static Stream<Object[]> kinds() {
        return TABLE.lines().map(line -> line.split("\\s+", -1)).map(words ->
                new Object[] {KeySpec.valueOf(words[0]), KeyUsage.valueOf(words[1])});
    }

    private static Stream<Object[]> cells() {
        return TABLE.lines()
                .map(line -> line.split("\\s+", -1))
                .flatMap(words -> Stream.iterate(0, i -> i < words.length - 2, i -> i + 1)
                        .map(i -> new Object[] {
                            KeySpec.valueOf(words[0]), KeyUsage.valueOf(words[1]), words[2 + i], REQUESTS.get(i)
                        }));
    }
}
