package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdentityTest {

    @Test
    void isReadFromTheOneStrongroomUri() throws Exception {
        assertEquals(PeerIdentity.node("n1"), PeerIdentity.of(withUris("strongroom:node:n1")));
        assertEquals(
                PeerIdentity.gateway("eu.gw_1"),
                PeerIdentity.of(withUris("https://example.test/", "strongroom:gateway:eu.gw_1")));
    }

    static Stream<List<String>> unreadable() {
        return Stream.of(
                List.of(),
                List.of("https://example.test/"),
                List.of("strongroom:node:n1", "strongroom:node:n2"),
                List.of("strongroom:node:n1", "strongroom:node:n1"),
                List.of("strongroom:node:n1", "STRONGROOM:gateway:g"),
                List.of("strongroom:node:"),
                List.of("strongroom:node:n1:x"),
                List.of("strongroom:node:n1%20"),
                List.of("strongroom:Node:n1"),
                List.of("strongroom:admin:root"),
                List.of("Strongroom:node:n1"),
                List.of("strongroom:node:" + "n".repeat(64)));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void aCertificateWithoutOneClearIdentityIsRefused(List<String> uris) throws Exception {
        var certificate = withUris(uris.toArray(new String[0]));
        assertThrows(CertificateException.class, () -> PeerIdentity.of(certificate));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "a b", "ä", "a/b", "n\n"})
    void aNameOutsideTheAlphabetIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> PeerIdentity.node(name));
    }

    @Test
    void writesTheUriThatItReads() throws Exception {
        for (var identity : List.of(PeerIdentity.node("N-1"), PeerIdentity.gateway("g.x"))) {
            assertEquals(identity, PeerIdentity.of(withUris(identity.uri())));
        }
    }

    private static X509Certificate withUris(String... uris) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var pair = generator.generateKeyPair();
        var name = new X500Name("CN=any");
        var date = Date.from(Instant.EPOCH);
        var builder = new JcaX509v3CertificateBuilder(name, BigInteger.ONE, date, date, name, pair.getPublic());
        if (uris.length > 0) {
            var names = Stream.of(uris)
                    .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                    .toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        var der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}
