package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {

    private static final Instant NOW = Instant.parse("2027-01-02T03:04:05Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

    private final SecureRandom random = new SecureRandom();
    private final CertificateAuthority authority = CertificateAuthority.create("vault-1", random, CLOCK);

    @Test
    void theCaIsSelfSignedForTwentyYearsAndSignsLeavesOnly() throws Exception {
        var certificate = Pem.readCertificates(authority.certificatePem()).get(0);
        certificate.verify(certificate.getPublicKey());
        assertEquals(
                "CN=Strongroom cluster vault-1",
                certificate.getSubjectX500Principal().getName());
        assertEquals(0, certificate.getBasicConstraints(), "path length");
        assertTrue(certificate.getKeyUsage()[5], "signs certificates");
        assertFalse(certificate.getKeyUsage()[0], "signs nothing else");
        assertEquals(
                384,
                ((ECPublicKey) certificate.getPublicKey())
                        .getParams()
                        .getOrder()
                        .bitLength());
        var years = Duration.between(NOW, certificate.getNotAfter().toInstant()).toDays() / 365;
        assertEquals(20, years);
    }

    @Test
    void aNodesCertificateNamesNodeAndHostsAndServesBothDirections() throws Exception {
        var node = authority.issue(PeerIdentity.node("n1"), List.of("n1.example.test", "192.0.2.7", "2001:db8::7"));
        var leaf = node.certificate();
        leaf.verify(Pem.readCertificates(authority.certificatePem()).get(0).getPublicKey());
        assertEquals(PeerIdentity.node("n1"), PeerIdentity.of(leaf));
        assertEquals(PeerIdentity.node("n1"), node.identity());
        var names = leaf.getSubjectAlternativeNames().stream()
                .map(name -> name.get(0) + " " + name.get(1))
                .collect(Collectors.toSet());
        assertEquals(
                Set.of("6 strongroom:node:n1", "2 n1.example.test", "7 192.0.2.7", "7 2001:db8:0:0:0:0:0:7"), names);
        assertEquals(Set.of(CLIENT_AUTH, SERVER_AUTH), Set.copyOf(leaf.getExtendedKeyUsage()));
        assertEquals(-1, leaf.getBasicConstraints(), "not a CA");
        assertEquals(NOW.plus(Duration.ofDays(825)), leaf.getNotAfter().toInstant());
        assertTrue(leaf.getNotBefore().toInstant().isBefore(NOW));
    }

    @Test
    void aGatewaysCertificateIsForClientsOnly() throws Exception {
        var leaf = authority.issue(PeerIdentity.gateway("gw"), List.of()).certificate();
        assertEquals(PeerIdentity.gateway("gw"), PeerIdentity.of(leaf));
        assertEquals(List.of(CLIENT_AUTH), leaf.getExtendedKeyUsage());
    }

    @Test
    void noTwoCertificatesShareSerialOrKey() {
        var one = authority.issue(PeerIdentity.node("n1"), List.of()).certificate();
        var two = authority.issue(PeerIdentity.node("n1"), List.of()).certificate();
        assertNotEquals(one.getSerialNumber(), two.getSerialNumber());
        assertNotEquals(one.getPublicKey(), two.getPublicKey());
        assertEquals(127, one.getSerialNumber().bitLength());
    }

    @Test
    void aLeafDoesNotOutliveTheCa() throws Exception {
        var lateClock = InstantSource.fixed(NOW.plus(Duration.ofDays(20 * 365)));
        var late = CertificateAuthority.ofPem(authority.privateKeyPem(), authority.certificatePem(), random, lateClock);
        var end = Pem.readCertificates(authority.certificatePem()).get(0).getNotAfter();
        assertEquals(
                end,
                late.issue(PeerIdentity.node("n1"), List.of()).certificate().getNotAfter());
        var tooLate = CertificateAuthority.ofPem(
                authority.privateKeyPem(), authority.certificatePem(), random, InstantSource.fixed(end.toInstant()));
        assertThrows(IllegalStateException.class, () -> tooLate.issue(PeerIdentity.node("n1"), List.of()));
    }

    @Test
    void aCaReadBackFromPemIssuesCertificatesOfTheSameCa() throws Exception {
        var again = CertificateAuthority.ofPem(authority.privateKeyPem(), authority.certificatePem(), random, CLOCK);
        var leaf = again.issue(PeerIdentity.node("n2"), List.of()).certificate();
        leaf.verify(Pem.readCertificates(authority.certificatePem()).get(0).getPublicKey());
    }

    @Test
    void aLeafIsNoCa() {
        var leaf = authority.issue(PeerIdentity.node("n1"), List.of());
        assertThrows(
                CertificateException.class,
                () -> CertificateAuthority.ofPem(leaf.privateKeyPem(), leaf.chainPem(), random, CLOCK));
    }

    @Test
    void theKeyOfAnotherCaIsRefused() {
        var other = CertificateAuthority.create("vault-2", random, CLOCK);
        assertThrows(
                GeneralSecurityException.class,
                () -> CertificateAuthority.ofPem(other.privateKeyPem(), authority.certificatePem(), random, CLOCK));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,CN=b", "ä", "0123456789012345678901234567890123456789012345"})
    void aLineageThatDoesNotFitIntoANameIsRefused(String lineage) {
        assertThrows(IllegalArgumentException.class, () -> CertificateAuthority.create(lineage, random, CLOCK));
    }

    @Test
    void anIdentityReadBackFromPemIsTheSame() throws Exception {
        var node = authority.issue(PeerIdentity.node("n1"), List.of("localhost"));
        var again = TlsIdentity.ofPem(node.privateKeyPem(), node.chainPem(), node.authorityPem(), random);
        assertEquals(node.identity(), again.identity());
        assertArrayEquals(node.certificate().getEncoded(), again.certificate().getEncoded());
        assertEquals(node.privateKeyPem(), again.privateKeyPem());
    }

    @Test
    void nothingThatMayBeLoggedShowsAPrivateKey() {
        var node = authority.issue(PeerIdentity.node("n1"), List.of());
        assertEquals("TlsIdentity[strongroom:node:n1]", node.toString());
        assertEquals("CertificateAuthority[CN=Strongroom cluster vault-1]", authority.toString());
    }
}
