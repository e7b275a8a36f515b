package dev.strongroom.api;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * What fits what: key spec × key usage × algorithm, with limits, sizes, origins. The only place that knows.
 *
 * <p>Names are wire names, and names that nobody knows are legal arguments: they fit nothing. Lists are in the order of
 * KMS's own answers; clients take the first entry.
 */
public final class KeySpecs {

    public static final String ENCRYPT_DECRYPT = "ENCRYPT_DECRYPT";
    public static final String SIGN_VERIFY = "SIGN_VERIFY";
    public static final String GENERATE_VERIFY_MAC = "GENERATE_VERIFY_MAC";
    public static final String KEY_AGREEMENT = "KEY_AGREEMENT";
    public static final String ENCAPSULATE_DECAPSULATE = "ENCAPSULATE_DECAPSULATE";

    /** The key spec, and the algorithm, of symmetric encryption. */
    public static final String SYMMETRIC_DEFAULT = "SYMMETRIC_DEFAULT";

    public static final String AWS_KMS = "AWS_KMS";
    public static final String EXTERNAL = "EXTERNAL";
    public static final String AWS_CLOUDHSM = "AWS_CLOUDHSM";
    public static final String EXTERNAL_KEY_STORE = "EXTERNAL_KEY_STORE";

    private static final Map<String, KeySpecRow> SPECS =
            Arrays.stream(KeySpecRow.values()).collect(toUnmodifiableMap(KeySpecRow::name, Function.identity()));

    private static final Map<String, Integer> DATA_KEY_BYTES = Map.of("AES_128", 16, "AES_256", 32);

    private static final Set<String> DATA_KEY_PAIRS = Set.of(
            "RSA_2048",
            "RSA_3072",
            "RSA_4096",
            "ECC_NIST_P256",
            "ECC_NIST_P384",
            "ECC_NIST_P521",
            "ECC_SECG_P256K1",
            "ECC_NIST_EDWARDS25519",
            "ML_KEM_512",
            "ML_KEM_768",
            "ML_KEM_1024",
            "SM2");

    private KeySpecs() {}

    /** All key specs, in the model's order. */
    public static List<String> all() {
        return Arrays.stream(KeySpecRow.values()).map(Enum::name).toList();
    }

    /** The usages of a spec; the caller must choose one unless it is {@link #defaultUsage}. */
    public static List<String> usages(String spec) {
        return find(spec).map(row -> row.usages).orElse(List.of());
    }

    /** The usage of a key whose creator names none: only symmetric encryption has one. */
    public static Optional<String> defaultUsage(String spec) {
        return spec.equals(SYMMETRIC_DEFAULT) ? Optional.of(ENCRYPT_DECRYPT) : Optional.empty();
    }

    public static boolean isLegal(String spec, String usage) {
        return usages(spec).contains(usage);
    }

    /** What a key of that spec and usage can be used with; empty if they do not fit. */
    public static List<String> algorithms(String spec, String usage) {
        return find(spec).map(row -> row.algorithms(usage)).orElse(List.of());
    }

    /** The member {@code EncryptionAlgorithms} of such a key; empty if it has none. The same holds for the next four. */
    public static List<String> encryptionAlgorithms(String spec, String usage) {
        return usage.equals(ENCRYPT_DECRYPT) ? algorithms(spec, usage) : List.of();
    }

    public static List<String> signingAlgorithms(String spec, String usage) {
        return usage.equals(SIGN_VERIFY) ? algorithms(spec, usage) : List.of();
    }

    public static List<String> macAlgorithms(String spec, String usage) {
        return usage.equals(GENERATE_VERIFY_MAC) ? algorithms(spec, usage) : List.of();
    }

    public static List<String> keyAgreementAlgorithms(String spec, String usage) {
        return usage.equals(KEY_AGREEMENT) ? algorithms(spec, usage) : List.of();
    }

    public static List<String> encapsulationAlgorithms(String spec, String usage) {
        return usage.equals(ENCAPSULATE_DECAPSULATE) ? algorithms(spec, usage) : List.of();
    }

    /** Longest plaintext in bytes; empty if spec and encryption algorithm do not fit. */
    public static OptionalInt maxPlaintextBytes(String spec, String algorithm) {
        if (!algorithms(spec, ENCRYPT_DECRYPT).contains(algorithm)) {
            return OptionalInt.empty();
        }
        return switch (algorithm) {
            // Modulus, less two hashes and two bytes (RFC 8017, 7.1.1).
            case "RSAES_OAEP_SHA_1" -> OptionalInt.of(size(spec) - 2 * 20 - 2);
            case "RSAES_OAEP_SHA_256" -> OptionalInt.of(size(spec) - 2 * 32 - 2);
            case "SM2PKE" -> OptionalInt.of(1024);
            default -> OptionalInt.of(4096);
        };
    }

    /** Forms of message that a signing algorithm takes, of RAW, DIGEST, EXTERNAL_MU; empty for an unknown one. */
    public static Set<String> messageTypes(String signingAlgorithm) {
        return switch (signingAlgorithm) {
            case "ED25519_SHA_512" -> Set.of("RAW");
            case "ED25519_PH_SHA_512" -> Set.of("DIGEST");
            case "ML_DSA_SHAKE_256" -> Set.of("RAW", "EXTERNAL_MU");
            default -> digestBytes(signingAlgorithm).isPresent() ? Set.of("RAW", "DIGEST") : Set.of();
        };
    }

    /** Exact length in bytes of a DIGEST, or EXTERNAL_MU, message; empty if the algorithm takes neither. */
    public static OptionalInt digestBytes(String signingAlgorithm) {
        return switch (signingAlgorithm) {
            case "RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PSS_SHA_256", "ECDSA_SHA_256", "SM2DSA" -> OptionalInt.of(32);
            case "RSASSA_PKCS1_V1_5_SHA_384", "RSASSA_PSS_SHA_384", "ECDSA_SHA_384" -> OptionalInt.of(48);
            case "RSASSA_PKCS1_V1_5_SHA_512",
                    "RSASSA_PSS_SHA_512",
                    "ECDSA_SHA_512",
                    "ED25519_PH_SHA_512",
                    "ML_DSA_SHAKE_256" -> OptionalInt.of(64);
            default -> OptionalInt.empty();
        };
    }

    /** Longest signature in bytes: exact, but for DER pairs (ECDSA, SM2), which may be shorter. Empty if it cannot sign. */
    public static OptionalInt maxSignatureBytes(String spec) {
        return find(spec)
                .filter(row -> row.usages.contains(SIGN_VERIFY))
                .map(row -> OptionalInt.of(row.signatureBytes))
                .orElse(OptionalInt.empty());
    }

    /** Exact length in bytes of a MAC; empty if the spec makes none. */
    public static OptionalInt macBytes(String spec) {
        return sizeFor(spec, GENERATE_VERIFY_MAC);
    }

    /** Exact length in bytes of an agreed secret, the x-coordinate; empty if the spec agrees on none. */
    public static OptionalInt agreedSecretBytes(String spec) {
        return sizeFor(spec, KEY_AGREEMENT);
    }

    /** Exact length in bytes of an encapsulated secret's ciphertext; empty if the spec encapsulates none. */
    public static OptionalInt encapsulationBytes(String spec) {
        return sizeFor(spec, ENCAPSULATE_DECAPSULATE);
    }

    /** Where the material of such a key may come from, in the model's order. */
    public static List<String> origins(String spec) {
        if (spec.equals(SYMMETRIC_DEFAULT)) {
            return List.of(AWS_KMS, EXTERNAL, AWS_CLOUDHSM, EXTERNAL_KEY_STORE);
        }
        return SPECS.containsKey(spec) ? List.of(AWS_KMS, EXTERNAL) : List.of();
    }

    /** Whether a key may have replicas in other Regions: any key outside a custom key store. */
    public static boolean canBeMultiRegion(String spec, String origin) {
        return origins(spec).contains(origin) && (origin.equals(AWS_KMS) || origin.equals(EXTERNAL));
    }

    public static boolean canRotateAutomatically(String spec, String origin) {
        return spec.equals(SYMMETRIC_DEFAULT) && origin.equals(AWS_KMS);
    }

    public static boolean canRotateOnDemand(String spec, String origin) {
        return spec.equals(SYMMETRIC_DEFAULT) && (origin.equals(AWS_KMS) || origin.equals(EXTERNAL));
    }

    /** Whether it has a public key. */
    public static boolean isAsymmetric(String spec) {
        return SPECS.containsKey(spec) && !spec.equals(SYMMETRIC_DEFAULT) && !isMac(spec);
    }

    /** Whether its keys make MACs, and nothing else. */
    public static boolean isMac(String spec) {
        return isLegal(spec, GENERATE_VERIFY_MAC);
    }

    /** Length in bytes of a data key of that spec ({@code AES_128}, {@code AES_256}); empty for any other. */
    public static OptionalInt dataKeyBytes(String dataKeySpec) {
        var bytes = DATA_KEY_BYTES.get(dataKeySpec);
        return bytes == null ? OptionalInt.empty() : OptionalInt.of(bytes);
    }

    public static boolean isDataKeyPairSpec(String spec) {
        return DATA_KEY_PAIRS.contains(spec);
    }

    private static Optional<KeySpecRow> find(String spec) {
        return Optional.ofNullable(SPECS.get(spec));
    }

    private static int size(String spec) {
        return find(spec).orElseThrow().size;
    }

    private static OptionalInt sizeFor(String spec, String usage) {
        return isLegal(spec, usage) ? OptionalInt.of(size(spec)) : OptionalInt.empty();
    }
}
