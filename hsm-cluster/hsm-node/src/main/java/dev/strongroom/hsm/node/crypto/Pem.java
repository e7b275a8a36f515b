package dev.strongroom.hsm.node.crypto;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Certificates and elliptic-curve private keys as text (RFC 7468: {@code CERTIFICATE} and the unencrypted PKCS#8 {@code
 * PRIVATE KEY}). Text around the blocks is skipped.
 */
final class Pem {

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final int LINE_CHARACTERS = 64;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private Pem() {}

    static String write(X509Certificate certificate) {
        try {
            return block(CERTIFICATE, certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was read or signed has an encoding", e);
        }
    }

    static String write(List<X509Certificate> chain) {
        return String.join("", chain.stream().map(Pem::write).toList());
    }

    /** The key in the clear; who asks for it answers for where it goes. */
    static String writeSecret(PrivateKey key) {
        var pkcs8 = key.getEncoded();
        try {
            return block(PRIVATE_KEY, pkcs8);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    /** All certificates of {@code pem} in their order, at least one. */
    static List<X509Certificate> readCertificates(String pem) throws GeneralSecurityException {
        var certificates = new ArrayList<X509Certificate>();
        for (var der : blocks(CERTIFICATE, pem)) {
            var certificate =
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            certificates.add((X509Certificate) certificate);
        }
        if (certificates.isEmpty()) {
            throw new CertificateException("there is no certificate in this PEM text");
        }
        return List.copyOf(certificates);
    }

    /** The one elliptic-curve key of {@code pem}. */
    static PrivateKey readPrivateKey(String pem) throws GeneralSecurityException {
        var keys = blocks(PRIVATE_KEY, pem);
        try {
            if (keys.size() != 1) {
                throw new GeneralSecurityException(
                        "expected one unencrypted PKCS#8 private key in this PEM text, found " + keys.size());
            }
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(keys.get(0)));
        } finally {
            keys.forEach(key -> Arrays.fill(key, (byte) 0));
        }
    }

    private static List<byte[]> blocks(String label, String pem) throws GeneralSecurityException {
        var contents = new ArrayList<byte[]>();
        var block = BLOCK.matcher(pem);
        while (block.find()) {
            if (label.equals(block.group(1))) {
                contents.add(decode(block.group(2)));
            }
        }
        return contents;
    }

    private static byte[] decode(String base64) throws GeneralSecurityException {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            // The decoder's own message quotes the text, which may be a key.
            throw new GeneralSecurityException("a PEM block is not Base64");
        }
    }

    private static String block(String label, byte[] der) {
        var lines = Base64.getMimeEncoder(LINE_CHARACTERS, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN " + label + "-----\n" + lines.encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
