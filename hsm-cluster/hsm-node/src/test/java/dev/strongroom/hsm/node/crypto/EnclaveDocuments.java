package dev.strongroom.hsm.node.crypto;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import dev.strongroom.hsm.protocol.attestation.CoseSign1;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A Nitro hypervisor of our own: a root, an intermediate, a certificate for an enclave, and documents that it signs. Each
 * part can be replaced, to forge.
 */
public final class EnclaveDocuments {

    public static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    public final Authority root;
    final Authority intermediate;
    final Authority enclave;
    public final KeyPair recipient;

    /** A key with its certificate. */
    public record Authority(KeyPair keys, X509Certificate certificate) {}

    public EnclaveDocuments(KeyPair recipient) throws Exception {
        this.recipient = recipient;
        this.root = authority("root", null, true, NOW.minus(Duration.ofDays(1)), "secp384r1");
        this.intermediate = authority("zone", root, true, NOW.minus(Duration.ofDays(1)), "secp384r1");
        this.enclave = authority("enclave", intermediate, false, NOW.minus(Duration.ofHours(1)), "secp384r1");
    }

    static Authority authority(
            String name, @org.jspecify.annotations.Nullable Authority issuer, boolean ca, Instant from, String curve)
            throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        var keys = generator.generateKeyPair();
        var subject = new X500Name("CN=" + name);
        var by = issuer == null ? keys.getPrivate() : issuer.keys().getPrivate();
        var builder = new JcaX509v3CertificateBuilder(
                issuer == null
                        ? subject
                        : new X500Name(
                                issuer.certificate().getSubjectX500Principal().getName()),
                BigInteger.valueOf(System.nanoTime()),
                Date.from(from),
                Date.from(from.plus(Duration.ofHours(ca ? 1000 : 3))),
                subject,
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(ca ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
        var certificate = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA384withECDSA").build(by)));
        return new Authority(keys, certificate);
    }

    /** What a payload says; a null leaves a member out. */
    Payload payload() throws Exception {
        return new Payload(
                "i-0123456789abcdef0-enc0123456789abcde",
                "SHA384",
                NOW.toEpochMilli(),
                Map.of(0, TestEntropy.counting(1, 48), 1, TestEntropy.counting(2, 48), 4, new byte[48]),
                enclave.certificate().getEncoded(),
                List.of(
                        root.certificate().getEncoded(),
                        intermediate.certificate().getEncoded()),
                recipient.getPublic().getEncoded());
    }

    /** A good document. */
    public byte[] document() throws Exception {
        return document(payload());
    }

    byte[] document(Payload payload) throws Exception {
        return sign(payload.encode(), enclave.keys().getPrivate());
    }

    static byte[] sign(byte[] payload, PrivateKey key) throws Exception {
        return cose(18, new byte[] {(byte) 0xa1, 1, 0x38, 0x22}, payload, signature(payload, key, "SHA384"));
    }

    static byte[] signature(byte[] payload, PrivateKey key, String hash) throws Exception {
        var signer = Signature.getInstance(hash + "withECDSAinP1363Format");
        signer.initSign(key);
        signer.update(CoseSign1.toBeSigned(payload));
        return signer.sign();
    }

    static byte[] cose(int tag, byte[] header, byte[] payload, byte[] signature) throws IOException {
        var out = new ByteArrayOutputStream();
        try (CBORGenerator cbor = new CBORFactory().createGenerator(out)) {
            if (tag >= 0) {
                cbor.writeTag(tag);
            }
            cbor.writeStartArray(null, 4);
            cbor.writeBinary(header);
            cbor.writeStartObject(0);
            cbor.writeEndObject();
            cbor.writeBinary(payload);
            cbor.writeBinary(signature);
            cbor.writeEndArray();
        }
        return out.toByteArray();
    }

    /** The members of a payload, to be changed one by one. */
    static final class Payload {

        String moduleId;
        String digest;
        long timestamp;
        Map<Integer, byte[]> pcrs;
        byte[] certificate;
        List<byte[]> bundle;
        byte[] publicKey;
        int userBytes = 3;

        Payload(
                String moduleId,
                String digest,
                long timestamp,
                Map<Integer, byte[]> pcrs,
                byte[] certificate,
                List<byte[]> bundle,
                byte[] publicKey) {
            this.moduleId = moduleId;
            this.digest = digest;
            this.timestamp = timestamp;
            this.pcrs = pcrs;
            this.certificate = certificate;
            this.bundle = bundle;
            this.publicKey = publicKey;
        }

        byte[] encode() throws IOException {
            var out = new ByteArrayOutputStream();
            try (CBORGenerator cbor = new CBORFactory().createGenerator(out)) {
                cbor.writeStartObject(9);
                cbor.writeStringField("module_id", moduleId);
                cbor.writeStringField("digest", digest);
                cbor.writeNumberField("timestamp", timestamp);
                cbor.writeFieldName("pcrs");
                cbor.writeStartObject(pcrs.size());
                for (var pcr : pcrs.entrySet()) {
                    cbor.writeFieldId(pcr.getKey());
                    cbor.writeBinary(pcr.getValue());
                }
                cbor.writeEndObject();
                cbor.writeBinaryField("certificate", certificate);
                cbor.writeFieldName("cabundle");
                cbor.writeStartArray(null, bundle.size());
                for (var issuer : bundle) {
                    cbor.writeBinary(issuer);
                }
                cbor.writeEndArray();
                if (publicKey.length == 0) {
                    cbor.writeNullField("public_key");
                } else {
                    cbor.writeBinaryField("public_key", publicKey);
                }
                cbor.writeBinaryField("user_data", new byte[userBytes]);
                cbor.writeNullField("nonce");
                cbor.writeEndObject();
            }
            return out.toByteArray();
        }
    }
}
