package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.protocol.CiphertextBlob;
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
        int bits = (octets.length - CiphertextBlob.NONCE_OFFSET) * 8;
        assertEquals(
                "InvalidCiphertextException",
                opened(octets, CiphertextBlob.NONCE_OFFSET * 8 + Math.floorMod(where, bits), context));
    }

    /** Every bit: the magic, the version, the algorithm, the nonce, the commitment, the ciphertext, the tag. */
    @Example
    void anyFlippedBitMakesABlobInvalidAndNothingElse() {
        var blob = kms.done("Encrypt", request("\"KeyId\":\"" + key + "\",\"Plaintext\":\"YQ==\"", Map.of()))
                .member("CiphertextBlob");
        var octets = Base64.getDecoder().decode(blob);
        var others = new ArrayList<String>();
        for (int bit = 0; bit < octets.length * 8; bit++) {
            boolean isInId = bit / 8 >= CiphertextBlob.ID_OFFSET && bit / 8 < CiphertextBlob.NONCE_OFFSET;
            var outcome = opened(octets, bit, Map.of());
            // With another id the blob says that it is some other key's, which nobody has.
            var expected = isInId ? "AccessDeniedException" : "InvalidCiphertextException";
            if (!outcome.equals(expected)) {
                others.add("bit " + bit + ": " + outcome);
            }
        }
        assertEquals(List.of(), others);
    }

    private static String opened(byte[] blob, int flipped, Map<String, String> context) {
        var damaged = blob.clone();
        damaged[flipped / 8] ^= (byte) (1 << flipped % 8);
        var outcome = kms.call("Decrypt", request(blob(Base64.getEncoder().encodeToString(damaged)), context))
                .outcome();
        return outcome.startsWith("AccessDenied") ? "AccessDeniedException" : outcome;
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
