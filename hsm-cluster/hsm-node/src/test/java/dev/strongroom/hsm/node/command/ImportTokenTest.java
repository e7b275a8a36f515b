package dev.strongroom.hsm.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportTokenTest {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final Instant END = NOW.plus(Duration.ofHours(24));
    private static final KeyName NAME =
            new KeyName(new Scope("111122223333", "eu-west-1"), "1234abcd-12ab-34cd-56ef-1234567890ab");

    private final TestNode node = new TestNode();
    private final KeyMaterial wrappingKey = KeyMaterial.takeFrom(TestEntropy.counting(3, 2_380));

    private Bytes token() {
        return seal(WrappingAlgorithm.RSAES_OAEP_SHA_256, WrappingKeySpec.RSA_4096);
    }

    private Bytes seal(WrappingAlgorithm algorithm, WrappingKeySpec spec) {
        return ImportToken.seal(node.vault.sealer(), NAME, algorithm, spec, END, wrappingKey)
                .octets();
    }

    private KeyMaterial open(Bytes token, KeyName name, Instant now) {
        return ImportToken.read(token).open(node.vault.sealer(), name, now);
    }

    private Refusal refusal(Bytes token, KeyName name, Instant now) {
        return assertThrows(Refused.class, () -> open(token, name, now)).refusal();
    }

    @Test
    void givesBackTheWrappingKey() {
        try (var back = open(token(), NAME, NOW)) {
            assertTrue(back.sameAs(wrappingKey));
        }
    }

    @Test
    void opensAsOftenAsOneLikes() {
        var token = token();
        open(token, NAME, NOW).close();
        try (var back = open(token, NAME, NOW)) {
            assertTrue(back.sameAs(wrappingKey));
        }
    }

    @Test
    void opensOnEveryNodeOfTheCluster() {
        var other = new TestNode(node.rootKey, node.store);
        try (var back = ImportToken.read(token()).open(other.vault.sealer(), NAME, NOW)) {
            assertTrue(back.sameAs(wrappingKey));
        }
    }

    @Test
    void opensInNoOtherCluster() {
        var stranger = new TestNode();
        var refused =
                assertThrows(Refused.class, () -> ImportToken.read(token()).open(stranger.vault.sealer(), NAME, NOW));
        assertEquals(Refusal.INVALID_IMPORT_TOKEN, refused.refusal());
    }

    @ParameterizedTest
    @EnumSource(WrappingAlgorithm.class)
    void saysHowToUnwrap(WrappingAlgorithm algorithm) {
        for (var spec : WrappingKeySpec.values()) {
            var read = ImportToken.read(seal(algorithm, spec));
            assertEquals(algorithm, read.algorithm());
            assertEquals(spec, read.spec());
            assertEquals(END, read.validTo());
        }
    }

    @Test
    void fitsIntoTheMemberOfTheApi() {
        assertTrue(token().length() <= 6_144, () -> token() + " is too long");
    }

    static Stream<KeyName> otherNames() {
        var scope = NAME.scope();
        return Stream.of(
                new KeyName(new Scope("999999999999", scope.region()), NAME.keyId()),
                new KeyName(new Scope(scope.accountId(), "us-east-1"), NAME.keyId()),
                new KeyName(scope, "0987dcba-09fe-87dc-65ba-ab0987654321"));
    }

    @ParameterizedTest
    @MethodSource("otherNames")
    void opensForNoOtherKey(KeyName other) {
        assertEquals(Refusal.INVALID_IMPORT_TOKEN, refusal(token(), other, NOW));
    }

    @Test
    void opensForADayAndNotAMillisecondLonger() {
        var token = token();
        open(token, NAME, END.minusMillis(1)).close();
        assertEquals(Refusal.EXPIRED_IMPORT_TOKEN, refusal(token, NAME, END));
    }

    @Test
    void ofAnotherKeyItIsInvalidRatherThanExpired() {
        assertEquals(
                Refusal.INVALID_IMPORT_TOKEN,
                refusal(token(), otherNames().findFirst().orElseThrow(), END));
    }

    @Test
    void withAnyBitFlippedItIsInvalid() {
        var token = token().toArray();
        // Every bit of the header and of the seal's beginning and end, and some between.
        for (int bit = 0; bit < token.length * 8; bit += bit < 400 || bit > token.length * 8 - 300 ? 1 : 97) {
            var flipped = token.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(Refusal.INVALID_IMPORT_TOKEN, refusal(Bytes.wrap(flipped), NAME, NOW), "bit " + bit);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 14, 15, 16, 19, 20, 60, 2_000})
    void cutShortItIsInvalid(int length) {
        assertEquals(
                Refusal.INVALID_IMPORT_TOKEN, refusal(Bytes.wrap(Arrays.copyOf(token().toArray(), length)), NAME, NOW));
    }
}
