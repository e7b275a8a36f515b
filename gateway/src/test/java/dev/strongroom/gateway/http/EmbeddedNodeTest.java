package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.node.HsmNode;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.Tag;

/** Two gateways before one real node: what one of them remembers, the other changes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedNodeTest {

    private static final SdkBytes TEXT = SdkBytes.fromUtf8String("attack at dawn");

    private HsmNode node;
    private Gateway one;
    private Gateway other;
    private KmsClient kms;
    private KmsClient elsewhere;

    @BeforeAll
    void open() throws Exception {
        node = LiveNode.openWithRoot();
        one = new Gateway(node.gateway(), null);
        other = new Gateway(node.gateway(), null);
        kms = one.sdk(ScriptedHsm.SECRET);
        elsewhere = other.sdk(ScriptedHsm.SECRET);
    }

    @AfterAll
    void close() {
        kms.close();
        elsewhere.close();
        one.close();
        other.close();
        node.close();
    }

    private String createKey() {
        return kms.createKey().keyMetadata().arn();
    }

    private SdkBytes encrypt(String keyId) {
        return kms.encrypt(request -> request.keyId(keyId).plaintext(TEXT)).ciphertextBlob();
    }

    @Test
    void whatOneGatewayEncryptsTheOtherDecrypts() {
        var key = createKey();
        var blob = encrypt(key);

        var opened = elsewhere.decrypt(request -> request.ciphertextBlob(blob));

        assertEquals(TEXT, opened.plaintext());
        assertEquals(key, opened.keyId());
    }

    @Test
    void aDataKeyOpensUnderItsContextOnly() {
        var key = createKey();
        var made = kms.generateDataKey(
                request -> request.keyId(key).keySpec(DataKeySpec.AES_256).encryptionContext(Map.of("tenant", "7")));

        var opened = elsewhere.decrypt(
                request -> request.ciphertextBlob(made.ciphertextBlob()).encryptionContext(Map.of("tenant", "7")));

        assertArrayEquals(made.plaintext().asByteArray(), opened.plaintext().asByteArray());
        assertThrows(
                InvalidCiphertextException.class,
                () -> elsewhere.decrypt(request -> request.ciphertextBlob(made.ciphertextBlob())));
    }

    @Test
    void aChangeAtOneGatewayBitesAtTheOtherAtOnceAndSoDoesItsEnd() {
        var key = createKey();
        var blob = encrypt(key);

        elsewhere.disableKey(request -> request.keyId(key));
        assertThrows(DisabledException.class, () -> encrypt(key));
        assertThrows(DisabledException.class, () -> kms.decrypt(request -> request.ciphertextBlob(blob)));

        elsewhere.enableKey(request -> request.keyId(key));
        assertEquals(
                TEXT,
                kms.decrypt(request -> request.ciphertextBlob(encrypt(key))).plaintext());

        elsewhere.scheduleKeyDeletion(request -> request.keyId(key).pendingWindowInDays(7));
        assertThrows(KmsInvalidStateException.class, () -> encrypt(key));
    }

    @Test
    void anAliasThatWasMovedLeadsToItsNewKey() {
        var first = createKey();
        var second = createKey();
        kms.createAlias(request -> request.aliasName("alias/moving").targetKeyId(first));
        assertEquals(
                first,
                kms.encrypt(request -> request.keyId("alias/moving").plaintext(TEXT))
                        .keyId());

        elsewhere.updateAlias(request -> request.aliasName("alias/moving").targetKeyId(second));
        assertEquals(
                second,
                kms.encrypt(request -> request.keyId("alias/moving").plaintext(TEXT))
                        .keyId());

        elsewhere.deleteAlias(request -> request.aliasName("alias/moving"));
        assertThrows(NotFoundException.class, () -> encrypt("alias/moving"));
    }

    @Test
    void aBlobIsReEncryptedFromKeyToKey() {
        var first = createKey();
        var second = createKey();
        var blob = encrypt(first);

        var moved = elsewhere
                .reEncrypt(request -> request.ciphertextBlob(blob).destinationKeyId(second))
                .ciphertextBlob();

        assertEquals(
                second, kms.decrypt(request -> request.ciphertextBlob(moved)).keyId());
        assertThrows(
                IncorrectKeyException.class,
                () -> kms.decrypt(request -> request.ciphertextBlob(moved).keyId(first)));
    }

    @Test
    void keysAndTagsAreListed() {
        var key = createKey();
        kms.tagResource(request ->
                request.keyId(key).tags(Tag.builder().tagKey("a").tagValue("b").build()));

        assertEquals(
                "b",
                elsewhere
                        .listResourceTags(request -> request.keyId(key))
                        .tags()
                        .get(0)
                        .tagValue());
        assertEquals(
                1,
                elsewhere.listKeysPaginator(request -> request.limit(2)).keys().stream()
                        .filter(entry -> entry.keyArn().equals(key))
                        .count());
    }
}
