package dev.strongroom.conformance.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.conformance.enclave.Hypervisor.Holder;
import dev.strongroom.conformance.subject.EmbeddedTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.RecipientInfo;

/** A server that trusts one hypervisor, an enclave on that, and a key with something encrypted under it. */
final class AttestedServer implements AutoCloseable {

    static final String INVALID = "ValidationException: The attestation document in the request is not valid.";
    static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");

    final Path auditLog;
    final Hypervisor hypervisor = new Hypervisor();
    final Holder enclave = hypervisor.enclave();
    final KeyPair keys = rsa(2048);
    final KmsClient kms;
    final String key;
    final SdkBytes blob;
    private final EmbeddedTarget target;

    /** What is to be different in a document. */
    interface Change {
        void apply(Map<String, @Nullable Object> members) throws Exception;
    }

    /** @param folder for its files */
    AttestedServer(Path folder) throws Exception {
        auditLog = folder.resolve("audit.log");
        var root = Files.writeString(folder.resolve("root.pem"), hypervisor.rootPem());
        var another = Files.writeString(folder.resolve("another.pem"), new Hypervisor().rootPem());
        target = EmbeddedTarget.inMemory(
                "--attestation-root", another.toString(),
                "--attestation-root", root.toString(),
                "--audit", auditLog.toString());
        kms = target.kms();
        key = kms.createKey().keyMetadata().keyId();
        blob = kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT)).ciphertextBlob();
    }

    static KeyPair rsa(int bits) throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    byte[] document() throws Exception {
        return document(members -> {});
    }

    /** Signed by the enclave's own certificate, whatever it says. */
    byte[] document(Change change) throws Exception {
        var members = hypervisor.members(enclave, keys.getPublic().getEncoded());
        change.apply(members);
        return Hypervisor.sign(CborText.of(members), enclave.keys().getPrivate())
                .encoded();
    }

    static Consumer<RecipientInfo.Builder> recipient(byte[] document) {
        return recipient -> recipient
                .keyEncryptionAlgorithm("RSAES_OAEP_SHA_256")
                .attestationDocument(SdkBytes.fromByteArray(document));
    }

    /** What the enclave finds in an envelope. */
    byte[] opened(SdkBytes envelope) throws Exception {
        var recipients =
                new CMSEnvelopedData(envelope.asByteArray()).getRecipientInfos().getRecipients();
        assertEquals(1, recipients.size());
        return recipients
                .iterator()
                .next()
                .getContent(
                        new JceKeyTransEnvelopedRecipient(keys.getPrivate()).setProvider(new BouncyCastleProvider()));
    }

    /** Code and text of the error, or the answer. */
    String outcome(Function<KmsClient, Object> call) {
        try {
            return String.valueOf(call.apply(kms));
        } catch (KmsException e) {
            return text(e);
        }
    }

    static String text(KmsException e) {
        var details = e.awsErrorDetails();
        return details.errorCode() + ": " + details.errorMessage();
    }

    static byte[] withFlippedBit(byte[] document, byte[] part) {
        var changed = document.clone();
        for (int at = 0; at + part.length <= document.length; at++) {
            if (java.util.Arrays.equals(document, at, at + part.length, part, 0, part.length)) {
                changed[at + part.length / 2] ^= 1;
                return changed;
            }
        }
        throw new AssertionError("the document has no such part");
    }

    @Override
    public void close() {
        kms.close();
        target.close();
    }
}
