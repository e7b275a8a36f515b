package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.node.crypto.EnclaveDocuments.Authority;
import dev.strongroom.hsm.node.crypto.EnclaveDocuments.Payload;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.attestation.CoseSign1;
import dev.strongroom.hsm.protocol.attestation.InvalidAttestationException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Documents of an enclave made here, good and forged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttestationDocumentTest {

    private static final Instant NOW = EnclaveDocuments.NOW;

    private EnclaveDocuments enclave;
    private Set<X509Certificate> roots;

    private interface Change {
        void apply(Payload payload) throws Exception;
    }

    @BeforeAll
    void makeAnEnclave() throws Exception {
        enclave = new EnclaveDocuments(rsa(2048));
        roots = Set.of(enclave.root.certificate());
    }

    static KeyPair rsa(int bits) throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    @Test
    void aDocumentSaysWhoTheEnclaveIsAndWhatToEncryptTo() throws Exception {
        var document = AttestationDocument.verify(enclave.document(), roots, NOW);
        assertEquals("i-0123456789abcdef0-enc0123456789abcde", document.moduleId());
        assertEquals(NOW, document.timestamp());
        assertEquals(List.of(0, 1, 4), List.copyOf(document.pcrs().keySet()));
        assertEquals(Bytes.wrap(TestEntropy.counting(1, 48)), document.pcrs().get(0));
        assertArrayEquals(
                enclave.recipient.getPublic().getEncoded(), document.publicKey().toArray());
    }

    @Test
    void theTagMayBeMissingAndOtherRootsMayBeTrustedToo() throws Exception {
        var payload = enclave.payload().encode();
        var untagged = EnclaveDocuments.cose(
                -1,
                new byte[] {(byte) 0xa1, 1, 0x38, 0x22},
                payload,
                EnclaveDocuments.signature(payload, enclave.enclave.keys().getPrivate(), "SHA384"));
        var other = EnclaveDocuments.authority("other", null, true, NOW.minusSeconds(60), "secp384r1");
        var document =
                AttestationDocument.verify(untagged, Set.of(other.certificate(), enclave.root.certificate()), NOW);
        assertEquals(NOW, document.timestamp());
    }

    @Test
    void aDocumentLivesForFiveMinutes() throws Exception {
        var document = enclave.document();
        for (int minutes : new int[] {-5, 5}) {
            assertEquals(
                    NOW,
                    AttestationDocument.verify(document, roots, NOW.plus(Duration.ofMinutes(minutes)))
                            .timestamp());
            refused("minutes " + minutes, document, roots, NOW.plus(Duration.ofSeconds(minutes * 61L)));
        }
    }

    @Test
    void noRootTrustsNothing() throws Exception {
        refused("no root", enclave.document(), Set.of(), NOW);
        var other = EnclaveDocuments.authority("root", null, true, NOW.minusSeconds(60), "secp384r1");
        refused("a root of the same name", enclave.document(), Set.of(other.certificate()), NOW);
    }

    @Test
    void anyChangedByteIsNoticed() throws Exception {
        var document = enclave.document();
        for (int at = 0; at < document.length; at += 7) {
            var changed = document.clone();
            changed[at] ^= 1;
            refused("byte " + at, changed, roots, NOW);
        }
        for (int length = 0; length < document.length; length += 61) {
            refused("cut to " + length, Arrays.copyOf(document, length), roots, NOW);
        }
        refused("a trailing byte", Arrays.copyOf(document, document.length + 1), roots, NOW);
        refused("too long", Arrays.copyOf(document, CoseSign1.MAX_BYTES + 1), roots, NOW);
    }

    /** Signed by the right key, but wrong in one member. */
    @Test
    void theMembersHaveToBeThoseOfTheSpecification() throws Exception {
        var changes = new LinkedHashMap<String, Change>();
        changes.put("no module", payload -> payload.moduleId = "");
        changes.put("another digest", payload -> payload.digest = "SHA256");
        changes.put("no time", payload -> payload.timestamp = 0);
        changes.put("an old time", payload -> payload.timestamp -= 301_000);
        changes.put("no measurements", payload -> payload.pcrs = Map.of());
        changes.put("measurement 32", payload -> payload.pcrs = Map.of(32, new byte[48]));
        changes.put("measurement -1", payload -> payload.pcrs = Map.of(-1, new byte[48]));
        changes.put("a short measurement", payload -> payload.pcrs = Map.of(0, new byte[31]));
        changes.put("an odd measurement", payload -> payload.pcrs = Map.of(0, new byte[33]));
        changes.put("no bundle", payload -> payload.bundle = List.of());
        changes.put("no intermediate", payload -> payload.bundle = payload.bundle.subList(0, 1));
        changes.put("a bundle in the wrong order", payload -> {
            payload.bundle = new ArrayList<>(payload.bundle);
            java.util.Collections.reverse(payload.bundle);
            payload.bundle.add(payload.bundle.get(0));
        });
        changes.put(
                "a long bundle", payload -> payload.bundle = java.util.Collections.nCopies(9, payload.bundle.get(0)));
        changes.put("a certificate that is none", payload -> payload.certificate = new byte[10]);
        changes.put("a long certificate", payload -> payload.certificate = Arrays.copyOf(payload.certificate, 1025));
        changes.put("no public key", payload -> payload.publicKey = new byte[0]);
        changes.put("a public key that is none", payload -> payload.publicKey = new byte[64]);
        changes.put("a public key with more", payload -> payload.publicKey = Arrays.copyOf(payload.publicKey, 295));
        changes.put(
                "a short RSA key",
                payload -> payload.publicKey = rsa(1024).getPublic().getEncoded());
        changes.put(
                "an EC key",
                payload ->
                        payload.publicKey = enclave.enclave.keys().getPublic().getEncoded());
        changes.put("long user data", payload -> payload.userBytes = 1025);
        for (var change : changes.entrySet()) {
            var payload = enclave.payload();
            change.getValue().apply(payload);
            refused(change.getKey(), enclave.document(payload), roots, NOW);
        }
    }

    @Test
    void forgeriesAreRefused() throws Exception {
        var forgeries = new HashMap<String, byte[]>();
        var payload = enclave.payload().encode();
        var key = enclave.enclave.keys().getPrivate();
        var header = new byte[] {(byte) 0xa1, 1, 0x38, 0x22};
        var signature = EnclaveDocuments.signature(payload, key, "SHA384");
        forgeries.put(
                "another signer",
                EnclaveDocuments.sign(payload, enclave.intermediate.keys().getPrivate()));
        forgeries.put(
                "another algorithm", EnclaveDocuments.cose(18, new byte[] {(byte) 0xa1, 1, 0x26}, payload, signature));
        forgeries.put(
                "another hash",
                EnclaveDocuments.cose(18, header, payload, EnclaveDocuments.signature(payload, key, "SHA512")));
        forgeries.put("another tag", EnclaveDocuments.cose(17, header, payload, signature));
        forgeries.put("no signature", EnclaveDocuments.cose(18, header, payload, new byte[96]));
        forgeries.put("a short signature", EnclaveDocuments.cose(18, header, payload, Arrays.copyOf(signature, 95)));
        var other = enclave.payload();
        other.pcrs = Map.of(0, TestEntropy.counting(9, 48));
        forgeries.put("changed measurements", EnclaveDocuments.cose(18, header, other.encode(), signature));
        forgeries.put("a payload with more", EnclaveDocuments.sign(Arrays.copyOf(payload, payload.length + 1), key));
        forgeries.put("not even CBOR", "attestation".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        for (var forgery : forgeries.entrySet()) {
            refused(forgery.getKey(), forgery.getValue(), roots, NOW);
        }
    }

    @Test
    void aChainThatIsNotTheHypervisorsIsRefused() throws Exception {
        var selfSigned = EnclaveDocuments.authority("enclave", null, false, NOW.minusSeconds(60), "secp384r1");
        refused("self-signed", by(selfSigned, enclave.intermediate), roots, NOW);
        var otherRoot = EnclaveDocuments.authority("root", null, true, NOW.minusSeconds(60), "secp384r1");
        var otherZone = EnclaveDocuments.authority("zone", otherRoot, true, NOW.minusSeconds(60), "secp384r1");
        var foreign = EnclaveDocuments.authority("enclave", otherZone, false, NOW.minusSeconds(60), "secp384r1");
        refused("a root of its own", by(foreign, otherZone), roots, NOW);
        var ended = EnclaveDocuments.authority(
                "enclave", enclave.intermediate, false, NOW.minus(Duration.ofHours(4)), "secp384r1");
        refused("ended", by(ended, enclave.intermediate), roots, NOW);
        var early =
                EnclaveDocuments.authority("enclave", enclave.intermediate, false, NOW.plusSeconds(60), "secp384r1");
        refused("not begun", by(early, enclave.intermediate), roots, NOW);
        var authority =
                EnclaveDocuments.authority("enclave", enclave.intermediate, true, NOW.minusSeconds(60), "secp384r1");
        refused("a CA that signs documents", by(authority, enclave.intermediate), roots, NOW);
        var issuedByLeaf =
                EnclaveDocuments.authority("enclave", enclave.enclave, false, NOW.minusSeconds(60), "secp384r1");
        refused("issued by an enclave", by(issuedByLeaf, enclave.intermediate, enclave.enclave), roots, NOW);
        var otherCurve =
                EnclaveDocuments.authority("enclave", enclave.intermediate, false, NOW.minusSeconds(60), "secp256r1");
        refused("another curve", by(otherCurve, enclave.intermediate), roots, NOW);
    }

    private byte[] by(Authority signer, Authority... issuers) throws Exception {
        var payload = enclave.payload();
        payload.certificate = signer.certificate().getEncoded();
        payload.bundle = new ArrayList<>(List.of(enclave.root.certificate().getEncoded()));
        for (var issuer : issuers) {
            payload.bundle.add(issuer.certificate().getEncoded());
        }
        return EnclaveDocuments.sign(payload.encode(), signer.keys().getPrivate());
    }

    private static void refused(String what, byte[] document, Set<X509Certificate> roots, Instant now) {
        assertThrows(InvalidAttestationException.class, () -> AttestationDocument.verify(document, roots, now), what);
    }
}
