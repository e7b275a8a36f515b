package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.node.crypto.PeerIdentity.Role;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * The CA of one cluster: who holds a certificate of it is a node or a gateway of that cluster, and nobody else is.
 *
 * <p>All keys are ECDSA P-384 with SHA-384 (FIPS 186-5), certificates follow RFC 5280. The CA is self-signed and signs
 * leaves only (path length 0), so no certificate it issued can issue another. Whoever has its key can become any member:
 * it belongs offline or under the seal, never on a running node's disk in the clear.
 */
public final class CertificateAuthority {

    static final String SIGNATURE = "SHA384withECDSA";

    private static final String CURVE = "secp384r1";
    private static final Duration OWN_LIFETIME = Duration.ofDays(20 * 365 + 5);
    private static final Duration LEAF_LIFETIME = Duration.ofDays(825);
    /** Certificates are valid from a little before now, for peers whose clock is behind ours. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofHours(1);

    /** RFC 5280 gives a common name 64 characters; the words before the lineage take 19 of them. */
    private static final Pattern LINEAGE = Pattern.compile("[A-Za-z0-9._-]{1,45}");

    /** 127 random bits: positive, unique without a counter, and within the 20 octets of RFC 5280 §4.1.2.2. */
    private static final int SERIAL_BITS = 127;

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final SecureRandom random;
    private final InstantSource clock;

    private CertificateAuthority(
            PrivateKey key, X509Certificate certificate, SecureRandom random, InstantSource clock) {
        this.key = key;
        this.certificate = certificate;
        this.random = random;
        this.clock = clock;
    }

    /**
     * A new CA, valid for 20 years.
     *
     * @param lineage the cluster's name, 1 to 45 of {@code A-Z a-z 0-9 . _ -}
     */
    public static CertificateAuthority create(String lineage, SecureRandom random, InstantSource clock) {
        if (!LINEAGE.matcher(lineage).matches()) {
            throw new IllegalArgumentException("not the name of a cluster: " + lineage);
        }
        var now = clock.instant();
        var pair = generate(random);
        var name = new X500NameBuilder()
                .addRDN(BCStyle.CN, "Strongroom cluster " + lineage)
                .build();
        try {
            var extensions = new JcaX509ExtensionUtils();
            var builder = builder(name, now, now.plus(OWN_LIFETIME), name, pair.getPublic(), random)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            extensions.createSubjectKeyIdentifier(pair.getPublic()));
            return new CertificateAuthority(pair.getPrivate(), sign(builder, pair.getPrivate(), random), random, clock);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a CA certificate could not be made", e);
        }
    }

    /** The CA that {@link #privateKeyPem} and {@link #certificatePem} wrote. */
    public static CertificateAuthority ofPem(
            String privateKey, String certificate, SecureRandom random, InstantSource clock)
            throws GeneralSecurityException {
        var own = Pem.readCertificates(certificate).get(0);
        if (own.getBasicConstraints() < 0) {
            throw new CertificateException("this is not the certificate of a CA");
        }
        var key = Pem.readPrivateKey(privateKey);
        TlsIdentity.requirePair(key, own, random);
        return new CertificateAuthority(key, own, random, clock);
    }

    /**
     * A new key with a certificate for it, valid for 825 days or as long as the CA is.
     *
     * @param hosts the DNS names and IP addresses under which clients reach the holder; may be empty for a gateway
     */
    public TlsIdentity issue(PeerIdentity identity, List<String> hosts) {
        var now = clock.instant();
        var end = certificate.getNotAfter().toInstant();
        if (!now.isBefore(end)) {
            throw new IllegalStateException("the CA's own certificate ended at " + end);
        }
        var leafEnd = now.plus(LEAF_LIFETIME);
        var pair = generate(random);
        var subject = new X500NameBuilder()
                .addRDN(BCStyle.OU, identity.role().name())
                .addRDN(BCStyle.CN, identity.name())
                .build();
        // The same bytes as the CA's subject: chains are built by comparing them.
        var issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        try {
            var extensions = new JcaX509ExtensionUtils();
            var builder = builder(issuer, now, leafEnd.isBefore(end) ? leafEnd : end, subject, pair.getPublic(), random)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, purposes(identity.role()))
                    .addExtension(Extension.subjectAlternativeName, false, names(identity, hosts))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            extensions.createSubjectKeyIdentifier(pair.getPublic()))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
            return TlsIdentity.of(pair.getPrivate(), List.of(sign(builder, key, random)), certificate, random);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a certificate for " + identity.uri() + " could not be made", e);
        }
    }

    /** The CA's certificate: what every member and client of the cluster believes. */
    public String certificatePem() {
        return Pem.write(certificate);
    }

    /** The CA's private key, PKCS#8 unencrypted: the power to become any member. */
    public String privateKeyPem() {
        return Pem.writeSecret(key);
    }

    /** The subject only. */
    @Override
    public String toString() {
        return "CertificateAuthority[" + certificate.getSubjectX500Principal() + "]";
    }

    /** A node also connects (to its peers); a gateway never accepts, so its certificate is of no use to pose as a node. */
    private static ExtendedKeyUsage purposes(Role role) {
        return switch (role) {
            case NODE ->
                new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
            case GATEWAY -> new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth);
        };
    }

    private static GeneralNames names(PeerIdentity identity, List<String> hosts) {
        var names = new ArrayList<GeneralName>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri()));
        for (var host : hosts) {
            var type = IPAddress.isValid(host) ? GeneralName.iPAddress : GeneralName.dNSName;
            names.add(new GeneralName(type, host));
        }
        return new GeneralNames(names.toArray(new GeneralName[0]));
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, Instant now, Instant end, X500Name subject, PublicKey key, SecureRandom random) {
        var serial = new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
        return new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(now.minus(CLOCK_DIFFERENCE)), Date.from(end), subject, key);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key, SecureRandom random)
            throws CertificateException {
        try {
            var signer = new JcaContentSignerBuilder(SIGNATURE)
                    .setSecureRandom(random)
                    .build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("every Java platform has " + SIGNATURE, e);
        }
    }

    private static KeyPair generate(SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + CURVE, e);
        }
    }
}
