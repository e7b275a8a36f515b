package dev.strongroom.gateway.http;

import dev.strongroom.hsm.protocol.Plaintext;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A response, and the secret whose bytes it shares; that is closed once the response is written.
 *
 * @param secret of no bytes if the response carries none
 */
record Outcome(SdkPojo response, Plaintext secret) implements AutoCloseable {
    @Override
    public void close() {
        secret.close();
    }
}
