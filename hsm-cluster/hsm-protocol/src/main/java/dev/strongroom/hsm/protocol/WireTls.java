package dev.strongroom.hsm.protocol;

import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.TCPSSLOptions;
import java.util.Set;

/** What TLS is on both ends of the HSM protocol: version 1.3 (RFC 8446), AES-256-GCM, nothing to negotiate down to. */
public final class WireTls {

    private static final String VERSION = "TLSv1.3";
    private static final String CIPHER_SUITE = "TLS_AES_256_GCM_SHA384";

    private WireTls() {}

    /**
     * Turns TLS on, with the JDK's engine even where BoringSSL is on the class path: BoringSSL chooses among the suites of
     * TLS 1.3 by itself, whatever it is told, and would take AES-128.
     */
    public static void require(TCPSSLOptions options) {
        options.setSsl(true)
                .setEnabledSecureTransportProtocols(Set.of(VERSION))
                .addEnabledCipherSuite(CIPHER_SUITE)
                .setSslEngineOptions(new JdkSSLEngineOptions());
    }
}
