package dev.strongroom.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate with which the KMS API is served: TLS 1.2 and 1.3, HTTP/2 by ALPN, BoringSSL where its library loads and
 * the JDK elsewhere.
 *
 * <p>The files are looked at every two seconds. When they have changed and belong together, new connections get the new
 * certificate and old ones go on; while they do not, as between the replacement of the one and of the other, nothing
 * changes. No restart, no signal.
 */
final class PublicTls {

    private static final Logger LOG = LoggerFactory.getLogger(PublicTls.class);

    private static final long LOOK_MILLIS = 2_000;
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";

    private final HttpSettings.Tls files;
    private Pem current;
    private String lastComplaint = "";

    private PublicTls(HttpSettings.Tls files, Pem current) {
        this.files = files;
        this.current = current;
    }

    /** What the files held, checked to belong together. */
    private record Pem(String chain, String key) {

        PemKeyCertOptions options() {
            return new PemKeyCertOptions().setCertValue(Buffer.buffer(chain)).setKeyValue(Buffer.buffer(key));
        }

        @Override
        public String toString() {
            return "Pem[]";
        }
    }

    /**
     * Reads the files.
     *
     * @throws IOException one line: which file is wrong and how to mend it
     */
    static PublicTls read(HttpSettings.Tls files) throws IOException {
        return new PublicTls(files, pem(files));
    }

    /** Has {@code options} serve with the certificate. */
    void apply(HttpServerOptions options) {
        options.setSsl(true)
                .setKeyCertOptions(current.options())
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
        if (OpenSSLEngineOptions.isAvailable() && OpenSSLEngineOptions.isAlpnAvailable()) {
            options.setSslEngineOptions(new OpenSSLEngineOptions());
        }
    }

    /** From now on looks for other content of the files; called on the event loop that runs what follows. */
    void watch(Vertx vertx, HttpServer server) {
        vertx.setTimer(
                LOOK_MILLIS,
                tick -> vertx.executeBlocking(() -> pem(files))
                        .compose(found -> found.equals(current) ? Future.succeededFuture() : replace(server, found))
                        .onFailure(failure -> complain(String.valueOf(failure.getMessage())))
                        .onComplete(done -> watch(vertx, server)));
    }

    private Future<Void> replace(HttpServer server, Pem found) {
        var options = new ServerSSLOptions()
                .setKeyCertOptions(found.options())
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setUseAlpn(true);
        return server.updateSSLOptions(options).map(updated -> {
            current = found;
            lastComplaint = "";
            LOG.info("new connections are served with the new certificate in {}", files.certificate());
            return null;
        });
    }

    /** Once, not every two seconds. */
    private void complain(String complaint) {
        if (!complaint.equals(lastComplaint)) {
            lastComplaint = complaint;
            LOG.warn("the former certificate stays in use: {}", complaint);
        }
    }

    private static Pem pem(HttpSettings.Tls files) throws IOException {
        var pem = new Pem(text(files.certificate()), text(files.key()));
        var leaf = leaf(files.certificate(), pem.chain());
        requireKeyOf(leaf, files.key(), pem.key());
        return pem;
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file; name the PEM files of the gateway under tls", e);
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read by this user; check its owner and mode", e);
        }
    }

    private static Certificate leaf(Path file, String chain) throws IOException {
        try {
            var certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(chain.getBytes(StandardCharsets.ISO_8859_1)));
            if (!certificates.isEmpty()) {
                return certificates.iterator().next();
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": is no chain of certificates in PEM", e);
        }
        throw new IOException(file + ": is no chain of certificates in PEM");
    }

    private static void requireKeyOf(Certificate leaf, Path file, String key) throws IOException {
        int begin = key.indexOf(KEY_BEGIN);
        int end = key.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new IOException(file + ": is no unencrypted PKCS#8 key; convert it with openssl pkcs8 -topk8 -nodes");
        }
        try {
            var octets = Base64.getMimeDecoder().decode(key.substring(begin + KEY_BEGIN.length(), end));
            var publicKey = leaf.getPublicKey();
            var signature = signature(publicKey);
            signature.initSign(
                    KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(octets)));
            var signed = signature.sign();
            signature.initVerify(publicKey);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + ": the key does not belong to the certificate", e);
        }
        throw new IOException(file + ": the key does not belong to the certificate");
    }

    private static Signature signature(PublicKey key) throws GeneralSecurityException {
        return Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                });
    }
}
