package dev.strongroom.conformance.enclave;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What signs attestation documents: a root, a certificate between, one for the enclave, each on P-384 as with AWS
 * ("Verifying the root of trust" in the Nitro Enclaves user guide).
 */
final class Hypervisor {

    static final String MODULE = "i-0a1b2c3d4e5f60718-enc0192a3b4c5d6e7f8";

    /** {@code {1: -35}}: ES384. */
    static final byte[] ES384 = {(byte) 0xa1, 0x01, 0x38, 0x22};

    private static final Duration HOUR = Duration.ofHours(1);

    final Holder root;
    final Holder zone;

    /** A key with its certificate. */
    record Holder(KeyPair keys, X509Certificate certificate) {

        byte[] der() throws GeneralSecurityException {
            return certificate.getEncoded();
        }
    }

    /** Four parts of a COSE_Sign1 (RFC 9052), untagged as the module writes it. */
    // Never compared.
    @SuppressWarnings("ArrayRecordComponent")
    record Document(byte[] header, byte[] payload, byte[] signature) {

        byte[] encoded() {
            return CborText.of(List.of(header, Map.of(), payload, signature));
        }
    }

    Hypervisor() throws Exception {
        var now = Instant.now();
        root = holder("aws.nitro-enclaves", null, now.minus(HOUR), now.plus(HOUR));
        zone = holder("zone", root, now.minus(HOUR), now.plus(HOUR));
    }

    /** The certificate that somebody who trusts this hypervisor configures. */
    String rootPem() throws GeneralSecurityException {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(root.der());
        return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
    }

    /** Whose certificate says it is an enclave, valid within the hours around now. */
    Holder enclave() throws Exception {
        var now = Instant.now();
        return holder(MODULE, zone, now.minus(HOUR), now.plus(HOUR));
    }

    /** One of yesterday. */
    Holder expiredEnclave() throws Exception {
        var then = Instant.now().minus(Duration.ofDays(1));
        return holder(MODULE, zone, then.minus(HOUR), then);
    }

    /** A subject with {@code by} as its issuer, its own if there is none; who has an issuer that has one signs documents. */
    private static Holder holder(String name, @Nullable Holder by, Instant from, Instant to)
            throws GeneralSecurityException, OperatorCreationException, CertIOException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        var keys = generator.generateKeyPair();
        var subject = new X500Name("CN=" + name);
        var issuer = by == null
                ? subject
                : new X500Name(by.certificate().getSubjectX500Principal().getName());
        boolean signsCertificates = !name.equals(MODULE);
        var builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, new java.security.SecureRandom()),
                Date.from(from),
                Date.from(to),
                subject,
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(signsCertificates));
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(signsCertificates ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
        var signer = new JcaContentSignerBuilder("SHA384withECDSA")
                .build(by == null ? keys.getPrivate() : by.keys().getPrivate());
        return new Holder(keys, new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
    }

    /** The members of a good document of now, to be changed. */
    Map<String, @Nullable Object> members(Holder enclave, byte @Nullable [] publicKey) throws GeneralSecurityException {
        var pcrs = new LinkedHashMap<Integer, byte[]>();
        for (int i = 0; i < 16; i++) {
            pcrs.put(i, pcr(i));
        }
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("module_id", MODULE);
        members.put("digest", "SHA384");
        members.put("timestamp", Instant.now().toEpochMilli());
        members.put("pcrs", pcrs);
        members.put("certificate", enclave.der());
        members.put("cabundle", new ArrayList<>(List.of(root.der(), zone.der())));
        members.put("public_key", publicKey);
        members.put("user_data", null);
        members.put("nonce", new byte[] {1, 2, 3});
        return members;
    }

    /** What measurement {@code number} of every enclave here is. */
    static byte[] pcr(int number) {
        var octets = new byte[48];
        java.util.Arrays.fill(octets, (byte) (0x10 + number));
        return octets;
    }

    static Document sign(byte[] payload, PrivateKey key) throws GeneralSecurityException {
        return sign(ES384, payload, key, "SHA384withECDSAinP1363Format");
    }

    static Document sign(byte[] header, byte[] payload, PrivateKey key, String algorithm)
            throws GeneralSecurityException {
        var signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(CborText.of(List.of("Signature1", header, new byte[0], payload)));
        return new Document(header, payload, signature.sign());
    }
}
