package dev.strongroom.conformance.bench;

import dev.strongroom.conformance.subject.Target;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;

/**
 * The requests of the load run to one target, under a key of their own: a plaintext of 32 bytes and a context of two
 * pairs, the size of what wraps a data key.
 */
public record KmsRequests(Target target, Map<String, String> bodies) {

    private static final Map<String, String> CONTEXT = Map.of("bucket", "reports", "object", "2026/11/24/report.pdf");
    private static final String CONTEXT_JSON =
            ",\"EncryptionContext\":{\"bucket\":\"reports\",\"object\":\"2026/11/24/report.pdf\"}}";

    /** Makes the key, and the blob that is to be decrypted. */
    public static KmsRequests prepare(Target target) {
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var plaintext = new byte[32];
            var blob = kms.encrypt(encrypt -> encrypt.keyId(key)
                            .plaintext(SdkBytes.fromByteArray(plaintext))
                            .encryptionContext(CONTEXT))
                    .ciphertextBlob()
                    .asByteArray();
            var base64 = Base64.getEncoder();
            var bodies = new LinkedHashMap<String, String>();
            bodies.put(
                    "Encrypt",
                    "{\"KeyId\":\"" + key + "\",\"Plaintext\":\"" + base64.encodeToString(plaintext) + "\""
                            + CONTEXT_JSON);
            bodies.put("Decrypt", "{\"CiphertextBlob\":\"" + base64.encodeToString(blob) + "\"" + CONTEXT_JSON);
            bodies.put("GenerateDataKey", "{\"KeyId\":\"" + key + "\",\"KeySpec\":\"AES_256\"" + CONTEXT_JSON);
            return new KmsRequests(target, bodies);
        }
    }

    /** Each operation's request, signed now. */
    public Map<String, byte[]> sign() {
        var signed = new LinkedHashMap<String, byte[]>();
        bodies.forEach((operation, body) -> signed.put(
                operation,
                PreparedRequest.sign(target.endpoint(), operation, body, target.accessKeyId(), target.secretKey())));
        return signed;
    }
}
