package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.hsm.protocol.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Set;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipientEnvelopeTest {

    private final RecipientEnvelope envelope = new RecipientEnvelope(TestEntropy.shared());

    @Test
    void onlyTheEnclaveOpensIt() throws Exception {
        var enclave = new EnclaveDocuments(AttestationDocumentTest.rsa(2048));
        var document = AttestationDocument.verify(
                enclave.document(), Set.of(enclave.root.certificate()), EnclaveDocuments.NOW);
        for (int bytes : new int[] {1, 16, 32, 1024, 4096}) {
            var plaintext = TestEntropy.counting(3, bytes);
            var sealed = envelope.seal(document, plaintext);
            assertArrayEquals(plaintext, open(sealed, enclave.recipient));
            var other = AttestationDocumentTest.rsa(2048);
            // In what words depends on chance: the number may be larger than the other modulus.
            assertThrows(Exception.class, () -> open(sealed, other));
        }
        assertNotEquals(
                Bytes.wrap(envelope.seal(document, new byte[32])), Bytes.wrap(envelope.seal(document, new byte[32])));
    }

    @Test
    void itIsTheFormThatAwsGives() throws Exception {
        var keys = AttestationDocumentTest.rsa(2048);
        var sealed = envelope.seal(keys.getPublic().getEncoded(), new byte[32]);
        var cms = new CMSEnvelopedData(sealed);
        assertEquals(CMSAlgorithm.AES256_CBC.getId(), cms.getEncryptionAlgOID());
        var recipient = cms.getRecipientInfos().getRecipients().iterator().next();
        assertEquals("1.2.840.113549.1.1.7", recipient.getKeyEncryptionAlgOID());
        assertArrayEquals(sealed, ContentInfo.getInstance(sealed).getEncoded("DER"), "definite lengths all through");
    }

    @Test
    void opensslOpensIt(@TempDir Path folder) throws Exception {
        assumeTrue(OpenSsl.present(), "no openssl on this machine");
        var keys = AttestationDocumentTest.rsa(3072);
        var plaintext = TestEntropy.counting(3, 1000);
        Files.write(folder.resolve("sealed"), envelope.seal(keys.getPublic().getEncoded(), plaintext));
        Files.write(folder.resolve("key"), keys.getPrivate().getEncoded());
        OpenSsl.run(folder, "pkey", "-inform", "DER", "-in", "key", "-out", "key.pem");
        OpenSsl.run(
                folder,
                "cms",
                "-decrypt",
                "-binary",
                "-inform",
                "DER",
                "-in",
                "sealed",
                "-inkey",
                "key.pem",
                "-out",
                "opened");
        assertArrayEquals(plaintext, Files.readAllBytes(folder.resolve("opened")));
    }

    private static byte[] open(byte[] sealed, KeyPair keys) throws Exception {
        var recipient = new CMSEnvelopedData(sealed)
                .getRecipientInfos()
                .getRecipients()
                .iterator()
                .next();
        return recipient.getContent(new JceKeyTransEnvelopedRecipient(keys.getPrivate())
                .setProvider(new org.bouncycastle.jce.provider.BouncyCastleProvider()));
    }
}
