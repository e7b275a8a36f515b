package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.KeySpec;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.Map;

/**
 * HMAC (FIPS 198-1) with the keys of the HMAC specs, one hash each. The key stays off the heap, as {@link HmacEngine} has
 * it.
 */
public final class HmacKeys {

    private static final ThreadLocal<Map<KeySpec, HmacEngine>> ENGINES =
            ThreadLocal.withInitial(() -> new EnumMap<>(KeySpec.class));

    private HmacKeys() {}

    /**
     * The tag over {@code message}, as long as the hash: 28, 32, 48 or 64 bytes.
     *
     * @throws IllegalStateException if {@code key} is closed
     */
    public static byte[] mac(KeySpec spec, KeyMaterial key, byte[] message) {
        var tag = new byte[tagBytes(spec)];
        ENGINES.get().computeIfAbsent(spec, HmacKeys::engine).tag(key, message, tag, 0);
        return tag;
    }

    /**
     * Whether {@code tag} is the whole tag over {@code message}, in time that does not depend on where they differ.
     *
     * @throws IllegalStateException if {@code key} is closed
     */
    public static boolean verify(KeySpec spec, KeyMaterial key, byte[] message, byte[] tag) {
        return MessageDigest.isEqual(mac(spec, key, message), tag);
    }

    /** How long a tag of {@code spec} is, and a key that is generated for it. */
    public static int tagBytes(KeySpec spec) {
        return switch (spec) {
            case HMAC_224 -> 28;
            case HMAC_256 -> 32;
            case HMAC_384 -> 48;
            case HMAC_512 -> 64;
            default -> throw new IllegalArgumentException(spec + " is not HMAC");
        };
    }

    private static HmacEngine engine(KeySpec spec) {
        return switch (spec) {
            case HMAC_224 -> new HmacEngine(Providers.SHA_224.digest(), 64);
            case HMAC_256 -> new HmacEngine(Providers.SHA_256.digest(), 64);
            case HMAC_384 -> new HmacEngine(Providers.SHA_384.digest(), 128);
            case HMAC_512 -> new HmacEngine(Providers.SHA_512.digest(), 128);
            default -> throw new IllegalArgumentException(spec + " is not HMAC");
        };
    }
}
