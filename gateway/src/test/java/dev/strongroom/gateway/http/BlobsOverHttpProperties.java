package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Ciphertexts of symmetric keys, through HTTP, the HSM and back. */
@SuppressWarnings("NullAway.Init") // opened before the first property, which NullAway knows of JUnit only
class BlobsOverHttpProperties {

    private static LiveGateway kms;
    private static String key;

    @BeforeContainer
    static void open() throws Exception {
        kms = new LiveGateway();
        key = kms.createKey("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
    }

    @AfterContainer
    static void close() {
        kms.close();
    }

    @Provide
    Arbitrary<Map<String, String>> contexts() {
        var texts = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars(' ', 'ä', '日', '/', ':')
                .ofMaxLength(20);
        return Arbitraries.maps(texts.ofMinLength(1), texts).ofMaxSize(6);
    }

    @Property(tries = 150)
    void whatIsEncryptedIsDecryptedUnderItsContextAndNoOther(
            @ForAll @Size(min = 1, max = 4_096) byte[] plaintext,
            @ForAll("contexts") Map<String, String> context,
            @ForAll int where) {
        var text = Base64.getEncoder().encodeToString(plaintext);
        var blob = kms.done("Encrypt", request("\"KeyId\":\"" + key + "\",\"Plaintext\":\"" + text + "\"", context))
                .member("CiphertextBlob");

        assertEquals(text, kms.done("Decrypt", request(blob(blob), context)).member("Plaintext"));
        var other = new HashMap<>(context);
        other.put("one more", "");
        assertEquals(
                "InvalidCiphertextException",
                kms.call("Decrypt", request(blob(blob), other)).outcome());
        var octets = Base64.getDecoder().decode(blob);
        assertEquals(
                "InvalidCiphertextException",
                kms.call("Decrypt", request(flipped(octets, Math.floorMod(where, octets.length * 8)), context))
                        .outcome());
    }

    /**
     * Every bit: the magic, the version, the algorithm, the id, the random bytes and their check, the commitment, the
     * ciphertext, the tag; whether the caller names the key or the blob does.
     */
    @Example
    void anyFlippedBitMakesABlobInvalidAndNothingElse() {
        var blob = kms.done("Encrypt", request("\"KeyId\":\"" + key + "\",\"Plaintext\":\"YQ==\"", Map.of()))
                .member("CiphertextBlob");
        var octets = Base64.getDecoder().decode(blob);
        var destination = "\"DestinationKeyId\":\"" + key + "\"";
        var others = new ArrayList<String>();
        for (int bit = 0; bit < octets.length * 8; bit++) {
            var damaged = flipped(octets, bit);
            var requests = Map.of(
                    "{" + damaged + "}", "Decrypt",
                    "{" + damaged + ",\"KeyId\":\"" + key + "\"}", "Decrypt",
                    "{" + damaged + "," + destination + "}", "ReEncrypt",
                    "{" + damaged + "," + destination + ",\"SourceKeyId\":\"" + key + "\"}", "ReEncrypt");
            for (var request : requests.entrySet()) {
                var outcome = kms.call(request.getValue(), request.getKey()).outcome();
                if (!outcome.equals("InvalidCiphertextException")) {
                    others.add("bit " + bit + ", " + request.getValue() + " " + request.getKey() + ": " + outcome);
                }
            }
        }
        assertEquals(List.of(), others);
    }

    private static String flipped(byte[] blob, int bit) {
        var damaged = blob.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        return blob(Base64.getEncoder().encodeToString(damaged));
    }

    private static String blob(String blob) {
        return "\"CiphertextBlob\":\"" + blob + "\"";
    }

    private static String request(String members, Map<String, String> context) {
        var pairs = context.entrySet().stream()
                .map(pair -> "\"" + pair.getKey() + "\":\"" + pair.getValue() + "\"")
                .collect(Collectors.joining(","));
        return "{" + members + ",\"EncryptionContext\":{" + pairs + "}}";
    }
}
