package dev.strongroom.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.EnableKeyResponse;
import software.amazon.awssdk.services.kms.model.EncryptResponse;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.ListKeysResponse;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.UpdateCustomKeyStoreResponse;

/** What the codec writes. */
class AwsJsonWriteTest {

    private static String written(SdkPojo message) {
        return new String(AwsJson.write(message), UTF_8);
    }

    @Nested
    class Writing {

        @Test
        void leavesOutWhatIsNotSet() {
            assertEquals(
                    "{\"Truncated\":false}",
                    written(ListKeysResponse.builder().truncated(false).build()));
        }

        @Test
        void writesAnExplicitEmptyList() {
            assertEquals(
                    "{\"Keys\":[]}",
                    written(ListKeysResponse.builder().keys(List.of()).build()));
        }

        @Test
        void writesBlobsAsPlainBase64() {
            var bytes = new byte[100];
            Arrays.fill(bytes, (byte) 0xFB);
            var expected = Base64.getEncoder().encodeToString(bytes);
            assertEquals(
                    "{\"CiphertextBlob\":\"" + expected + "\"}",
                    written(EncryptResponse.builder()
                            .ciphertextBlob(SdkBytes.fromByteArray(bytes))
                            .build()));
        }

        @ParameterizedTest
        @CsvSource({
            "1499288695918, 1499288695.918",
            "1499288695000, 1499288695.000",
            "1, 0.001",
            "-1, -0.001",
            "0, 0.000",
            "253402300799999, 253402300799.999"
        })
        void writesInstantsAsSecondsWithMilliseconds(long millis, String expected) {
            var response = DescribeKeyResponse.builder()
                    .keyMetadata(KeyMetadata.builder()
                            .creationDate(Instant.ofEpochMilli(millis))
                            .build())
                    .build();
            assertEquals("{\"KeyMetadata\":{\"CreationDate\":" + expected + "}}", written(response));
        }

        @Test
        void cutsNanosecondsOff() {
            var response = DescribeKeyResponse.builder()
                    .keyMetadata(KeyMetadata.builder()
                            .creationDate(Instant.ofEpochSecond(1, 999_999_999))
                            .build())
                    .build();
            assertEquals("{\"KeyMetadata\":{\"CreationDate\":1.999}}", written(response));
        }

        @Test
        void writesNothingWhereTheModelHasNoOutput() {
            assertArrayEquals(
                    new byte[0], AwsJson.write(EnableKeyResponse.builder().build()));
            assertEquals("{}", written(UpdateCustomKeyStoreResponse.builder().build()));
        }

        @Test
        void refusesClassesThatAreNoMessageOfKms() {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> AwsJson.write(Tag.builder().build()));
        }
    }

    @Nested
    class Errors {

        private String written(KmsException exception) {
            return new String(AwsJson.writeError(exception), UTF_8);
        }

        @Test
        void withTextHaveTwoMembers() {
            assertEquals(
                    "{\"__type\":\"NotFoundException\",\"message\":\"Invalid keyId 'x'\"}",
                    written(KmsException.of(KmsError.NOT_FOUND, "Invalid keyId 'x'")));
        }

        @Test
        void withoutTextHaveOneMember() {
            assertEquals(
                    "{\"__type\":\"KMSInvalidSignatureException\"}",
                    written(KmsException.of(KmsError.KMS_INVALID_SIGNATURE)));
        }

        @Test
        void withEmptyTextSayIt() {
            assertEquals(
                    "{\"__type\":\"ValidationException\",\"message\":\"\"}",
                    written(KmsException.of(KmsError.VALIDATION, "")));
        }

        @Test
        void aboutAccessSpellMessageWithACapital() {
            assertEquals(
                    "{\"__type\":\"AccessDeniedException\",\"Message\":\"no\"}",
                    written(KmsException.of(KmsError.ACCESS_DENIED, "no")));
        }
    }
}
