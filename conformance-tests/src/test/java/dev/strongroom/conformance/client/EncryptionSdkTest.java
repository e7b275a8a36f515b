package dev.strongroom.conformance.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.encryptionsdk.AwsCrypto;
import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.conformance.subject.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.cryptography.materialproviders.IKeyring;
import software.amazon.cryptography.materialproviders.MaterialProviders;
import software.amazon.cryptography.materialproviders.model.CreateAwsKmsDiscoveryKeyringInput;
import software.amazon.cryptography.materialproviders.model.CreateAwsKmsKeyringInput;
import software.amazon.cryptography.materialproviders.model.CreateMultiKeyringInput;
import software.amazon.cryptography.materialproviders.model.DiscoveryFilter;
import software.amazon.cryptography.materialproviders.model.MaterialProvidersConfig;

/** Messages of the AWS Encryption SDK for Java, and of the one for JavaScript in between. */
class EncryptionSdkTest {

    private static final String TARGETS = "dev.strongroom.conformance.subject.Targets#all";
    private static final byte[] TEXT = "attack at dawn".repeat(1_000).getBytes(StandardCharsets.UTF_8);
    private static final Map<String, String> CONTEXT = Map.of("Zweck", "Prüfung", "日付", "2026-11-26");

    private final AwsCrypto crypto = AwsCrypto.standard();
    private final MaterialProviders materials = MaterialProviders.builder()
            .MaterialProvidersConfig(MaterialProvidersConfig.builder().build())
            .build();

    @TempDir
    private Path folder;

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aMessageIsOpenedByItsKeyAndByDiscovery(Target target) {
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var message = crypto.encryptData(keyring(kms, key), TEXT, CONTEXT).getResult();
            for (var keyring : List.of(keyring(kms, key), discovery(kms, target.accountId()))) {
                var opened = crypto.decryptData(keyring, message);
                assertArrayEquals(TEXT, opened.getResult());
                assertTrue(opened.getEncryptionContext().entrySet().containsAll(CONTEXT.entrySet()));
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void eachKeyOfAMultiKeyringOpensTheMessageAlone(Target target) {
        try (var kms = target.kms()) {
            var first = kms.createKey().keyMetadata().arn();
            var second = kms.createKey().keyMetadata().arn();
            var both = materials.CreateMultiKeyring(CreateMultiKeyringInput.builder()
                    .generator(keyring(kms, first))
                    .childKeyrings(List.of(keyring(kms, second)))
                    .build());
            var message = crypto.encryptData(both, TEXT, CONTEXT).getResult();
            assertArrayEquals(
                    TEXT, crypto.decryptData(keyring(kms, second), message).getResult());
            kms.disableKey(disable -> disable.keyId(first));
            assertArrayEquals(TEXT, crypto.decryptData(both, message).getResult());
            assertThrows(RuntimeException.class, () -> crypto.decryptData(keyring(kms, first), message));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void anotherKeyAnotherAccountOrAChangedMessageOpensNothing(Target target) {
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var other = kms.createKey().keyMetadata().arn();
            var message = crypto.encryptData(keyring(kms, key), TEXT, CONTEXT).getResult();
            assertThrows(RuntimeException.class, () -> crypto.decryptData(keyring(kms, other), message));
            assertThrows(RuntimeException.class, () -> crypto.decryptData(discovery(kms, "444455556666"), message));
            // In the first encrypted data key's ciphertext, whose length follows the key's ARN.
            int arn = new String(message, StandardCharsets.ISO_8859_1).indexOf(key) + key.length();
            message[arn + 60] ^= 1;
            assertThrows(RuntimeException.class, () -> crypto.decryptData(keyring(kms, key), message));
        }
    }

    @Test
    void javaAndJavaScriptOpenEachOthersMessages() throws IOException {
        OtherProgram.assumeNode();
        try (var target = EmbeddedTarget.inMemory();
                var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var fromJava = Files.write(
                    folder.resolve("from-java"),
                    crypto.encryptData(keyring(kms, key), TEXT, CONTEXT).getResult());
            assertArrayEquals(TEXT, Files.readAllBytes(javaScript(target, "decrypt", key, fromJava)));

            var text = Files.write(folder.resolve("text"), TEXT);
            var fromJavaScript = Files.readAllBytes(javaScript(target, "encrypt", key, text));
            var opened = crypto.decryptData(discovery(kms, target.accountId()), fromJavaScript);
            assertArrayEquals(TEXT, opened.getResult());
            assertEquals("Prüfung", opened.getEncryptionContext().get("Zweck"));
        }
    }

    private Path javaScript(Target target, String action, String key, Path from) {
        var script = OtherProgram.SCRIPTS.resolve("javascript/encryption-sdk.mjs");
        var to = folder.resolve(action + "ed");
        var unused = OtherProgram.run(
                target, "eu-west-1", "node", script.toString(), action, key, from.toString(), to.toString());
        return to;
    }

    private IKeyring keyring(KmsClient kms, String key) {
        return materials.CreateAwsKmsKeyring(
                CreateAwsKmsKeyringInput.builder().kmsClient(kms).kmsKeyId(key).build());
    }

    private IKeyring discovery(KmsClient kms, String account) {
        return materials.CreateAwsKmsDiscoveryKeyring(CreateAwsKmsDiscoveryKeyringInput.builder()
                .kmsClient(kms)
                .discoveryFilter(DiscoveryFilter.builder()
                        .partition("aws")
                        .accountIds(List.of(account))
                        .build())
                .build());
    }
}
