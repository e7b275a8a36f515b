package dev.strongroom.gateway.operation;

import static dev.strongroom.gateway.operation.UseCase.REACHED;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every cryptographic operation on one kind of key in one state, with every value of its closed members and lengths on both
 * sides of every limit, and how it must end. The rules are written from the order of checks that was measured on the
 * service: shape, lookup, usage, state, algorithm, then context, message type and length.
 */
public final class UseMatrix {

    private static final List<String> SIGNING = List.of(
            "RSASSA_PSS_SHA_256",
            "RSASSA_PSS_SHA_384",
            "RSASSA_PSS_SHA_512",
            "RSASSA_PKCS1_V1_5_SHA_256",
            "RSASSA_PKCS1_V1_5_SHA_384",
            "RSASSA_PKCS1_V1_5_SHA_512",
            "ECDSA_SHA_256",
            "ECDSA_SHA_384",
            "ECDSA_SHA_512",
            "ED25519_SHA_512",
            "ED25519_PH_SHA_512",
            "SM2DSA",
            "ML_DSA_SHAKE_256",
            "SYMMETRIC_DEFAULT");
    private static final List<String> ENCRYPTION =
            List.of("", "SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE");
    private static final List<String> MACS = List.of("HMAC_SHA_224", "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512");
    private static final List<String> PAIRS = List.of(
            "RSA_2048",
            "RSA_3072",
            "RSA_4096",
            "ECC_NIST_P256",
            "ECC_NIST_P384",
            "ECC_NIST_P521",
            "ECC_SECG_P256K1",
            "ECC_NIST_EDWARDS25519",
            "SM2",
            "ML_KEM_512",
            "ML_KEM_768",
            "ML_KEM_1024");
    private static final int[] MESSAGES = {1, 32, 33, 48, 64, 4096};
    private static final int[] PLAINTEXTS = {
        1, 190, 191, 214, 215, 318, 319, 342, 343, 446, 447, 470, 471, 1024, 1025, 4096
    };
    private static final Map<String, Integer> LONGEST = Map.of(
            "RSA_2048 RSAES_OAEP_SHA_1", 214,
            "RSA_2048 RSAES_OAEP_SHA_256", 190,
            "RSA_3072 RSAES_OAEP_SHA_1", 342,
            "RSA_3072 RSAES_OAEP_SHA_256", 318,
            "RSA_4096 RSAES_OAEP_SHA_1", 470,
            "RSA_4096 RSAES_OAEP_SHA_256", 446,
            "SM2 SM2PKE", 1024);
    private static final String ONE = "1 validation error detected: Value ";

    private final KeyKind kind;
    private final String state;
    private final List<UseCase> cases = new ArrayList<>();

    private UseMatrix(KeyKind kind, String state) {
        this.kind = kind;
        this.state = state;
    }

    /** All cases of a kind of key in a state, which is named as KeyMetadata names it. */
    public static List<UseCase> of(KeyKind kind, String state) {
        var matrix = new UseMatrix(kind, state);
        matrix.addSigning();
        matrix.addMacs();
        matrix.addSharedSecrets();
        matrix.addEncryption();
        matrix.addDecryption();
        matrix.addReEncryption();
        matrix.addDataKeys();
        matrix.addPublicKey();
        matrix.addIllegalShapes();
        return List.copyOf(matrix.cases);
    }

    private void add(String operation, String members, String outcome) {
        cases.add(new UseCase(operation, members, outcome));
    }

    // ---- the order of checks

    private String state() {
        return switch (state) {
            case "Enabled", "Updating" -> REACHED;
            case "Disabled" -> "DisabledException: <ID.arn> is disabled.";
            case "PendingDeletion" -> "KMSInvalidStateException: <ID.arn> is pending deletion.";
            case "PendingReplicaDeletion" -> "KMSInvalidStateException: <ID.arn> is pending replica deletion.";
            case "PendingImport" -> "KMSInvalidStateException: <ID.arn> is pending import.";
            case "Creating" -> "KMSInvalidStateException: <ID.arn> is creating.";
            case "Unavailable" -> "KMSInvalidStateException: <ID.arn> is unavailable.";
            default -> throw new IllegalArgumentException(state);
        };
    }

    private String use(String operation, String usage, String algorithm) {
        var outcome = use(operation, usage);
        return outcome.equals(REACHED) && !kind.algorithms().contains(algorithm)
                ? "InvalidKeyUsageException: Algorithm " + algorithm + " is incompatible with key spec " + kind.spec()
                        + "."
                : outcome;
    }

    private String use(String operation, String usage) {
        return kind.usage().equals(usage)
                ? state()
                : "InvalidKeyUsageException: <ID.arn> key usage is " + kind.usage() + " which is not valid for "
                        + operation + ".";
    }

    // ---- signatures

    private void addSigning() {
        for (var algorithm : SIGNING) {
            for (var type : List.of("", "RAW", "DIGEST", "EXTERNAL_MU")) {
                for (int length : MESSAGES) {
                    var members = "'KeyId':'<ID>','SigningAlgorithm':'" + algorithm + "','Message':'<" + length
                            + " bytes>'" + (type.isEmpty() ? "" : ",'MessageType':'" + type + "'");
                    add("Sign", members, signing("Sign", algorithm, type, length));
                    add("Verify", members + ",'Signature':'YQ=='", signing("Verify", algorithm, type, length));
                }
            }
        }
    }

    private String signing(String operation, String algorithm, String type, int length) {
        var outcome = use(operation, "SIGN_VERIFY", algorithm);
        if (!outcome.equals(REACHED)) {
            return outcome;
        }
        var asked = type.isEmpty() ? "RAW" : type;
        var unfit = switch (algorithm + " " + asked) {
            case "ED25519_SHA_512 DIGEST", "ED25519_PH_SHA_512 RAW" -> "algorithm " + algorithm;
            case "ML_DSA_SHAKE_256 DIGEST" -> "key spec " + kind.spec();
            case "ML_DSA_SHAKE_256 EXTERNAL_MU" -> "";
            default -> asked.equals("EXTERNAL_MU") ? "key spec " + kind.spec() : "";
        };
        if (!unfit.isEmpty()) {
            return "ValidationException: Message type " + asked + " is incompatible with " + unfit + ".";
        }
        var digest = algorithm.endsWith("384") ? 48 : algorithm.endsWith("512") ? 64 : 32;
        var exact = asked.equals("EXTERNAL_MU") ? 64 : digest;
        return asked.equals("RAW") || length == exact
                ? REACHED
                : "ValidationException: Digest is invalid length for algorithm " + algorithm + ".";
    }

    // ---- MACs, agreement, encapsulation

    private void addMacs() {
        for (var algorithm : MACS) {
            var members = "'KeyId':'<ID>','Message':'YQ==','MacAlgorithm':'" + algorithm + "'";
            add("GenerateMac", members, use("GenerateMac", "GENERATE_VERIFY_MAC", algorithm));
            add("VerifyMac", members + ",'Mac':'YQ=='", use("VerifyMac", "GENERATE_VERIFY_MAC", algorithm));
        }
    }

    private void addSharedSecrets() {
        add(
                "DeriveSharedSecret",
                "'KeyId':'<ID>','KeyAgreementAlgorithm':'ECDH','PublicKey':'YQ=='",
                use("DeriveSharedSecret", "KEY_AGREEMENT", "ECDH"));
        var members = "'KeyId':'<ID>','EncapsulationAlgorithm':'ML_KEM'";
        add("Encapsulate", members, use("Encapsulate", "ENCAPSULATE_DECAPSULATE", "ML_KEM"));
        add(
                "Decapsulate",
                members + ",'SharedSecretCiphertextBlob':'YQ=='",
                use("Decapsulate", "ENCAPSULATE_DECAPSULATE", "ML_KEM"));
    }

    // ---- encryption

    private void addEncryption() {
        for (var algorithm : ENCRYPTION) {
            for (var context : List.of("", "{}", "{'a':'b'}")) {
                for (int length : PLAINTEXTS) {
                    var members = "'KeyId':'<ID>','Plaintext':'<" + length + " bytes>'"
                            + optional("EncryptionAlgorithm", algorithm)
                            + (context.isEmpty() ? "" : ",'EncryptionContext':" + context);
                    add("Encrypt", members, encryption(given(algorithm), context, length));
                }
            }
        }
    }

    private String encryption(String algorithm, String context, int length) {
        var outcome = context("Encrypt", algorithm, context);
        int longest = LONGEST.getOrDefault(kind.spec() + " " + algorithm, 4096);
        return outcome.equals(REACHED) && length > longest
                ? "ValidationException: Algorithm " + algorithm + " and key spec " + kind.spec()
                        + " cannot encrypt data larger than " + longest + " bytes."
                : outcome;
    }

    private String context(String operation, String algorithm, String context) {
        var outcome = use(operation, "ENCRYPT_DECRYPT", algorithm);
        return outcome.equals(REACHED) && context.contains("a") && !kind.isSymmetric()
                ? "ValidationException: EncryptionContext is not supported when encrypting/decrypting with asymmetric"
                        + " CMKs."
                : outcome;
    }

    private void addDecryption() {
        for (var algorithm : ENCRYPTION) {
            for (var blob : List.of("<ID.blob>", "<OTHER.blob>", "<256 bytes>")) {
                for (var context : List.of("", "{'a':'b'}")) {
                    add(
                            "Decrypt",
                            "'KeyId':'<ID>','CiphertextBlob':'" + blob + "'"
                                    + optional("EncryptionAlgorithm", algorithm)
                                    + (context.isEmpty() ? "" : ",'EncryptionContext':" + context),
                            decryption("Decrypt", given(algorithm), blob, context));
                }
            }
        }
    }

    /** With the symmetric algorithm the blob is looked at first, and whose it is, whatever the key; then the state. */
    private String decryption(String operation, String algorithm, String blob, String context) {
        if (!algorithm.equals("SYMMETRIC_DEFAULT")) {
            return context(operation, algorithm, context);
        }
        if (blob.equals("<256 bytes>") || (blob.equals("<ID.blob>") && !kind.isSymmetric())) {
            return "InvalidCiphertextException";
        }
        return blob.equals("<ID.blob>")
                ? state()
                : "IncorrectKeyException: The key ID in the request does not identify a CMK that can perform this"
                        + " operation.";
    }

    private void addReEncryption() {
        for (var algorithm : ENCRYPTION) {
            for (var context : List.of("", "{'a':'b'}")) {
                add(
                        "ReEncrypt",
                        "'CiphertextBlob':'<OTHER.blob>','DestinationKeyId':'<ID>'"
                                + optional("DestinationEncryptionAlgorithm", algorithm)
                                + (context.isEmpty() ? "" : ",'DestinationEncryptionContext':" + context),
                        context("ReEncrypt", given(algorithm), context));
                for (var blob : List.of("<ID.blob>", "<OTHER.blob>", "<256 bytes>")) {
                    add(
                            "ReEncrypt",
                            "'CiphertextBlob':'" + blob + "','SourceKeyId':'<ID>','DestinationKeyId':'<OTHER>'"
                                    + optional("SourceEncryptionAlgorithm", algorithm)
                                    + (context.isEmpty() ? "" : ",'SourceEncryptionContext':" + context),
                            decryption("ReEncrypt", given(algorithm), blob, context));
                }
            }
        }
    }

    // ---- data keys, public keys

    private void addDataKeys() {
        for (var operation : List.of("GenerateDataKey", "GenerateDataKeyWithoutPlaintext")) {
            for (var length : List.of("'KeySpec':'AES_128'", "'KeySpec':'AES_256'", "'NumberOfBytes':1024")) {
                add(operation, "'KeyId':'<ID>'," + length, dataKey(operation));
            }
            var both = "ValidationException: Please specify either number of bytes or key spec.";
            add(operation, "'KeyId':'<ID>'", both);
            add(operation, "'KeyId':'<ID>','KeySpec':'AES_128','NumberOfBytes':16", both);
        }
        for (var operation : List.of("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext")) {
            for (var pair : PAIRS) {
                add(operation, "'KeyId':'<ID>','KeyPairSpec':'" + pair + "'", dataKey(operation));
            }
        }
    }

    private String dataKey(String operation) {
        var outcome = use(operation, "ENCRYPT_DECRYPT");
        return outcome.equals(REACHED) && !kind.isSymmetric()
                ? "InvalidKeyUsageException: You cannot generate a data key with an asymmetric CMK"
                : outcome;
    }

    private void addPublicKey() {
        var outcome = state.equals("Disabled") ? REACHED : state();
        var expected = outcome.equals(REACHED) && !kind.isPair() ? "UnsupportedOperationException" : outcome;
        add("GetPublicKey", "'KeyId':'<ID>'", expected);
    }

    // ---- what is wrong with the request itself is told whatever the key

    private void addIllegalShapes() {
        var illegal = """
                Sign | 'KeyId':'<ID>','Message':'YQ==' | null at 'signingAlgorithm' | Member must not be null
                Sign | 'KeyId':'<ID>','SigningAlgorithm':'SM2DSA' | at 'message' | Member must not be null
                Sign | 'KeyId':'<ID>','SigningAlgorithm':'SM2DSA','Message':'' | at 'message' | Member must have length greater than or equal to 1
                Sign | 'KeyId':'<ID>','SigningAlgorithm':'SM2DSA','Message':'<4097 bytes>' | at 'message' | Member must have length less than or equal to 4096
                Sign | 'KeyId':'<ID>','SigningAlgorithm':'SM2DSA','Message':'YQ==','MessageType':'FOO' | 'FOO' at 'messageType' | Member must satisfy enum value set: [RAW, DIGEST, EXTERNAL_MU]
                Verify | 'KeyId':'<ID>','SigningAlgorithm':'SM2DSA','Message':'YQ==' | null at 'signature' | Member must not be null
                Verify | 'KeyId':'<ID>','SigningAlgorithm':'SM2DSA','Message':'YQ==','Signature':'' | at 'signature' | Member must have length greater than or equal to 1
                Verify | 'KeyId':'<ID>','SigningAlgorithm':'SM2DSA','Message':'YQ==','Signature':'<6145 bytes>' | at 'signature' | Member must have length less than or equal to 6144
                GenerateMac | 'KeyId':'<ID>','Message':'YQ==' | null at 'macAlgorithm' | Member must not be null
                GenerateMac | 'KeyId':'<ID>','MacAlgorithm':'HMAC_SHA_256' | at 'message' | Member must not be null
                GenerateMac | 'KeyId':'<ID>','Message':'YQ==','MacAlgorithm':'hmac_sha_256' | 'hmac_sha_256' at 'macAlgorithm' | Member must satisfy enum value set: [HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]
                VerifyMac | 'KeyId':'<ID>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256' | null at 'mac' | Member must not be null
                VerifyMac | 'KeyId':'<ID>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256','Mac':'' | at 'mac' | Member must have length greater than or equal to 1
                DeriveSharedSecret | 'KeyId':'<ID>','PublicKey':'YQ==' | null at 'keyAgreementAlgorithm' | Member must not be null
                DeriveSharedSecret | 'KeyId':'<ID>','PublicKey':'YQ==','KeyAgreementAlgorithm':'INVALID' | 'INVALID' at 'keyAgreementAlgorithm' | Member must satisfy enum value set: [ECDH]
                DeriveSharedSecret | 'KeyId':'<ID>','KeyAgreementAlgorithm':'ECDH' | null at 'publicKey' | Member must not be null
                DeriveSharedSecret | 'KeyId':'<ID>','KeyAgreementAlgorithm':'ECDH','PublicKey':'<8193 bytes>' | at 'publicKey' | Member must have length less than or equal to 8192
                Encapsulate | 'KeyId':'<ID>' | null at 'encapsulationAlgorithm' | Member must not be null
                Encapsulate | 'KeyId':'<ID>','EncapsulationAlgorithm':'ECDH' | 'ECDH' at 'encapsulationAlgorithm' | Member must satisfy enum value set: [ML_KEM]
                Decapsulate | 'KeyId':'<ID>','EncapsulationAlgorithm':'ML_KEM' | null at 'sharedSecretCiphertextBlob' | Member must not be null
                Decapsulate | 'KeyId':'<ID>','EncapsulationAlgorithm':'ML_KEM','SharedSecretCiphertextBlob':'' | at 'sharedSecretCiphertextBlob' | Member must have length greater than or equal to 1
                Encrypt | 'KeyId':'<ID>','Plaintext':'<4097 bytes>' | at 'plaintext' | Member must have length less than or equal to 4096
                Encrypt | 'KeyId':'<ID>','Plaintext':'YQ==','EncryptionAlgorithm':'FOO' | 'FOO' at 'encryptionAlgorithm' | Member must satisfy enum value set: [RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE, SYMMETRIC_DEFAULT]
                Decrypt | 'KeyId':'<ID>' | null at 'ciphertextBlob' | Member must not be null
                Decrypt | 'KeyId':'<ID>','CiphertextBlob':'<6145 bytes>' | at 'ciphertextBlob' | Member must have length less than or equal to 6144
                GenerateDataKey | 'KeyId':'<ID>','NumberOfBytes':0 | '0' at 'numberOfBytes' | Member must have value greater than or equal to 1
                GenerateDataKeyPair | 'KeyId':'<ID>' | null at 'keyPairSpec' | Member must not be null
                """;
        illegal.lines().forEach(line -> {
            var parts = line.split(" \\| ", 4);
            add(
                    parts[0],
                    parts[1],
                    "ValidationException: " + ONE + parts[2] + " failed to satisfy constraint: " + parts[3]);
        });
    }

    private static String optional(String member, String value) {
        return value.isEmpty() ? "" : ",'" + member + "':'" + value + "'";
    }

    private static String given(String algorithm) {
        return algorithm.isEmpty() ? "SYMMETRIC_DEFAULT" : algorithm;
    }
}
