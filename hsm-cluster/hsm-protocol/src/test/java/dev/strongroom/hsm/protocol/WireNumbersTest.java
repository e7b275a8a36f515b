package dev.strongroom.hsm.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import dev.strongroom.hsm.protocol.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers on the wire never change their meaning: a line of the list may be added, none may be edited or removed. */
class WireNumbersTest {

    private static final int PACKAGE = Wire.getDescriptor().getPackage().length() + 1;

    @Test
    void numbersMeanWhatTheyAlwaysMeant() throws Exception {
        var lines = new ArrayList<String>();
        addMessages(Wire.getDescriptor().getMessageTypes(), lines);
        addEnums(Wire.getDescriptor().getEnumTypes(), lines);
        try (var pinned = WireNumbersTest.class.getResourceAsStream("wire-numbers.txt")) {
            var expected = pinned == null ? "" : new String(pinned.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(expected.strip(), String.join("\n", lines), "wire-numbers.txt pins these");
        }
    }

    @Test
    void everyClosedListSurvivesTheWayThere() throws Exception {
        for (var table : List.of(
                WireEnum.FRESHNESS,
                WireEnum.DATA_KEY_FORM,
                WireEnum.ENCRYPTION_ALGORITHM,
                WireEnum.SIGNING_ALGORITHM,
                WireEnum.MESSAGE_TYPE,
                WireEnum.KEY_SPEC,
                WireEnum.KEY_USAGE,
                WireEnum.ORIGIN,
                WireEnum.KEY_STATE,
                WireEnum.MATERIAL_STATE,
                WireEnum.ROTATION_TYPE,
                WireEnum.WRAPPING_ALGORITHM,
                WireEnum.WRAPPING_KEY_SPEC,
                WireEnum.IDENTITY_KIND,
                WireEnum.IMPORT_TYPE,
                WireEnum.TRACKED_USE,
                WireEnum.NODE_STATE,
                WireEnum.ROLE,
                WireEnum.REFUSAL)) {
            assertEquals(0, brokenValues(table));
        }
    }

    private static <E extends Enum<E>> int brokenValues(WireEnum<E> table) throws MalformedFrameException {
        var broken = new ArrayList<E>();
        for (var constant : table.value(1).getDeclaringClass().getEnumConstants()) {
            if (table.value(table.number(constant)) != constant) {
                broken.add(constant);
            }
        }
        return broken.size();
    }

    private static void addMessages(Collection<Descriptor> messages, Collection<String> lines) {
        for (var message : messages) {
            for (var field : message.getFields()) {
                var type = switch (field.getJavaType()) {
                    case MESSAGE -> field.getMessageType().getFullName();
                    case ENUM -> field.getEnumType().getFullName();
                    default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
                };
                lines.add("%s %d %s %s%s"
                        .formatted(
                                message.getFullName().substring(PACKAGE),
                                field.getNumber(),
                                field.getName(),
                                field.isRepeated() ? "repeated " : "",
                                type));
            }
            addMessages(message.getNestedTypes(), lines);
        }
    }

    private static void addEnums(Collection<EnumDescriptor> enums, Collection<String> lines) {
        for (var list : enums) {
            for (var value : list.getValues()) {
                lines.add("%s %d %s"
                        .formatted(list.getFullName().substring(PACKAGE), value.getNumber(), value.getName()));
            }
        }
    }
}
