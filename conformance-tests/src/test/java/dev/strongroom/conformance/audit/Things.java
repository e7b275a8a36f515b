package dev.strongroom.conformance.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.conformance.subject.Target;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AlgorithmSpec;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.EncapsulationAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.WrappingKeySpec;

/** What requests are about: keys of every kind and what was made with them, or things of the same kinds that are not there. */
final class Things {

    static final Map<String, String> CONTEXT = Map.of("bucket", "archive");
    static final String SECRET = "canary: attack at dawn";

    private final Map<String, String> texts;
    private final Map<String, SdkBytes> bytes;
    private final boolean areThere;

    private Things(Map<String, String> texts, Map<String, SdkBytes> bytes, boolean areThere) {
        this.texts = Map.copyOf(texts);
        this.bytes = Map.copyOf(bytes);
        this.areThere = areThere;
    }

    /** Makes them all. */
    static Things make(Target target) throws GeneralSecurityException {
        var texts = new HashMap<String, String>();
        var bytes = new HashMap<String, SdkBytes>();
        try (var kms = target.kms()) {
            var key = key(kms, KeySpec.SYMMETRIC_DEFAULT, KeyUsageType.ENCRYPT_DECRYPT);
            texts.put("key", key);
            texts.put("spare", key(kms, KeySpec.SYMMETRIC_DEFAULT, KeyUsageType.ENCRYPT_DECRYPT));
            texts.put("signing", key(kms, KeySpec.ECC_NIST_P256, KeyUsageType.SIGN_VERIFY));
            texts.put("mac", key(kms, KeySpec.HMAC_256, KeyUsageType.GENERATE_VERIFY_MAC));
            texts.put("agreement", key(kms, KeySpec.ECC_NIST_P256, KeyUsageType.KEY_AGREEMENT));
            texts.put("kem", key(kms, KeySpec.ML_KEM_768, KeyUsageType.ENCAPSULATE_DECAPSULATE));
            texts.put("multi", create(kms, CreateKeyRequest.builder().multiRegion(true)));
            texts.put("external", create(kms, CreateKeyRequest.builder().origin(OriginType.EXTERNAL)));
            texts.put(
                    "key arn",
                    kms.describeKey(get -> get.keyId(key)).keyMetadata().arn());
            texts.put("root", "arn:aws:iam::" + target.accountId() + ":root");
            texts.put("alias", "alias/things");
            kms.createAlias(alias -> alias.aliasName("alias/things").targetKeyId(key));
            uses(kms, texts, bytes);
            material(kms, texts, bytes);
            for (var name : new String[] {"retired", "revoked"}) {
                var grant = kms.createGrant(create -> create.keyId(key)
                        .granteePrincipal(texts.get("root"))
                        .retiringPrincipal(texts.get("root"))
                        .operations(GrantOperation.DECRYPT));
                texts.put(name, grant.grantId());
                texts.put("token of " + name, grant.grantToken());
            }
        }
        return new Things(texts, bytes, true);
    }

    /** The same, none of which exists; the bytes are those of the others. */
    Things missing() {
        var others = new HashMap<String, String>();
        texts.forEach((name, text) -> others.put(
                name,
                switch (name) {
                    case "alias" -> "alias/missing";
                    case "root" -> text;
                    case "key arn" -> text.substring(0, text.lastIndexOf('/') + 1) + new UUID(9, 9);
                    case "retired", "revoked" -> "f".repeat(64);
                    default -> text.length() > 100 ? text : new UUID(9, name.hashCode()).toString();
                }));
        return new Things(others, bytes, false);
    }

    private static void uses(KmsClient kms, Map<String, String> texts, Map<String, SdkBytes> bytes)
            throws GeneralSecurityException {
        var secret = SdkBytes.fromUtf8String(SECRET);
        bytes.put("secret", secret);
        bytes.put(
                "blob",
                kms.encrypt(encrypt -> encrypt.keyId(texts.get("key"))
                                .plaintext(secret)
                                .encryptionContext(CONTEXT))
                        .ciphertextBlob());
        bytes.put(
                "signature",
                kms.sign(sign -> sign.keyId(texts.get("signing"))
                                .message(secret)
                                .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256))
                        .signature());
        bytes.put(
                "tag",
                kms.generateMac(mac ->
                                mac.keyId(texts.get("mac")).message(secret).macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256))
                        .mac());
        var capsule = kms.encapsulate(encapsulate ->
                encapsulate.keyId(texts.get("kem")).encapsulationAlgorithm(EncapsulationAlgorithmSpec.ML_KEM));
        bytes.put("capsule", capsule.sharedSecretCiphertextBlob());
        bytes.put("shared secret", capsule.sharedSecret());
        var pairs = KeyPairGenerator.getInstance("EC");
        pairs.initialize(new ECGenParameterSpec("secp256r1"));
        bytes.put(
                "peer",
                SdkBytes.fromByteArray(pairs.generateKeyPair().getPublic().getEncoded()));
    }

    private static void material(KmsClient kms, Map<String, String> texts, Map<String, SdkBytes> bytes)
            throws GeneralSecurityException {
        var material = new byte[32];
        new SecureRandom().nextBytes(material);
        bytes.put("material", SdkBytes.fromByteArray(material));
        var parameters = kms.getParametersForImport(get -> get.keyId(texts.get("external"))
                .wrappingAlgorithm(AlgorithmSpec.RSAES_OAEP_SHA_256)
                .wrappingKeySpec(WrappingKeySpec.RSA_2048));
        bytes.put("import token", parameters.importToken());
        var oaep = Cipher.getInstance("RSA/ECB/OAEPPadding");
        oaep.init(
                Cipher.ENCRYPT_MODE,
                KeyFactory.getInstance("RSA")
                        .generatePublic(
                                new X509EncodedKeySpec(parameters.publicKey().asByteArray())),
                new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
        bytes.put("wrapped", SdkBytes.fromByteArray(oaep.doFinal(material)));
    }

    private static String key(KmsClient kms, KeySpec spec, KeyUsageType usage) {
        return create(kms, CreateKeyRequest.builder().keySpec(spec).keyUsage(usage));
    }

    private static String create(KmsClient kms, CreateKeyRequest.Builder request) {
        return kms.createKey(request.build()).keyMetadata().keyId();
    }

    String text(String name) {
        var text = texts.get(name);
        if (text == null) {
            throw new AssertionError("there is no " + name);
        }
        return text;
    }

    SdkBytes bytes(String name) {
        var octets = bytes.get(name);
        if (octets == null) {
            throw new AssertionError("there is no " + name);
        }
        return octets;
    }

    /** Of things to list or bytes to make: more than there may be, where nothing is there. */
    int count() {
        return areThere ? 20 : 5_000;
    }

    /** Longer than a description may be, where nothing is there. */
    String description() {
        return areThere ? "mine" : "x".repeat(9_000);
    }

    /** What no log may hold: what was given and made, and what opens it. */
    Canaries canaries() {
        var canaries = new Canaries();
        bytes.forEach((name, octets) -> canaries.plant(name, octets.asByteArray()));
        texts.forEach((name, text) -> {
            if (name.startsWith("token")) {
                canaries.plant(name, text.getBytes(US_ASCII));
            }
        });
        return canaries;
    }
}
