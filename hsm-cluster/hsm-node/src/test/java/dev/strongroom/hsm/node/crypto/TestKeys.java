package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One generated key of each spec, made once, and the ways in which each signs. */
final class TestKeys {

    private static final Map<KeySpec, KeyMaterial> MADE = new EnumMap<>(KeySpec.class);

    /** An algorithm with a type of message that it takes; {@code bytes} is the length of that type, 0 if it is free. */
    record Way(KeySpec spec, SigningAlgorithm algorithm, MessageType type, int bytes) {}

    private TestKeys() {}

    /** What this machine has: the floor, and what is chosen where it is another. */
    static List<ProviderSuite> suites() {
        return List.of(ProviderSuite.FLOOR, ProviderSuite.best(TestEntropy.shared()));
    }

    /** The shared key of {@code spec}; not to be closed. */
    static synchronized KeyMaterial material(KeySpec spec) {
        return MADE.computeIfAbsent(spec, new KeyGeneration(TestEntropy.shared())::generate);
    }

    static KeyPair pair(KeySpec spec) {
        return pair(spec, ProviderSuite.best(TestEntropy.shared()));
    }

    static KeyPair pair(KeySpec spec, ProviderSuite suite) {
        try {
            return KeyPair.open(spec, material(spec), TestEntropy.shared(), suite);
        } catch (UnsealException e) {
            throw new AssertionError(e);
        }
    }

    static List<KeySpec> pairs() {
        return Arrays.stream(KeySpec.values())
                .filter(spec -> !spec.name().startsWith("HMAC") && spec != KeySpec.SYMMETRIC_DEFAULT)
                .toList();
    }

    static List<SigningAlgorithm> algorithms(KeySpec spec) {
        return switch (spec) {
            case RSA_2048, RSA_3072, RSA_4096 ->
                Arrays.stream(SigningAlgorithm.values())
                        .filter(algorithm -> algorithm.name().startsWith("RSA"))
                        .toList();
            case ECC_NIST_P256, ECC_SECG_P256K1 -> List.of(SigningAlgorithm.ECDSA_SHA_256);
            case ECC_NIST_P384 -> List.of(SigningAlgorithm.ECDSA_SHA_384);
            case ECC_NIST_P521 -> List.of(SigningAlgorithm.ECDSA_SHA_512);
            case ECC_NIST_EDWARDS25519 ->
                List.of(SigningAlgorithm.ED25519_SHA_512, SigningAlgorithm.ED25519_PH_SHA_512);
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 -> List.of(SigningAlgorithm.ML_DSA_SHAKE_256);
            case SM2 -> List.of(SigningAlgorithm.SM2DSA);
            default -> List.of();
        };
    }

    static int digestBytes(SigningAlgorithm algorithm) {
        if (algorithm == SigningAlgorithm.SM2DSA) {
            return 32;
        }
        return Integer.parseInt(algorithm.name().substring(algorithm.name().length() - 3)) / 8;
    }

    static List<Way> ways() {
        var ways = new ArrayList<Way>();
        for (var spec : pairs()) {
            for (var algorithm : algorithms(spec)) {
                if (algorithm != SigningAlgorithm.ED25519_PH_SHA_512) {
                    ways.add(new Way(spec, algorithm, MessageType.RAW, 0));
                }
                if (algorithm == SigningAlgorithm.ML_DSA_SHAKE_256) {
                    ways.add(new Way(spec, algorithm, MessageType.EXTERNAL_MU, 64));
                } else if (algorithm != SigningAlgorithm.ED25519_SHA_512) {
                    ways.add(new Way(spec, algorithm, MessageType.DIGEST, digestBytes(algorithm)));
                }
            }
        }
        return ways;
    }
}
