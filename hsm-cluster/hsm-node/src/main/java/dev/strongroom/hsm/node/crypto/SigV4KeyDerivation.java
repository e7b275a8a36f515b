package dev.strongroom.hsm.node.crypto;

import java.nio.charset.StandardCharsets;

/**
 * The signing key of AWS Signature Version 4: HMAC-SHA-256 chained from the secret access key over date, Region and
 * service. This is what a gateway may hold instead of the secret: it signs one day of one Region and service.
 */
public final class SigV4KeyDerivation {

    private static final int KEY_BYTES = 32;
    private static final ThreadLocal<HmacEngine> HMAC =
            ThreadLocal.withInitial(() -> new HmacEngine(Providers.SHA_256.digest(), 64));

    private SigV4KeyDerivation() {}

    /**
     * The 32-byte signing key; the caller wipes it. The keys of the steps before it reach further and stay off the heap.
     *
     * @param accessKeySecret the ASCII bytes of the secret access key
     * @param date eight digits, as in the credential scope
     * @throws IllegalStateException if {@code accessKeySecret} is closed
     */
    public static byte[] derive(KeyMaterial accessKeySecret, String date, String region, String service) {
        try (var secret = KeyMaterial.prefixed(utf8("AWS4"), accessKeySecret);
                var dateKey = KeyMaterial.takeFrom(hmac(secret, date));
                var regionKey = KeyMaterial.takeFrom(hmac(dateKey, region));
                var serviceKey = KeyMaterial.takeFrom(hmac(regionKey, service))) {
            return hmac(serviceKey, "aws4_request");
        }
    }

    private static byte[] hmac(KeyMaterial key, String message) {
        var tag = new byte[KEY_BYTES];
        HMAC.get().tag(key, utf8(message), tag, 0);
        return tag;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
