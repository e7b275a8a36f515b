package dev.strongroom.hsm.protocol;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Generates values of any record, closed list or sealed interface of the protocol from its shape alone, so that a new
 * command or a new component is tested from the day it is written.
 */
final class AnyValue {

    private AnyValue() {}

    static Arbitrary<Command<?>> command() {
        // The leaves, not the families: every command is as likely as any other.
        return Arbitraries.of(leaves(Command.class)).flatMap(AnyValue::of).map(value -> (Command<?>) value);
    }

    /** The records below a sealed interface. */
    static List<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .flatMap(part -> leaves(part).stream())
                        .toList()
                : List.of(type);
    }

    static Arbitrary<Reply> reply() {
        return Arbitraries.of(Reply.class.getPermittedSubclasses())
                .flatMap(AnyValue::of)
                .map(Reply.class::cast);
    }

    static Arbitrary<Refused> refused() {
        return Combinators.combine(
                        Arbitraries.of(Refusal.class),
                        text(),
                        of(KeyRecord.class).map(KeyRecord.class::cast).optional())
                .as(Refused::new);
    }

    static Arbitrary<Object> of(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            if (parameterized.getRawType() == UseCommand.class) {
                return Arbitraries.of(leaves(UseCommand.class))
                        .filter(use -> use != UseCommand.Rehearse.class)
                        .flatMap(AnyValue::of);
            }
            var element = of(parameterized.getActualTypeArguments()[0]);
            if (parameterized.getRawType() == List.class) {
                return element.list().ofMaxSize(4).map(list -> list);
            } else if (parameterized.getRawType() == Set.class) {
                return element.set().ofMaxSize(4).map(set -> set);
            } else if (parameterized.getRawType() == Map.class) {
                var value = of(parameterized.getActualTypeArguments()[1]);
                return Arbitraries.maps(element, value).ofMaxSize(4).map(map -> map);
            }
            return element.optional().map(optional -> optional);
        }
        var raw = (Class<?>) type;
        if (raw.isEnum()) {
            return Arbitraries.of(raw.getEnumConstants()).map(value -> value);
        }
        if (raw.isSealed()) {
            return Arbitraries.of(raw.getPermittedSubclasses()).flatMap(AnyValue::of);
        }
        return raw.isRecord() ? record(raw) : leaf(raw);
    }

    private static Arbitrary<Object> leaf(Class<?> type) {
        Arbitrary<?> arbitrary;
        if (type == String.class) {
            arbitrary = text();
        } else if (type == int.class) {
            arbitrary = Arbitraries.integers();
        } else if (type == long.class) {
            arbitrary = Arbitraries.longs();
        } else if (type == boolean.class) {
            arbitrary = Arbitraries.of(true, false);
        } else if (type == Bytes.class) {
            arbitrary = octets(0, 5_000).map(Bytes::wrap);
        } else if (type == Plaintext.class) {
            arbitrary = octets(0, 5_000).map(Plaintext::wrap);
        } else if (type == UUID.class) {
            arbitrary = Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                    .as(UUID::new);
        } else if (type == Instant.class) {
            arbitrary = Combinators.combine(
                            Arbitraries.longs().between(-62_135_596_800L, 253_402_300_799L),
                            Arbitraries.integers().between(0, 999_999_999))
                    .as(Instant::ofEpochSecond);
        } else {
            throw new IllegalStateException("say here how to make a " + type);
        }
        return arbitrary.map(value -> value);
    }

    private static Arbitrary<Object> record(Class<?> type) {
        var components = type.getRecordComponents();
        Constructor<?> constructor;
        try {
            constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has this constructor", e);
        }
        return Combinators.combine(
                        Arrays.stream(components).map(AnyValue::component).toList())
                .as(values -> {
                    try {
                        return constructor.newInstance(values.toArray());
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException("these values come from the components' own types", e);
                    }
                });
    }

    private static Arbitrary<Object> component(RecordComponent component) {
        var owner = component.getDeclaringRecord();
        var isBackingKeyId = component.getType() == Bytes.class
                && (owner == KeyRecord.BackingKey.class || owner == KeyAddress.ByBackingKey.class);
        return isBackingKeyId ? octets(16, 16).map(Bytes::wrap) : of(component.getGenericType());
    }

    /** Text that UTF-8 can spell, characters beyond the first plane included. */
    private static Arbitrary<String> text() {
        return Arbitraries.strings()
                .ascii()
                .withChars("äλ語\0\n")
                .withCharRange('\u0800', '\uD7FF')
                .ofMaxLength(40)
                .map(text -> text.length() % 7 == 3 ? text + "🔑" : text);
    }

    private static Arbitrary<byte[]> octets(int min, int max) {
        return Arbitraries.bytes().array(byte[].class).ofMinSize(min).ofMaxSize(max);
    }
}
