package dev.strongroom.gateway.authz;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a grant can allow (KMS API reference, CreateGrant, "Operations"). */
public enum GrantOperation {
    DECRYPT("Decrypt", Context.BINDS),
    ENCRYPT("Encrypt", Context.BINDS),
    GENERATE_DATA_KEY("GenerateDataKey", Context.BINDS),
    GENERATE_DATA_KEY_WITHOUT_PLAINTEXT("GenerateDataKeyWithoutPlaintext", Context.BINDS),
    RE_ENCRYPT_FROM("ReEncryptFrom", Context.BINDS),
    RE_ENCRYPT_TO("ReEncryptTo", Context.BINDS),
    SIGN("Sign", Context.NONE),
    VERIFY("Verify", Context.NONE),
    GET_PUBLIC_KEY("GetPublicKey", Context.NONE),
    CREATE_GRANT("CreateGrant", Context.NONE),
    RETIRE_GRANT("RetireGrant", Context.NONE),
    DESCRIBE_KEY("DescribeKey", Context.NONE),
    GENERATE_DATA_KEY_PAIR("GenerateDataKeyPair", Context.BINDS),
    GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT("GenerateDataKeyPairWithoutPlaintext", Context.BINDS),
    GENERATE_MAC("GenerateMac", Context.NONE),
    VERIFY_MAC("VerifyMac", Context.NONE),
    DERIVE_SHARED_SECRET("DeriveSharedSecret", Context.NONE),
    ENCAPSULATE("Encapsulate", Context.NONE),
    DECAPSULATE("Decapsulate", Context.NONE);

    private static final Map<String, GrantOperation> BY_NAME =
            Arrays.stream(values()).collect(toUnmodifiableMap(GrantOperation::wireName, Function.identity()));
    private static final Map<String, GrantOperation> BY_ACTION =
            Arrays.stream(values()).collect(toUnmodifiableMap(each -> "kms:" + each.wireName, Function.identity()));

    private enum Context {
        BINDS,
        NONE
    }

    private final String wireName;
    private final Context context;

    GrantOperation(String wireName, Context context) {
        this.wireName = wireName;
        this.context = context;
    }

    public static Optional<GrantOperation> find(String wireName) {
        return Optional.ofNullable(BY_NAME.get(wireName));
    }

    /** What an action such as {@code kms:Encrypt} needs; empty if no grant can allow it. */
    public static Optional<GrantOperation> ofAction(String action) {
        return Optional.ofNullable(BY_ACTION.get(action));
    }

    public String wireName() {
        return wireName;
    }

    /** Whether a constraint on the encryption context binds it; all others go without a context. */
    public boolean isBoundByContext() {
        return context == Context.BINDS;
    }
}
