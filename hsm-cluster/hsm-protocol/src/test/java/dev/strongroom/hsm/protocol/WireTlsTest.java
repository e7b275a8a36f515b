package dev.strongroom.hsm.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.NetClientOptions;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireTlsTest {

    @Test
    void theEngineIsOneThatKeepsToTheOneSuite() {
        var options = new NetClientOptions();
        WireTls.require(options);
        assertInstanceOf(JdkSSLEngineOptions.class, options.getSslEngineOptions());
        assertEquals(Set.of("TLSv1.3"), options.getEnabledSecureTransportProtocols());
        assertEquals(Set.of("TLS_AES_256_GCM_SHA384"), options.getEnabledCipherSuites());
    }
}
