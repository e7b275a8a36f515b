package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.gateway.operation.KeyKind;
import dev.strongroom.gateway.operation.UseCase;
import dev.strongroom.gateway.operation.UseMatrix;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The matrix of uses through HTTP, the HSM and back, with real keys in every state that a request can bring a key into. Of
 * the cases of one operation that end alike a few are sent.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UseMatrixOverHttpTest {

    private static final int ALIKE = 3;
    private static final Pattern BYTES = Pattern.compile("<(\\d+) bytes>");

    private LiveGateway kms;
    private String other;
    private String otherBlob;

    @BeforeAll
    void open() throws Exception {
        kms = new LiveGateway();
        other = kms.createKey("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
        otherBlob = encrypt(other);
    }

    @AfterAll
    void close() {
        kms.close();
    }

    static List<KeyKind> kinds() {
        return KeyKind.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyUseEndsAsItShould(KeyKind kind) {
        var id = kms.createKey(kind.spec(), kind.usage());
        var blob = kind.spec().equals("SYMMETRIC_DEFAULT") ? encrypt(id) : "U1JBQQ==";
        check(kind, "Enabled", id, blob);
        var unusedDisabling = kms.done("DisableKey", "{\"KeyId\":\"" + id + "\"}");
        check(kind, "Disabled", id, blob);
        var unusedScheduling = kms.done("ScheduleKeyDeletion", "{\"KeyId\":\"" + id + "\",\"PendingWindowInDays\":7}");
        check(kind, "PendingDeletion", id, blob);
    }

    private void check(KeyKind kind, String state, String id, String blob) {
        var wrong = new ArrayList<String>();
        int sent = 0;
        for (var use : sample(UseMatrix.of(kind, state))) {
            var json = json(use, id, blob);
            var expected = use.outcome().equals(UseCase.REACHED)
                    ? reached(use, kind)
                    : use.outcome().replace("<ID.arn>", arn(id));
            require(wrong, use, json, expected);
            sent++;
            if (expected.equals("ok") && !use.operation().equals("GetPublicKey")) {
                var dry = json.substring(0, json.length() - 1) + ",\"DryRun\":true}";
                require(
                        wrong,
                        use,
                        dry,
                        "DryRunOperationException: The request would have succeeded, but the DryRun option is set.");
            }
        }
        int all = sent;
        assertEquals(List.of(), wrong, () -> kind + " " + state + ": " + wrong.size() + " of " + all);
    }

    private void require(List<String> wrong, UseCase use, String json, String expected) {
        var answer = kms.call(use.operation(), json);
        if (!answer.outcome().equals(expected) || answer.status() != (expected.equals("ok") ? 200 : 400)) {
            wrong.add(use.operation() + " " + json + "\n  should end as " + expected + "\n  and ended as  "
                    + answer.status() + " " + answer.outcome());
        }
    }

    /** A few cases of each operation and outcome. */
    private static List<UseCase> sample(List<UseCase> cases) {
        var alike = new HashMap<String, Integer>();
        var chosen = new ArrayList<UseCase>();
        for (var use : cases) {
            // An RSA pair takes seconds, and is made elsewhere.
            boolean slow = use.members().contains("'KeyPairSpec':'RSA")
                    && use.outcome().equals(UseCase.REACHED);
            if (!slow && alike.merge(use.operation() + use.outcome(), 1, Integer::sum) <= ALIKE) {
                chosen.add(use);
            }
        }
        return chosen;
    }

    /** How a request ends that reaches the HSM, with the made-up signatures and ciphertexts of the matrix. */
    private static String reached(UseCase use, KeyKind kind) {
        boolean symmetric = kind.spec().equals("SYMMETRIC_DEFAULT");
        boolean opens = use.operation().equals("ReEncrypt")
                ? use.members().contains("'SourceKeyId'")
                : use.operation().equals("Decrypt");
        // A real ciphertext of a symmetric key opens, without the context that the matrix has in some cases.
        if (opens) {
            return symmetric && !use.members().contains("EncryptionContext") ? "ok" : "InvalidCiphertextException";
        }
        return switch (use.operation()) {
            case "Verify" -> "KMSInvalidSignatureException";
            case "VerifyMac" -> "KMSInvalidMacException";
            case "DeriveSharedSecret" -> "ValidationException: ";
            case "Decapsulate" -> "InvalidCiphertextException";
            default -> "ok";
        };
    }

    private String json(UseCase use, String id, String blob) {
        var named = ("{" + use.members() + "}")
                .replace('\'', '"')
                .replace("<ID.blob>", blob)
                .replace("<OTHER.blob>", otherBlob)
                .replace("<ID>", id)
                .replace("<OTHER>", other);
        return BYTES.matcher(named)
                .replaceAll(length -> Base64.getEncoder().encodeToString(new byte[Integer.parseInt(length.group(1))]));
    }

    private String encrypt(String id) {
        return kms.done("Encrypt", "{\"KeyId\":\"" + id + "\",\"Plaintext\":\"YQ==\"}")
                .member("CiphertextBlob");
    }

    private static String arn(String id) {
        return "arn:aws:kms:" + ScriptedHsm.SCOPE.region() + ":" + ScriptedHsm.ACCOUNT + ":key/" + id;
    }
}
