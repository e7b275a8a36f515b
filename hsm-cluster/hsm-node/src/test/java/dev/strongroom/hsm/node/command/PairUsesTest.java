package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static dev.strongroom.hsm.node.command.TestNode.plaintext;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.key.KeyFits;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.UseCommand.DataKeyForm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Signatures, MACs, agreement, encapsulation and encryption with keys of every spec. The larger RSA keys are left to others:
 * they take seconds to make and take the same way as the smallest.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PairUsesTest {

    private static final Bytes NO_CONTEXT = Bytes.empty();

    private final TestNode node = new TestNode();
    /** RSA keys take long to make, so every test uses the same. */
    private final Map<KeySpec, Map<KeyUsage, KeyRecord>> keys = new EnumMap<>(KeySpec.class);

    private KeyRecord key(KeySpec spec, KeyUsage usage) {
        return keys.computeIfAbsent(spec, made -> new EnumMap<>(KeyUsage.class))
                .computeIfAbsent(usage, made -> node.createKey(spec, usage));
    }

    static List<KeySpec> specs() {
        return Arrays.stream(KeySpec.values())
                .filter(spec -> spec != KeySpec.RSA_3072 && spec != KeySpec.RSA_4096)
                .toList();
    }

    /** A way to sign: each algorithm of each spec with each type of message that it takes. */
    record Way(KeySpec spec, SigningAlgorithm algorithm, MessageType type) {

        Plaintext message() {
            return Plaintext.wrap(new byte[type == MessageType.RAW ? 100 : KeyFits.digestBytes(algorithm)]);
        }
    }

    static List<Way> ways() {
        var ways = new ArrayList<Way>();
        for (var spec : specs()) {
            for (var algorithm : SigningAlgorithm.values()) {
                for (var type : MessageType.values()) {
                    if (KeyFits.signs(spec, algorithm) && KeyFits.takes(algorithm, type)) {
                        ways.add(new Way(spec, algorithm, type));
                    }
                }
            }
        }
        return ways;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatAKeySignsItVerifiesAndNothingElse(Way way) {
        var on = authority(key(way.spec(), KeyUsage.SIGN_VERIFY));
        var signature = node.call(new UseCommand.Sign(on, way.algorithm(), way.type(), way.message()))
                .signature();

        assertEquals(
                Optional.empty(),
                refusal(new UseCommand.Verify(on, way.algorithm(), way.type(), way.message(), signature)));
        var otherMessage = way.message().use(message -> {
            var other = message.clone();
            other[0] ^= 1;
            return Plaintext.wrap(other);
        });
        assertEquals(
                Optional.of(Refusal.INVALID_SIGNATURE),
                refusal(new UseCommand.Verify(on, way.algorithm(), way.type(), otherMessage, signature)));
        var damaged = signature.toArray();
        damaged[damaged.length - 1] ^= 1;
        for (var bad : List.of(damaged, new byte[0], new byte[] {1}, new byte[6_144])) {
            assertEquals(
                    Optional.of(Refusal.INVALID_SIGNATURE),
                    refusal(new UseCommand.Verify(on, way.algorithm(), way.type(), way.message(), Bytes.wrap(bad))));
        }
    }

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void messagesThatAnAlgorithmDoesNotTakeAreMalformed(SigningAlgorithm algorithm) {
        // Whatever the key: the form of the command is looked at first.
        var on = authority(key(KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY));
        for (var type : MessageType.values()) {
            var bytes = KeyFits.digestBytes(algorithm);
            var bad = KeyFits.takes(algorithm, type)
                    ? type == MessageType.RAW ? List.of(0, 4_097) : List.of(0, bytes - 1, bytes + 1)
                    : List.of(bytes);
            for (int length : bad) {
                var message = Plaintext.wrap(new byte[length]);
                assertEquals(
                        Refusal.MALFORMED,
                        node.refusal(new UseCommand.Sign(on, algorithm, type, message)),
                        type + " of " + length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"})
    void aMacIsVerifiedWholeOrNotAtAll(KeySpec spec) {
        var on = authority(key(spec, KeyUsage.GENERATE_VERIFY_MAC));
        var mac = node.call(new UseCommand.GenerateMac(on, plaintext("message")))
                .tag()
                .use(Bytes::copyOf);

        assertEquals(Integer.parseInt(spec.name().substring(5)) / 8, mac.length());
        assertEquals(Optional.empty(), refusal(new UseCommand.VerifyMac(on, plaintext("message"), mac)));
        assertEquals(
                Optional.of(Refusal.INVALID_MAC), refusal(new UseCommand.VerifyMac(on, plaintext("another"), mac)));
        var cut = Bytes.wrap(Arrays.copyOf(mac.toArray(), mac.length() - 1));
        assertEquals(
                Optional.of(Refusal.INVALID_MAC), refusal(new UseCommand.VerifyMac(on, plaintext("message"), cut)));
        assertEquals(Refusal.MALFORMED, node.refusal(new UseCommand.GenerateMac(on, Plaintext.none())));
        assertEquals(Refusal.MALFORMED, node.refusal(new UseCommand.GenerateMac(on, Plaintext.wrap(new byte[4_097]))));
    }

    @ParameterizedTest
    @EnumSource(names = {"ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "SM2"})
    void bothSidesOfAnAgreementComeToTheSameSecret(KeySpec spec) {
        var one = key(spec, KeyUsage.KEY_AGREEMENT);
        var other = node.createKey(spec, KeyUsage.KEY_AGREEMENT);

        var here = node.call(new UseCommand.DeriveSharedSecret(authority(one), publicKey(other)));
        var there = node.call(new UseCommand.DeriveSharedSecret(authority(other), publicKey(one)));

        assertEquals(here.octets(), there.octets());
        var foreign = publicKey(key(KeySpec.ECC_SECG_P256K1, KeyUsage.SIGN_VERIFY));
        for (var bad : List.of(foreign, Bytes.wrap(new byte[91]), Bytes.empty())) {
            assertEquals(
                    Refusal.INVALID_PUBLIC_KEY, node.refusal(new UseCommand.DeriveSharedSecret(authority(one), bad)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"})
    void anEncapsulatedSecretIsToldByItsBlob(KeySpec spec) {
        var on = authority(key(spec, KeyUsage.ENCAPSULATE_DECAPSULATE));
        var made = node.call(new UseCommand.Encapsulate(on));

        assertEquals(32, made.octets().length());
        assertEquals(
                made.octets(),
                node.call(new UseCommand.Decapsulate(on, made.blob())).octets());
        var damaged = made.blob().toArray();
        damaged[7] ^= 1;
        var rejected = node.call(new UseCommand.Decapsulate(on, Bytes.wrap(damaged)));
        assertEquals(32, rejected.octets().length());
        assertNotEquals(made.octets(), rejected.octets());
        var cut = Bytes.wrap(Arrays.copyOf(damaged, damaged.length - 1));
        assertEquals(Refusal.INVALID_CIPHERTEXT, node.refusal(new UseCommand.Decapsulate(on, cut)));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aKeyIsUsedOnlyForWhatItWasMade(KeySpec spec) {
        for (var usage : KeyFits.usages(spec)) {
            var on = authority(key(spec, usage));
            for (var algorithm : EncryptionAlgorithm.values()) {
                if (usage != KeyUsage.ENCRYPT_DECRYPT || !KeyFits.encrypts(spec, algorithm)) {
                    assertUnfit(new UseCommand.Encrypt(on, algorithm, plaintext("x"), NO_CONTEXT));
                    assertUnfit(new UseCommand.Decrypt(on, algorithm, Bytes.wrap(new byte[120]), NO_CONTEXT));
                }
            }
            for (var algorithm : SigningAlgorithm.values()) {
                if (usage != KeyUsage.SIGN_VERIFY || !KeyFits.signs(spec, algorithm)) {
                    var type = KeyFits.takes(algorithm, MessageType.RAW) ? MessageType.RAW : MessageType.DIGEST;
                    assertUnfit(new UseCommand.Sign(on, algorithm, type, Plaintext.wrap(new byte[64])));
                    assertUnfit(new UseCommand.Verify(on, algorithm, type, Plaintext.wrap(new byte[64]), NO_CONTEXT));
                }
            }
            if (usage != KeyUsage.GENERATE_VERIFY_MAC) {
                assertUnfit(new UseCommand.GenerateMac(on, plaintext("x")));
                assertUnfit(new UseCommand.VerifyMac(on, plaintext("x"), NO_CONTEXT));
            }
            if (usage != KeyUsage.KEY_AGREEMENT) {
                assertUnfit(new UseCommand.DeriveSharedSecret(on, NO_CONTEXT));
            }
            if (usage != KeyUsage.ENCAPSULATE_DECAPSULATE) {
                assertUnfit(new UseCommand.Encapsulate(on));
                assertUnfit(new UseCommand.Decapsulate(on, NO_CONTEXT));
            }
            if (spec != KeySpec.SYMMETRIC_DEFAULT) {
                assertUnfit(new UseCommand.GenerateDataKey(on, 32, AAD, DataKeyForm.CIPHERTEXT_ONLY));
                assertUnfit(new UseCommand.GenerateDataKeyPair(
                        on, KeySpec.ECC_NIST_P256, AAD, DataKeyForm.CIPHERTEXT_ONLY));
            }
        }
    }

    private void assertUnfit(Command<?> command) {
        assertEquals(Refusal.INVALID_FOR_KEY, node.refusal(command), command.toString());
    }

    /** Every use of a key pair or an HMAC key, with a key that it fits. */
    private Stream<Function<Authority, Command<?>>> uses(KeyUsage usage) {
        var message = MessageType.RAW;
        return switch (usage) {
            case SIGN_VERIFY ->
                Stream.of(
                        on -> new UseCommand.Sign(on, SigningAlgorithm.ECDSA_SHA_256, message, plaintext("x")),
                        on -> new UseCommand.Verify(
                                on, SigningAlgorithm.ECDSA_SHA_256, message, plaintext("x"), NO_CONTEXT));
            case GENERATE_VERIFY_MAC ->
                Stream.of(
                        on -> new UseCommand.GenerateMac(on, plaintext("x")),
                        on -> new UseCommand.VerifyMac(on, plaintext("x"), NO_CONTEXT));
            case KEY_AGREEMENT -> Stream.of(on -> new UseCommand.DeriveSharedSecret(on, NO_CONTEXT));
            case ENCAPSULATE_DECAPSULATE ->
                Stream.of(UseCommand.Encapsulate::new, on -> new UseCommand.Decapsulate(on, NO_CONTEXT));
            case ENCRYPT_DECRYPT ->
                Stream.of(
                        on -> new UseCommand.Encrypt(on, EncryptionAlgorithm.SM2PKE, plaintext("x"), NO_CONTEXT),
                        on -> new UseCommand.Decrypt(on, EncryptionAlgorithm.SM2PKE, NO_CONTEXT, NO_CONTEXT));
        };
    }

    private KeyRecord fresh(KeyUsage usage) {
        return node.createKey(
                switch (usage) {
                    case SIGN_VERIFY, KEY_AGREEMENT -> KeySpec.ECC_NIST_P256;
                    case GENERATE_VERIFY_MAC -> KeySpec.HMAC_256;
                    case ENCAPSULATE_DECAPSULATE -> KeySpec.ML_KEM_512;
                    case ENCRYPT_DECRYPT -> KeySpec.SM2;
                },
                usage);
    }

    @ParameterizedTest
    @EnumSource(KeyUsage.class)
    void aKeyIsUsedOnlyInTheStateForItAndOnTheNewestRecord(KeyUsage usage) {
        var key = fresh(usage);
        var disabled = node.change(key, new KeyChange.SetState(KeyState.DISABLED));
        uses(usage).forEach(use -> {
            assertEquals(Refusal.STALE, node.refusal(use.apply(authority(key))));
            assertEquals(Refusal.KEY_DISABLED, node.refusal(use.apply(authority(disabled))));
        });
        var pending = node.change(disabled, new KeyChange.ScheduleDeletion(7));
        uses(usage)
                .forEach(
                        use -> assertEquals(Refusal.KEY_PENDING_DELETION, node.refusal(use.apply(authority(pending)))));
    }

    @Test
    void aFullPoolIsToldAsThrottled() {
        var on = authority(key(KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY));
        node.pairUses = () -> work -> {
            throw new RejectedExecutionException();
        };
        try {
            assertEquals(Refusal.THROTTLED, node.refusal(sign(on)));
        } finally {
            node.pairUses = () -> Runnable::run;
        }
    }

    @Test
    void aSignatureMadeWhileTheLeaseWasLostDoesNotLeave() {
        var on = authority(key(KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY));
        var queue = new ArrayDeque<Runnable>();
        var state = node.state;
        node.pairUses = () -> queue::add;
        try {
            var answer = node.executor
                    .execute(node.gateway, sign(on), Hsm.NO_REQUEST)
                    .toCompletableFuture();
            assertFalse(answer.isDone());
            node.state = () -> NodeState.FENCED;
            queue.remove().run();
            assertTrue(answer.isCompletedExceptionally());
        } finally {
            node.pairUses = () -> Runnable::run;
            node.state = state;
        }
    }

    private static UseCommand.Sign sign(Authority on) {
        return new UseCommand.Sign(on, SigningAlgorithm.ECDSA_SHA_256, MessageType.RAW, plaintext("x"));
    }

    private static Bytes publicKey(KeyRecord key) {
        return key.material().publicKey().orElseThrow();
    }

    private Optional<Refusal> refusal(Command<?> command) {
        try {
            var unused = node.call(command);
            return Optional.empty();
        } catch (Refused refused) {
            return Optional.of(refused.refusal());
        }
    }
}
