package dev.strongroom.gateway.operation;

import dev.strongroom.api.Operation;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every operation that is built, by its row. What is absent here answers UnsupportedOperationException. */
public final class OperationTable {

    private static final Map<Operation, OperationRow<?, ?>> ROWS = new EnumMap<>(Operation.class);

    static {
        ROWS.putAll(CryptoOperations.rows());
        ROWS.putAll(DataKeyOperations.rows());
        ROWS.putAll(DataKeyPairOperations.rows());
        ROWS.putAll(SigningOperations.rows());
        ROWS.putAll(MacOperations.rows());
        ROWS.putAll(SharedSecretOperations.rows());
        ROWS.putAll(PublicKeys.rows());
        ROWS.putAll(AliasOperations.rows());
        ROWS.putAll(KeyCreation.rows());
        ROWS.putAll(KeyOperations.rows());
        ROWS.putAll(PolicyOperations.rows());
        ROWS.putAll(RotationOperations.rows());
        ROWS.putAll(RotationListing.rows());
        ROWS.putAll(LastUsage.rows());
        ROWS.putAll(TagOperations.rows());
        ROWS.putAll(GrantOperations.rows());
        ROWS.putAll(GrantListing.rows());
        ROWS.putAll(ImportOperations.rows());
        ROWS.putAll(MultiRegionOperations.rows());
    }

    private OperationTable() {}

    public static Optional<OperationRow<?, ?>> find(Operation operation) {
        return Optional.ofNullable(ROWS.get(operation));
    }

    /** The operations that are built. */
    public static Set<Operation> built() {
        return Set.copyOf(ROWS.keySet());
    }
}
