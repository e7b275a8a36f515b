package dev.strongroom.conformance.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.api.KeySpecs;
import dev.strongroom.hsm.node.key.KeyFits;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the gateway tells callers that fits is what the node does, entry by entry: neither takes the other's word. */
class TablesAgreeTest {

    @ParameterizedTest
    @EnumSource(KeySpec.class)
    void usagesOfASpec(KeySpec spec) {
        assertEquals(
                Arrays.stream(KeyUsage.values())
                        .filter(usage -> KeySpecs.isLegal(spec.name(), usage.name()))
                        .collect(Collectors.toSet()),
                KeyFits.usages(spec));
        assertEquals(KeySpecs.isAsymmetric(spec.name()), KeyFits.isPair(spec));
        assertEquals(KeySpecs.isDataKeyPairSpec(spec.name()), KeyFits.isDataKeyPair(spec));
    }

    @ParameterizedTest
    @EnumSource(KeySpec.class)
    void algorithmsOfASpec(KeySpec spec) {
        for (var algorithm : EncryptionAlgorithm.values()) {
            boolean fits = KeySpecs.encryptionAlgorithms(spec.name(), "ENCRYPT_DECRYPT")
                    .contains(algorithm.name());
            assertEquals(fits, KeyFits.encrypts(spec, algorithm), algorithm.name());
            if (fits) {
                assertEquals(
                        KeySpecs.maxPlaintextBytes(spec.name(), algorithm.name()),
                        OptionalInt.of(KeyFits.maxPlaintextBytes(spec, algorithm)));
            }
        }
        for (var algorithm : SigningAlgorithm.values()) {
            boolean fits =
                    KeySpecs.signingAlgorithms(spec.name(), "SIGN_VERIFY").contains(algorithm.name());
            assertEquals(fits, KeyFits.signs(spec, algorithm), algorithm.name());
        }
    }

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void messagesOfAnAlgorithm(SigningAlgorithm algorithm) {
        for (var type : MessageType.values()) {
            assertEquals(
                    KeySpecs.messageTypes(algorithm.name()).contains(type.name()),
                    KeyFits.takes(algorithm, type),
                    type.name());
        }
        KeySpecs.digestBytes(algorithm.name()).ifPresent(bytes -> assertEquals(bytes, KeyFits.digestBytes(algorithm)));
    }
}
