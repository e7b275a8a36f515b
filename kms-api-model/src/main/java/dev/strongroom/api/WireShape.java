package dev.strongroom.api;

import com.fasterxml.jackson.core.io.SerializedString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/**
 * The members of one SDK class, in the model's order, with everything that {@link AwsJson} and {@link MemberRules} would
 * otherwise work out per request. Built once per class when the module starts, immutable afterwards.
 */
final class WireShape {

    /** The JSON forms that the KMS model uses. */
    enum Kind {
        STRING("String"),
        INTEGER("Integer"),
        BOOLEAN("Boolean"),
        BLOB("Blob"),
        INSTANT("Timestamp"),
        LIST("List"),
        MAP("Map"),
        STRUCTURE("Structure");

        /** How an error text calls it. */
        final String title;

        Kind(String title) {
            this.title = title;
        }
    }

    /** One member of a shape, or the element of a list, or the value of a map. */
    static final class Member {
        /** Place among its siblings, for the detection of duplicates; below 64. */
        final int index;

        final String name;
        final SerializedString quotedName;
        final SdkField<?> field;
        final Kind kind;
        final @Nullable Member element;
        final @Nullable WireShape structure;

        private Member(int index, SdkField<?> field) {
            this.index = index;
            this.name = field.locationName();
            this.quotedName = new SerializedString(name);
            this.field = field;
            this.kind = kind(field);
            this.element = switch (kind) {
                case LIST -> new Member(0, field.getTrait(ListTrait.class).memberFieldInfo());
                case MAP -> new Member(0, field.getTrait(MapTrait.class).valueFieldInfo());
                default -> null;
            };
            this.structure =
                    kind == Kind.STRUCTURE ? new WireShape(field.constructor().get()) : null;
        }

        /**
         * This member's value in a message; null if it has none, where the SDK gives a list or map of its own.
         *
         * <p>Asks by kind, because it is asked for every member of every message: a test against an interface is slow.
         */
        @Nullable
        Object value(SdkPojo message) {
            var value = field.getValueOrDefault(message);
            return switch (kind) {
                case LIST -> value instanceof SdkAutoConstructList ? null : value;
                case MAP -> value instanceof SdkAutoConstructMap ? null : value;
                default -> value;
            };
        }

        /** What a list or map holds. */
        Member element() {
            return require(element);
        }

        /** The shape of a structure. */
        WireShape structure() {
            return require(structure);
        }

        private <T> T require(@Nullable T part) {
            if (part == null) {
                throw new IllegalStateException(name + " is a " + kind);
            }
            return part;
        }
    }

    private final List<Member> members;
    private final Map<String, Member> byName;

    WireShape(SdkPojo sample) {
        var list = new ArrayList<Member>();
        var map = new HashMap<String, Member>();
        for (var field : sample.sdkFields()) {
            var member = new Member(list.size(), field);
            list.add(member);
            map.put(member.name, member);
        }
        if (list.size() > Long.SIZE) {
            throw new IllegalStateException(sample.getClass() + " has more members than a long has bits");
        }
        members = List.copyOf(list);
        byName = map;
    }

    List<Member> members() {
        return members;
    }

    /** The member of that exact wire name; null if the shape has none. */
    @Nullable
    Member find(String name) {
        return byName.get(name);
    }

    private static Kind kind(SdkField<?> field) {
        var type = field.marshallingType();
        if (type == MarshallingType.STRING) {
            return Kind.STRING;
        } else if (type == MarshallingType.INTEGER) {
            return Kind.INTEGER;
        } else if (type == MarshallingType.BOOLEAN) {
            return Kind.BOOLEAN;
        } else if (type == MarshallingType.SDK_BYTES) {
            return Kind.BLOB;
        } else if (type == MarshallingType.INSTANT) {
            return Kind.INSTANT;
        } else if (type == MarshallingType.LIST) {
            return Kind.LIST;
        } else if (type == MarshallingType.MAP) {
            return Kind.MAP;
        } else if (type == MarshallingType.SDK_POJO) {
            return Kind.STRUCTURE;
        }
        throw new IllegalStateException("no JSON form for " + field.memberName() + " of type " + type);
    }
}
