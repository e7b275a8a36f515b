package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.gateway.operation.Records;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recorded errors through HTTP, the HSM and back, to the letter, wherever a request can bring the keys about. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedTextsOverHttpTest {

    private static final Pattern NAME = Pattern.compile("<([A-Z]\\w*)(\\.arn|\\.blob)?>");
    private static final Pattern REPEATED = Pattern.compile("<(\\d+) (bytes|.)>");

    /** States that no request of ours brings a key into. */
    private static final Pattern UNREACHABLE =
            Pattern.compile("<(PENDING_IMPORT|UNAVAILABLE|CREATING|UPDATING)(\\.\\w+)?>");

    /** Errors that need the HSM's own word. */
    private static final List<Records.Seen> BY_THE_HSM = List.of(
            new Records.Seen(
                    49,
                    "Verify",
                    "{'KeyId':'<P256>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256','Signature':'YQ=='}",
                    "KMSInvalidSignatureException"),
            new Records.Seen(
                    50,
                    "VerifyMac",
                    "{'KeyId':'<HMAC>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256','Mac':'YQ=='}",
                    "KMSInvalidMacException"),
            new Records.Seen(
                    51,
                    "Decrypt",
                    "{'CiphertextBlob':'<ID.blob>','EncryptionContext':{'a':'b'}}",
                    "InvalidCiphertextException"),
            new Records.Seen(
                    51,
                    "Decrypt",
                    "{'KeyId':'<RSA_2048>','CiphertextBlob':'<256 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_256'}",
                    "InvalidCiphertextException"),
            new Records.Seen(
                    71,
                    "DeriveSharedSecret",
                    "{'KeyId':'<AGREE>','PublicKey':'<91 bytes>','KeyAgreementAlgorithm':'ECDH'}",
                    "ValidationException: "),
            new Records.Seen(
                    76,
                    "CreateAlias",
                    "{'AliasName':'alias/it','TargetKeyId':'<ID>'}",
                    "AlreadyExistsException: An alias with the name arn:aws:kms:eu-central-1:111122223333:alias/it already"
                            + " exists"),
            new Records.Seen(
                    96,
                    "Sign",
                    "{'KeyId':'<P256>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256','DryRun':true}",
                    "DryRunOperationException: The request would have succeeded, but the DryRun option is set."),
            new Records.Seen(106, "Encrypt", "{'KeyId':'<ID>','Plaintext':'*'}", "SerializationException"));

    private final Map<String, String> ids = new HashMap<>();
    private LiveGateway kms;

    @BeforeAll
    void open() throws Exception {
        kms = new LiveGateway();
        for (var name : List.of("ID", "OTHER", "DISABLED", "PENDING_DELETION", "FULL")) {
            ids.put(name, kms.createKey("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"));
        }
        for (var spec : List.of("RSA_2048", "RSA_3072", "RSA_4096")) {
            ids.put(spec, kms.createKey(spec, "ENCRYPT_DECRYPT"));
        }
        ids.put("RSA_DISABLED", ids.get("RSA_2048"));
        ids.put("SIGN", kms.createKey("RSA_2048", "SIGN_VERIFY"));
        ids.put("P256", kms.createKey("ECC_NIST_P256", "SIGN_VERIFY"));
        ids.put("AGREE", kms.createKey("ECC_NIST_P256", "KEY_AGREEMENT"));
        ids.put("KEM", kms.createKey("ML_KEM_512", "ENCAPSULATE_DECAPSULATE"));
        ids.put("ED", kms.createKey("ECC_NIST_EDWARDS25519", "SIGN_VERIFY"));
        ids.put("MLDSA", kms.createKey("ML_DSA_44", "SIGN_VERIFY"));
        ids.put("HMAC", kms.createKey("HMAC_256", "GENERATE_VERIFY_MAC"));
        ids.put("HMAC_224", kms.createKey("HMAC_224", "GENERATE_VERIFY_MAC"));
        ids.put("GONE", "00000000-0000-4000-8000-000000000000");
        done("CreateAlias", "{'AliasName':'alias/it','TargetKeyId':'<ID>'}");
        done("CreateAlias", "{'AliasName':'alias/rsa','TargetKeyId':'<RSA_2048>'}");
        done("CreateAlias", "{'AliasName':'alias/sign','TargetKeyId':'<SIGN>'}");
        done("DisableKey", "{'KeyId':'<DISABLED>'}");
        done("ScheduleKeyDeletion", "{'KeyId':'<PENDING_DELETION>'}");
        done("TagResource", "{'KeyId':'<FULL>','Tags':[" + String.join(",", fifty()) + "]}");
    }

    private static List<String> fifty() {
        return IntStream.range(0, 50)
                .mapToObj(i -> "{'TagKey':'tag " + i + "','TagValue':''}")
                .toList();
    }

    @AfterAll
    void close() {
        kms.close();
    }

    private void done(String operation, String request) {
        var unused = kms.done(operation, json(request));
    }

    /** Rows that end with an error; those that end well change something, and are tested elsewhere. */
    static Stream<Records.Seen> records() {
        return Stream.concat(Records.all().stream(), BY_THE_HSM.stream())
                .filter(seen -> !seen.outcome().equals("ok"))
                .filter(seen ->
                        !UNREACHABLE.matcher(seen.request() + seen.outcome()).find());
    }

    @ParameterizedTest
    @MethodSource("records")
    void theWordsAreThoseOfTheService(Records.Seen seen) {
        var answer = kms.call(seen.operation(), json(seen.request()));
        assertEquals(text(seen.outcome()), Records.asFarAs(text(seen.outcome()), answer.outcome()));
        assertEquals(400, answer.status());
    }

    /** Of the records that are about keys and their use. */
    @Test
    void theseRecordsAreAsserted() {
        var numbers = new TreeSet<Integer>();
        records().forEach(seen -> numbers.add(seen.number()));
        assertTrue(numbers.containsAll(IntStream.rangeClosed(1, 33).boxed().toList()), numbers.toString());
        assertTrue(numbers.containsAll(IntStream.rangeClosed(35, 56).boxed().toList()), numbers.toString());
        assertTrue(numbers.containsAll(List.of(61, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80)), numbers.toString());
        assertTrue(numbers.size() >= 80, numbers.size() + ": " + numbers);
    }

    private String json(String request) {
        return text(request.replace('\'', '"').replace("`", "\\\""));
    }

    private String text(String text) {
        var named = NAME.matcher(text.replace(Records.region(), ScriptedHsm.SCOPE.region()))
                .replaceAll(match -> named(match.group(1), String.valueOf(match.group(2))));
        return REPEATED.matcher(named).replaceAll(match -> {
            int count = Integer.parseInt(match.group(1));
            var unit = match.group(2);
            return unit.equals("bytes") ? Base64.getEncoder().encodeToString(new byte[count]) : unit.repeat(count);
        });
    }

    private String named(String name, String form) {
        var id = ids.get(name);
        if (id == null) {
            throw new AssertionError("no key " + name);
        }
        return switch (form) {
            case ".arn" -> "arn:aws:kms:" + ScriptedHsm.SCOPE.region() + ":" + ScriptedHsm.ACCOUNT + ":key/" + id;
            case ".blob" -> name.equals("GONE") ? nobodys() : encrypted(id);
            default -> id;
        };
    }

    private String encrypted(String id) {
        return kms.done("Encrypt", "{\"KeyId\":\"" + id + "\",\"Plaintext\":\"YQ==\"}")
                .member("CiphertextBlob");
    }

    /** A well-formed blob that names a backing key that nobody has. */
    private static String nobodys() {
        var blob = new byte[CiphertextBlob.HEADER_BYTES + CiphertextBlob.TAG_BYTES + 1];
        CiphertextBlob.begin(
                blob, Bytes.wrap(new byte[CiphertextBlob.ID_BYTES]), new byte[CiphertextBlob.RANDOM_BYTES]);
        return Base64.getEncoder().encodeToString(blob);
    }
}
