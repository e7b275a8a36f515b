package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.node.crypto.EnclaveDocuments;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Recipient;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.UseCommand.DataKeyForm;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Commands whose answers are for an enclave. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecipientsTest {

    private TestNode node;
    private KeyPair enclave;
    private KeyRecord key;
    private KeyRecord agreement;
    private Optional<Recipient> recipient;

    @BeforeAll
    void attest() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        enclave = generator.generateKeyPair();
        var documents = new EnclaveDocuments(enclave);
        node = new TestNode(Set.of(documents.root.certificate()));
        node.now = EnclaveDocuments.NOW;
        key = node.createKey();
        agreement = node.createKey(KeySpec.ECC_NIST_P256, KeyUsage.KEY_AGREEMENT);
        recipient = Optional.of(new Recipient(Bytes.wrap(documents.document())));
    }

    private byte[] opened(Bytes envelope) throws Exception {
        var first = new CMSEnvelopedData(envelope.toArray())
                .getRecipientInfos()
                .getRecipients()
                .iterator()
                .next();
        return first.getContent(
                new JceKeyTransEnvelopedRecipient(enclave.getPrivate()).setProvider(new BouncyCastleProvider()));
    }

    private UseCommand.Decrypt decrypt(Bytes blob, Optional<Recipient> to) {
        var plain = new UseCommand.Decrypt(authority(key), blob, AAD);
        return new UseCommand.Decrypt(plain.authority(), plain.algorithm(), blob, AAD, to);
    }

    private Bytes peer() {
        var pair = new UseCommand.GenerateDataKeyPair(
                authority(key), KeySpec.ECC_NIST_P256, AAD, DataKeyForm.CIPHERTEXT_ONLY);
        return node.call(pair).publicKey();
    }

    @Test
    void theSecretIsInTheEnvelopeAndNowhereElse() throws Exception {
        var decrypted = node.call(decrypt(node.encrypt(key, "attack"), recipient));
        assertEquals(0, decrypted.secret().length());
        assertEquals("attack", new String(opened(decrypted.envelope()), StandardCharsets.UTF_8));

        var dataKey = node.call(new UseCommand.GenerateDataKey(
                authority(key), 48, AAD, DataKeyForm.PLAINTEXT_AND_CIPHERTEXT, recipient));
        assertEquals(0, dataKey.secret().length());
        assertArrayEquals(open(dataKey.blob()), opened(dataKey.envelope()));

        var pair = node.call(new UseCommand.GenerateDataKeyPair(
                authority(key), KeySpec.ECC_NIST_P384, AAD, DataKeyForm.PLAINTEXT_AND_CIPHERTEXT, recipient));
        assertEquals(0, pair.secret().length());
        assertArrayEquals(open(pair.blob()), opened(pair.envelope()));

        var peer = peer();
        var open = node.call(new UseCommand.DeriveSharedSecret(authority(agreement), peer));
        var sealed = node.call(new UseCommand.DeriveSharedSecret(authority(agreement), peer, recipient));
        assertEquals(0, sealed.secret().length());
        assertArrayEquals(open.octets().use(byte[]::clone), opened(sealed.envelope()));

        var random = node.call(new UseCommand.GenerateRandom(99, List.of(), recipient));
        assertEquals(0, random.secret().length());
        assertEquals(99, opened(random.envelope()).length);
    }

    private byte[] open(Bytes blob) {
        return node.call(decrypt(blob, Optional.empty())).plaintext().use(byte[]::clone);
    }

    @Test
    void aDocumentThatDoesNotVerifyBringsNoAnswer() {
        var octets = recipient.orElseThrow().attestation().toArray();
        octets[octets.length - 1] ^= 1;
        refusedTo(node, Bytes.wrap(octets));
        refusedTo(node, Bytes.empty());
    }

    @Test
    void noRootAndNoTimeToLiveBringNoAnswer() {
        var document = recipient.orElseThrow().attestation();
        node.now = EnclaveDocuments.NOW.plus(Duration.ofSeconds(301));
        try {
            refusedTo(node, document);
        } finally {
            node.now = EnclaveDocuments.NOW;
        }
        var rootless = new TestNode();
        rootless.now = EnclaveDocuments.NOW;
        assertEquals(
                Refusal.INVALID_ATTESTATION,
                rootless.refusal(new UseCommand.GenerateRandom(5, List.of(), Optional.of(new Recipient(document)))));
    }

    private void refusedTo(TestNode asked, Bytes document) {
        var forged = Optional.of(new Recipient(document));
        for (var command : List.of(
                decrypt(asked.encrypt(key, "attack"), forged),
                new UseCommand.GenerateDataKey(authority(key), 32, AAD, DataKeyForm.PLAINTEXT_AND_CIPHERTEXT, forged),
                new UseCommand.GenerateDataKeyPair(
                        authority(key), KeySpec.ECC_NIST_P256, AAD, DataKeyForm.PLAINTEXT_AND_CIPHERTEXT, forged),
                new UseCommand.DeriveSharedSecret(authority(agreement), peer(), forged),
                new UseCommand.GenerateRandom(32, List.of(), forged))) {
            assertEquals(
                    Refusal.INVALID_ATTESTATION,
                    asked.refusal(command),
                    command.getClass().getSimpleName());
        }
    }

    @Test
    void aRecipientOfNoPlaintextMakesNoSense() {
        assertEquals(
                Refusal.MALFORMED,
                node.refusal(new UseCommand.GenerateDataKey(
                        authority(key), 32, AAD, DataKeyForm.CIPHERTEXT_ONLY, recipient)));
        assertEquals(
                Refusal.MALFORMED,
                node.refusal(new UseCommand.GenerateDataKeyPair(
                        authority(key), KeySpec.ECC_NIST_P256, AAD, DataKeyForm.CIPHERTEXT_ONLY, recipient)));
    }

    /** Milliseconds of certificates must not stand in the way of microseconds of encryption. */
    @Test
    void documentsAreVerifiedOnThePoolOfKeyPairs() {
        var blob = node.encrypt(key, "attack");
        node.pairUses = () -> work -> {
            throw new RejectedExecutionException();
        };
        try {
            assertEquals(Refusal.THROTTLED, node.refusal(decrypt(blob, recipient)));
            assertEquals(Refusal.THROTTLED, node.refusal(new UseCommand.GenerateRandom(5, List.of(), recipient)));
            assertEquals("attack", node.decrypt(key, blob));
        } finally {
            node.pairUses = () -> Runnable::run;
        }
    }
}
