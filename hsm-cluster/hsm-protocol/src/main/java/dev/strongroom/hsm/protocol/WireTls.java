package dev.strongroom.hsm.protocol;

import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.TCPSSLOptions;
import java.util.Set;

/** What TLS is on both ends of the HSM protocol: version 1.3 (RFC 8446), AES-256-GCM, nothing to negotiate down to. */
public final class WireTls {

    private static final String VERSION = "TLSv1.3";
    private static final String CIPHER_SUITE = "TLS_AES_256_GCM_SHA384";

    private WireTls() {}

    /**
     * Turns TLS on. BoringSSL does it where it is on the class path, for its short pauses; the JDK otherwise. Sessions are
     * not kept where the engine lets us say so: every connection is a full handshake that reads the certificate's dates.
     */
    public static void require(TCPSSLOptions options) {
        options.setSsl(true)
                .setEnabledSecureTransportProtocols(Set.of(VERSION))
                .addEnabledCipherSuite(CIPHER_SUITE)
                .setSslEngineOptions(
                        OpenSSLEngineOptions.isAvailable()
                                ? new OpenSSLEngineOptions().setSessionCacheEnabled(false)
                                : new JdkSSLEngineOptions());
    }
}
