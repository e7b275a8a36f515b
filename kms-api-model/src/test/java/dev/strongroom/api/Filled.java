package dev.strongroom.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Random;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/** Builds SDK objects with every member set to a value that a seed decides. Knows the SDK only, not the code under test. */
final class Filled {

    private static final String[] AWKWARD = {
        "", "a", "alias/\"quoted\"\\", "line\r\n\tend", "\u0000\u001f\u007f", "キー", "\uD83D\uDD11 key", "</script>", "é"
    };

    private final Random random;

    Filled(long seed) {
        this.random = new Random(seed);
    }

    SdkPojo build(SdkPojo builder) {
        for (var field : builder.sdkFields()) {
            field.set(builder, value(field));
        }
        return (SdkPojo) ((Buildable) builder).build();
    }

    private Object value(SdkField<?> field) {
        var type = field.marshallingType();
        if (type == MarshallingType.STRING) {
            return string();
        } else if (type == MarshallingType.INTEGER) {
            return random.nextInt();
        } else if (type == MarshallingType.BOOLEAN) {
            return random.nextBoolean();
        } else if (type == MarshallingType.SDK_BYTES) {
            var bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            return SdkBytes.fromByteArray(bytes);
        } else if (type == MarshallingType.INSTANT) {
            return Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
        } else if (type == MarshallingType.LIST) {
            var list = new ArrayList<Object>();
            for (var i = random.nextInt(4); i > 0; i--) {
                list.add(value(field.getTrait(ListTrait.class).memberFieldInfo()));
            }
            return list;
        } else if (type == MarshallingType.MAP) {
            var map = new LinkedHashMap<String, Object>();
            for (var i = random.nextInt(4); i > 0; i--) {
                map.put(string(), value(field.getTrait(MapTrait.class).valueFieldInfo()));
            }
            return map;
        }
        return build(field.constructor().get());
    }

    private String string() {
        return AWKWARD[random.nextInt(AWKWARD.length)] + random.nextInt(1000);
    }
}
