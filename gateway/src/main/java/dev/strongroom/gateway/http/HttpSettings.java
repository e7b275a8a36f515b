package dev.strongroom.gateway.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the KMS API is served.
 *
 * @param port 0 for any free one
 * @param tls absent for plain HTTP
 * @param loops how many event loops serve it
 */
public record HttpSettings(String host, int port, @Nullable Tls tls, int loops) {

    /** PEM files: the chain, leaf first, and the key in PKCS#8, unencrypted. */
    public record Tls(Path certificate, Path key) {}
}
