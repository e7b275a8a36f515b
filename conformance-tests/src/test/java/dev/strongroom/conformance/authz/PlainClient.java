package dev.strongroom.conformance.authz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * An HTTP client that says what it is told and nothing else, not even its name, from any address of this machine: each
 * exchange has a connection of its own.
 */
final class PlainClient {

    private static final int PATIENCE_MILLIS = 30_000;

    private final SSLSocketFactory trusting;

    /** @param authority certificate in PEM that those served by TLS must chain to */
    PlainClient(String authority) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "authority",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(authority.getBytes(UTF_8))));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            trusting = context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The body of the answer to a POST. */
    String post(URI to, Optional<String> from, Map<String, String> headers, String body) throws IOException {
        var octets = body.getBytes(UTF_8);
        var request =
                new StringBuilder("POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: " + octets.length + "\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        try (var socket = connect(to, from)) {
            var out = socket.getOutputStream();
            out.write(request.append("\r\n").toString().getBytes(UTF_8));
            out.write(octets);
            out.flush();
            var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new IOException("no answer but '" + answer + "' from " + to + " to\n" + request);
            }
            var content = answer.substring(end + 4);
            // Who looks for an error only must not take the wrong kind of answer for none.
            if (answer.startsWith("HTTP/1.1 200 ") == content.contains("\"__type\"")) {
                throw new IOException("neither success nor refusal: " + answer);
            }
            return content;
        }
    }

    private Socket connect(URI to, Optional<String> from) throws IOException {
        var host = to.getHost().replaceAll("[\\[\\]]", "");
        var plain = new Socket();
        if (from.isPresent()) {
            plain.bind(new InetSocketAddress(from.get(), 0));
        }
        plain.connect(new InetSocketAddress(host, to.getPort()), PATIENCE_MILLIS);
        plain.setSoTimeout(PATIENCE_MILLIS);
        return to.getScheme().equals("https") ? trusting.createSocket(plain, host, to.getPort(), true) : plain;
    }
}
