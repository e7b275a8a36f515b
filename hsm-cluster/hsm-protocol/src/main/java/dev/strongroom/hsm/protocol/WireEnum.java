package dev.strongroom.hsm.protocol;

import com.google.protobuf.Descriptors.EnumDescriptor;
import dev.strongroom.hsm.protocol.wire.Wire;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A closed list and its numbers on the wire, matched by name when this class is loaded: a constant that {@code hsm.proto}
 * does not know, or the other way round, stops the process there and not at its first use.
 */
final class WireEnum<E extends Enum<E>> {

    static final WireEnum<Freshness> FRESHNESS = new WireEnum<>(Freshness.class, Wire.Freshness.getDescriptor());
    static final WireEnum<UseCommand.DataKeyForm> DATA_KEY_FORM =
            new WireEnum<>(UseCommand.DataKeyForm.class, Wire.DataKeyForm.getDescriptor());
    static final WireEnum<EncryptionAlgorithm> ENCRYPTION_ALGORITHM =
            new WireEnum<>(EncryptionAlgorithm.class, Wire.EncryptionAlgorithm.getDescriptor());
    static final WireEnum<SigningAlgorithm> SIGNING_ALGORITHM =
            new WireEnum<>(SigningAlgorithm.class, Wire.SigningAlgorithm.getDescriptor());
    static final WireEnum<MessageType> MESSAGE_TYPE =
            new WireEnum<>(MessageType.class, Wire.MessageType.getDescriptor());
    static final WireEnum<KeySpec> KEY_SPEC = new WireEnum<>(KeySpec.class, Wire.KeySpec.getDescriptor());
    static final WireEnum<KeyUsage> KEY_USAGE = new WireEnum<>(KeyUsage.class, Wire.KeyUsage.getDescriptor());
    static final WireEnum<Origin> ORIGIN = new WireEnum<>(Origin.class, Wire.Origin.getDescriptor());
    static final WireEnum<KeyState> KEY_STATE = new WireEnum<>(KeyState.class, Wire.KeyState.getDescriptor());
    static final WireEnum<MaterialState> MATERIAL_STATE =
            new WireEnum<>(MaterialState.class, Wire.MaterialState.getDescriptor());
    static final WireEnum<RotationType> ROTATION_TYPE =
            new WireEnum<>(RotationType.class, Wire.RotationType.getDescriptor());
    static final WireEnum<WrappingAlgorithm> WRAPPING_ALGORITHM =
            new WireEnum<>(WrappingAlgorithm.class, Wire.WrappingAlgorithm.getDescriptor());
    static final WireEnum<WrappingKeySpec> WRAPPING_KEY_SPEC =
            new WireEnum<>(WrappingKeySpec.class, Wire.WrappingKeySpec.getDescriptor());
    static final WireEnum<ImportCommand.ImportType> IMPORT_TYPE =
            new WireEnum<>(ImportCommand.ImportType.class, Wire.ImportType.getDescriptor());
    static final WireEnum<TrackedUse> TRACKED_USE = new WireEnum<>(TrackedUse.class, Wire.TrackedUse.getDescriptor());
    static final WireEnum<NodeState> NODE_STATE = new WireEnum<>(NodeState.class, Wire.NodeState.getDescriptor());
    static final WireEnum<IdentityKind> IDENTITY_KIND =
            new WireEnum<>(IdentityKind.class, Wire.IdentityKind.getDescriptor());
    static final WireEnum<Role> ROLE = new WireEnum<>(Role.class, Wire.Role.getDescriptor());
    static final WireEnum<Refusal> REFUSAL = new WireEnum<>(Refusal.class, Wire.Refusal.getDescriptor());

    private static final String ZERO = "UNSPECIFIED";

    private final Map<E, Integer> numbers;
    private final Map<Integer, E> values = new HashMap<>();

    private WireEnum(Class<E> type, EnumDescriptor descriptor) {
        numbers = new EnumMap<>(type);
        var zero = descriptor.getValues().get(0).getName();
        var prefix = zero.substring(0, zero.length() - ZERO.length());
        for (var constant : type.getEnumConstants()) {
            var value = descriptor.findValueByName(prefix + constant.name());
            if (value == null) {
                throw new IllegalStateException(constant + " has no number");
            }
            numbers.put(constant, value.getNumber());
            values.put(value.getNumber(), constant);
        }
        if (values.size() + 1 != descriptor.getValues().size()) {
            throw new IllegalStateException(type + " lacks a constant");
        }
    }

    int number(E value) {
        return Objects.requireNonNull(numbers.get(value));
    }

    E value(int number) throws MalformedFrameException {
        if (number == 0) {
            throw MalformedFrameException.broken("a value of a closed list is missing");
        }
        var value = values.get(number);
        if (value == null) {
            throw MalformedFrameException.unsupported("a value of a closed list that is not known here");
        }
        return value;
    }
}
