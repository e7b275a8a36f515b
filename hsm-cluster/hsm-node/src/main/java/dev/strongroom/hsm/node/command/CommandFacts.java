package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.Recipient;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.UseCommand;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a command or reply says about itself, read off the types and names of its components. By kind, not by command: one
 * that is added later cannot be forgotten here, and nothing of a kind that is not in the list is ever shown. The list is
 * made once for each class; to read a component then costs about as much as to call its method.
 */
final class CommandFacts {

    /** What may be shown of a command. */
    enum Kind {
        /** {@link Authority}: the key's record that it rests on. */
        AUTHORITY,
        /** {@link Stamp}: a record that it names. */
        STAMP,
        /** {@link UUID}: under which its repetition is recognised. */
        COMMAND_ID,
        KEY_NAME,
        /** {@link KeyAddress}: the name, the alias or the backing key by which a key is looked for. */
        KEY_ADDRESS,
        /** {@link GrantAddress}: the grant and its key, unless it is looked for by a token. */
        GRANT_ADDRESS,
        ALIAS_NAME,
        /** {@link KeyChange}: which of them, and the state that a key is to be in. */
        CHANGE,
        ACCESS_KEY_ID,
        GRANT_ID,
        /** ARN of whom it is about. */
        PRINCIPAL,
        IDENTITY_NAME,
        /** {@link IdentityRecord}: its name. */
        IDENTITY,
        /** Canonical encryption context: shown as a keyed hash only. */
        CONTEXT,
        /** Bytes that may be a ciphertext blob: shown as the backing key that it names. */
        BLOB,
        /** Optional {@link Recipient}: shown as a keyed hash of its attestation document. */
        RECIPIENT
    }

    /** One component. */
    record Part(Kind kind, MethodHandle accessor) {

        /** Its value in {@code owner}. */
        Object of(Object owner) {
            try {
                return (Object) accessor.invokeExact(owner);
            } catch (Throwable e) {
                throw new IllegalStateException("the accessor of a record only reads", e);
            }
        }
    }

    private static final MethodType ANY = MethodType.methodType(Object.class, Object.class);

    private static final ClassValue<CommandFacts> FACTS = new ClassValue<>() {
        @Override
        protected CommandFacts computeValue(Class<?> type) {
            return new CommandFacts(type);
        }
    };

    private final String name;
    private final List<Part> parts;

    private CommandFacts(Class<?> type) {
        var found = new ArrayList<Part>();
        for (var component : components(type)) {
            if (component.getType() == UseCommand.Side.class) {
                for (var inner : components(UseCommand.Side.class)) {
                    add(found, inner, MethodHandles.filterReturnValue(accessor(component), accessor(inner)));
                }
            } else {
                add(found, component, accessor(component));
            }
        }
        this.name = type.getSimpleName();
        this.parts = List.copyOf(found);
    }

    private static RecordComponent[] components(Class<?> type) {
        var components = type.getRecordComponents();
        return components == null ? new RecordComponent[0] : components;
    }

    private static void add(List<Part> parts, RecordComponent component, MethodHandle accessor) {
        var kind = kind(component);
        if (kind != null) {
            parts.add(new Part(kind, accessor.asType(ANY)));
        }
    }

    static CommandFacts of(Object message) {
        return FACTS.get(message.getClass());
    }

    /** Such as {@code Encrypt}; it never changes for a command. */
    String name() {
        return name;
    }

    List<Part> parts() {
        return parts;
    }

    private static @Nullable Kind kind(RecordComponent component) {
        var type = component.getType();
        var name = component.getName().toLowerCase(Locale.ROOT);
        if (type == Authority.class) {
            return Kind.AUTHORITY;
        } else if (type == Stamp.class) {
            return Kind.STAMP;
        } else if (type == UUID.class && name.equals("commandid")) {
            return Kind.COMMAND_ID;
        } else if (type == KeyName.class) {
            return Kind.KEY_NAME;
        } else if (type == KeyAddress.class) {
            return Kind.KEY_ADDRESS;
        } else if (type == GrantAddress.class) {
            return Kind.GRANT_ADDRESS;
        } else if (type == AliasName.class) {
            return Kind.ALIAS_NAME;
        } else if (type == KeyChange.class) {
            return Kind.CHANGE;
        } else if (type == String.class && name.equals("accesskeyid")) {
            return Kind.ACCESS_KEY_ID;
        } else if (type == String.class && name.equals("grantid")) {
            return Kind.GRANT_ID;
        } else if (type == String.class && name.equals("principalarn")) {
            return Kind.PRINCIPAL;
        } else if (type == IdentityName.class) {
            return Kind.IDENTITY_NAME;
        } else if (type == IdentityRecord.class) {
            return Kind.IDENTITY;
        } else if (type == Bytes.class) {
            return name.endsWith("aad") ? Kind.CONTEXT : Kind.BLOB;
        } else if (type == Optional.class && name.equals("recipient")) {
            return Kind.RECIPIENT;
        }
        return null;
    }

    private static MethodHandle accessor(RecordComponent component) {
        try {
            return MethodHandles.publicLookup().unreflect(component.getAccessor());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("commands and replies are public", e);
        }
    }
}
