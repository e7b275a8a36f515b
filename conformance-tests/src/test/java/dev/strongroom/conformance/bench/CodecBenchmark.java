package dev.strongroom.conformance.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.api.AwsJson;
import dev.strongroom.api.MemberRules;
import dev.strongroom.api.Operation;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.EncryptResponse;

/** The JSON of KMS, in and out. */
@State(Scope.Benchmark)
public class CodecBenchmark {

    private static final String KEY = "arn:aws:kms:eu-west-1:111122223333:key/" + new UUID(1, 2);

    private final byte[] encrypt = ("{\"KeyId\":\"" + KEY
                    + "\",\"Plaintext\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",\"EncryptionContext\":{\"bucket\":"
                    + "\"reports\",\"object\":\"2026/11/24/report.pdf\"}}")
            .getBytes(UTF_8);
    private final byte[] createKey =
            ("{\"Description\":\"for the reports\",\"KeySpec\":\"SYMMETRIC_DEFAULT\",\"KeyUsage\":"
                            + "\"ENCRYPT_DECRYPT\",\"Tags\":[{\"TagKey\":\"a\",\"TagValue\":\"1\"},{\"TagKey\":\"b\",\"TagValue\":\"2\"}]}")
                    .getBytes(UTF_8);
    private final EncryptResponse response = EncryptResponse.builder()
            .keyId(KEY)
            .ciphertextBlob(SdkBytes.fromByteArray(new byte[124]))
            .encryptionAlgorithm("SYMMETRIC_DEFAULT")
            .build();
    private final SdkPojo request = AwsJson.read(operation("Encrypt"), encrypt);

    @Benchmark
    public SdkPojo readEncrypt() {
        return AwsJson.read(operation("Encrypt"), encrypt);
    }

    @Benchmark
    public SdkPojo readCreateKey() {
        return AwsJson.read(operation("CreateKey"), createKey);
    }

    @Benchmark
    public byte[] writeEncryptResponse() {
        return AwsJson.write(response);
    }

    @Benchmark
    public SdkPojo checkEncrypt() {
        MemberRules.check(operation("Encrypt"), request);
        return request;
    }

    private static Operation operation(String name) {
        return Operation.find(name).orElseThrow();
    }
}
