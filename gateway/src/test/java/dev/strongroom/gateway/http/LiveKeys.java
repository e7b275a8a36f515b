package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.gateway.operation.Records;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** Keys in a {@link LiveGateway} by the names that the recorded errors give them, and the requests that speak of them. */
final class LiveKeys {

    private static final Pattern NAME = Pattern.compile("<([A-Z]\\w*)(\\.arn|\\.blob)?>");
    private static final Pattern REPEATED = Pattern.compile("<(\\d+) (bytes|.)>");

    private final LiveGateway kms;
    private final Map<String, String> ids = new HashMap<>();

    /** Blobs of keys that can make no more. */
    private final Map<String, String> blobs = new HashMap<>();

    LiveKeys(LiveGateway kms) {
        this.kms = kms;
        for (var name : List.of("ID", "OTHER", "DISABLED", "PENDING_DELETION", "FULL", "ROTATED")) {
            ids.put(name, kms.createKey("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"));
        }
        for (var spec : List.of("RSA_2048", "RSA_3072", "RSA_4096")) {
            ids.put(spec, kms.createKey(spec, "ENCRYPT_DECRYPT"));
        }
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
        done("TagResource", "{'KeyId':'<FULL>','Tags':[" + String.join(",", fifty()) + "]}");
        blobs.put("DISABLED", encrypted("DISABLED"));
        blobs.put("PENDING_DELETION", encrypted("PENDING_DELETION"));
        done("DisableKey", "{'KeyId':'<DISABLED>'}");
        done("ScheduleKeyDeletion", "{'KeyId':'<PENDING_DELETION>'}");
        for (int i = 0; i < 25; i++) {
            done("RotateKeyOnDemand", "{'KeyId':'<ROTATED>'}");
        }
        ids.put("RSA_DISABLED", kms.createKey("RSA_2048", "ENCRYPT_DECRYPT"));
        done("DisableKey", "{'KeyId':'<RSA_DISABLED>'}");
        createImported();
    }

    private static List<String> fifty() {
        return IntStream.range(0, 50)
                .mapToObj(i -> "{'TagKey':'tag " + i + "','TagValue':''}")
                .toList();
    }

    /** EXTERNAL has material, PENDING_IMPORT had some. */
    private void createImported() {
        for (var name : List.of("EXTERNAL", "PENDING_IMPORT", "EXTERNAL_DISABLED")) {
            var made = kms.done("CreateKey", json("{'Origin':'EXTERNAL'}"));
            ids.put(name, made.member("KeyMetadata.KeyId"));
            done("ImportKeyMaterial", importOf(name, 1, ",'ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE'"));
        }
        blobs.put("PENDING_IMPORT", encrypted("PENDING_IMPORT"));
        done("DeleteImportedKeyMaterial", "{'KeyId':'<PENDING_IMPORT>'}");
        done("DisableKey", "{'KeyId':'<EXTERNAL_DISABLED>'}");
    }

    /**
     * A request that brings material in.
     *
     * @param filler of its 32 bytes
     * @param more members, with a comma before them
     */
    String importOf(String name, int filler, String more) {
        var parameters = kms.done(
                "GetParametersForImport",
                json("{'KeyId':'<" + name
                        + ">','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_2048'}"));
        return "{'KeyId':'<" + name + ">','ImportToken':'" + parameters.member("ImportToken")
                + "','EncryptedKeyMaterial':'" + wrapped(parameters.member("PublicKey"), filler)
                + "'" + more + "}";
    }

    private static String wrapped(String publicKey, int filler) {
        var material = new byte[32];
        Arrays.fill(material, (byte) filler);
        try {
            var key = KeyFactory.getInstance("RSA")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
            var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    key,
                    new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
            return Base64.getEncoder().encodeToString(cipher.doFinal(material));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @CanIgnoreReturnValue
    LiveGateway.Answer done(String operation, String request) {
        return kms.done(operation, json(request));
    }

    /** {@code ok}, or code and text of the error. */
    String outcome(String operation, String request) {
        return kms.call(operation, json(request)).outcome();
    }

    /** The request in JSON. */
    String json(String request) {
        return text(request.replace('\'', '"').replace("`", "\\\""));
    }

    /** With what stands for the names in it. */
    String text(String text) {
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
            case ".blob" -> name.equals("GONE") ? nobodys() : blob(name);
            default -> id;
        };
    }

    private String blob(String name) {
        var kept = blobs.get(name);
        return kept == null ? encrypted(name) : kept;
    }

    /** {@code hello} under that key. */
    private String encrypted(String name) {
        var plaintext = Base64.getEncoder().encodeToString("hello".getBytes(US_ASCII));
        return done("Encrypt", "{'KeyId':'<" + name + ">','Plaintext':'" + plaintext + "'}")
                .member("CiphertextBlob");
    }

    /** A well-formed blob that names a backing key that nobody has. */
    static String nobodys() {
        var blob = new byte[CiphertextBlob.HEADER_BYTES + CiphertextBlob.TAG_BYTES + 1];
        CiphertextBlob.begin(
                blob, Bytes.wrap(new byte[CiphertextBlob.ID_BYTES]), new byte[CiphertextBlob.RANDOM_BYTES]);
        return Base64.getEncoder().encodeToString(blob);
    }
}
