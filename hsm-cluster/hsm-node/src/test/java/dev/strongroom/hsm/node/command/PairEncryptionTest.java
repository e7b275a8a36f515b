package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static dev.strongroom.hsm.node.command.TestNode.plaintext;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.key.KeyFits;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.UseCommand.DataKeyForm;
import dev.strongroom.hsm.protocol.UseCommand.Side;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Encryption with key pairs, re-encryption and data key pairs. The larger RSA keys are left to others: they take seconds to make
 * and take the same way as the smallest.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PairEncryptionTest {

    private static final Bytes NO_CONTEXT = Bytes.empty();

    private final TestNode node = new TestNode();
    private final Map<KeySpec, KeyRecord> keys = new EnumMap<>(KeySpec.class);

    private KeyRecord key(KeySpec spec) {
        return keys.computeIfAbsent(spec, made -> node.createKey(made, KeyUsage.ENCRYPT_DECRYPT));
    }

    static Stream<Object[]> encryptions() {
        return PairUsesTest.specs().stream()
                .filter(spec -> spec != KeySpec.SYMMETRIC_DEFAULT)
                .flatMap(spec -> Arrays.stream(EncryptionAlgorithm.values())
                        .filter(algorithm -> KeyFits.encrypts(spec, algorithm))
                        .map(algorithm -> new Object[] {spec, algorithm}));
    }

    @ParameterizedTest
    @MethodSource("encryptions")
    void whatAPairEncryptsItDecrypts(KeySpec spec, EncryptionAlgorithm algorithm) {
        var on = authority(key(spec));
        int longest = KeyFits.maxPlaintextBytes(spec, algorithm);
        for (int length : new int[] {1, longest}) {
            var blob = encrypt(on, algorithm, length);
            var opened = node.call(new UseCommand.Decrypt(on, algorithm, blob, NO_CONTEXT));
            assertEquals(Plaintext.wrap(new byte[length]), opened.plaintext());
            var damaged = blob.toArray();
            damaged[damaged.length / 2] ^= 1;
            assertEquals(
                    Refusal.INVALID_CIPHERTEXT,
                    node.refusal(new UseCommand.Decrypt(on, algorithm, Bytes.wrap(damaged), NO_CONTEXT)));
        }
        assertEquals(
                Refusal.PLAINTEXT_TOO_LONG,
                node.refusal(new UseCommand.Encrypt(on, algorithm, Plaintext.wrap(new byte[longest + 1]), NO_CONTEXT)));
        assertEquals(Refusal.MALFORMED, node.refusal(new UseCommand.Encrypt(on, algorithm, plaintext("x"), AAD)));
        assertEquals(
                Refusal.INVALID_CIPHERTEXT,
                node.refusal(new UseCommand.Decrypt(on, algorithm, Bytes.empty(), NO_CONTEXT)));
    }

    private Bytes encrypt(Authority on, EncryptionAlgorithm algorithm, int length) {
        return node.call(new UseCommand.Encrypt(on, algorithm, Plaintext.wrap(new byte[length]), NO_CONTEXT))
                .blob();
    }

    @ParameterizedTest
    @MethodSource("encryptions")
    void aPlaintextIsCarriedFromSymmetricToPairAndBack(KeySpec spec, EncryptionAlgorithm algorithm) {
        var symmetric = key(KeySpec.SYMMETRIC_DEFAULT);
        var pair = key(spec);
        var inner = new Side(authority(symmetric), AAD);
        var outer = new Side(authority(pair), algorithm, NO_CONTEXT);

        var there = node.call(new UseCommand.ReEncrypt(inner, node.encrypt(symmetric, "carried"), outer));
        var back = node.call(new UseCommand.ReEncrypt(outer, there.blob(), inner));

        assertEquals("carried", node.decrypt(symmetric, back.blob()));
        assertEquals(materialId(symmetric), there.sourceMaterialId());
        assertEquals(materialId(pair), there.destinationMaterialId());
        var tooLong = node.call(new UseCommand.Encrypt(
                        authority(symmetric),
                        Plaintext.wrap(new byte[KeyFits.maxPlaintextBytes(spec, algorithm) + 1]),
                        AAD))
                .blob();
        assertEquals(Refusal.PLAINTEXT_TOO_LONG, node.refusal(new UseCommand.ReEncrypt(inner, tooLong, outer)));
    }

    private static String materialId(KeyRecord key) {
        return key.currentBackingKey().orElseThrow().materialId();
    }

    @ParameterizedTest
    @MethodSource("dev.strongroom.hsm.node.command.PairUsesTest#specs")
    void dataKeyPairsAreMadeOfEverySpecThatPairsHave(KeySpec spec) {
        var on = authority(key(KeySpec.SYMMETRIC_DEFAULT));
        var form = DataKeyForm.PLAINTEXT_AND_CIPHERTEXT;
        if (!KeyFits.isDataKeyPair(spec)) {
            assertEquals(Refusal.MALFORMED, node.refusal(new UseCommand.GenerateDataKeyPair(on, spec, AAD, form)));
            return;
        }
        var both = node.call(new UseCommand.GenerateDataKeyPair(on, spec, AAD, form));

        assertTrue(both.publicKey().length() > 0);
        var opened = node.call(new UseCommand.Decrypt(on, both.blob(), AAD));
        assertEquals(both.privateKey(), opened.plaintext());
        assertTrue(opened.plaintext().length() > 0);
    }

    @Test
    void aPrivateKeyThatWasNotAskedForStaysSealed() {
        var on = authority(key(KeySpec.SYMMETRIC_DEFAULT));
        var sealed = node.call(
                new UseCommand.GenerateDataKeyPair(on, KeySpec.ECC_NIST_P256, AAD, DataKeyForm.CIPHERTEXT_ONLY));

        assertEquals(0, sealed.privateKey().length());
        var opened = node.call(new UseCommand.Decrypt(on, sealed.blob(), AAD));
        assertTrue(opened.plaintext().length() > 0);
    }
}
