package dev.strongroom.conformance.enclave;

import static dev.strongroom.conformance.enclave.AttestedServer.INVALID;
import static dev.strongroom.conformance.enclave.AttestedServer.recipient;
import static dev.strongroom.conformance.enclave.AttestedServer.withFlippedBit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.enclave.AttestedServer.Change;
import dev.strongroom.conformance.subject.Targets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeyPairSpec;
import software.amazon.awssdk.services.kms.model.KeyAgreementAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Enclaves that are none, or not this one, or not now. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgedEnclaveTest {

    private AttestedServer here;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        here = new AttestedServer(folder);
    }

    @AfterAll
    void stop() {
        here.close();
    }

    /** Nothing that nobody signed, or that somebody else signed, brings an answer. */
    @Test
    void forgeriesAreRefused() throws Exception {
        var good = Hypervisor.sign(
                CborText.of(here.hypervisor.members(
                        here.enclave, here.keys.getPublic().getEncoded())),
                here.enclave.keys().getPrivate());
        var forged = new LinkedHashMap<String, byte[]>();
        var parts = Map.of(
                "header", Hypervisor.ES384,
                "module", Hypervisor.MODULE.getBytes(StandardCharsets.US_ASCII),
                "measurement 0", Hypervisor.pcr(0),
                "measurement 8", Hypervisor.pcr(8),
                "certificate", here.enclave.der(),
                "issuer", here.hypervisor.zone.der(),
                "root", here.hypervisor.root.der(),
                "public key", here.keys.getPublic().getEncoded(),
                "signature", good.signature());
        for (var part : parts.entrySet()) {
            forged.put("a bit of the " + part.getKey(), withFlippedBit(good.encoded(), part.getValue()));
        }
        var stranger = new Hypervisor();
        var strange = stranger.enclave();
        var theirs = CborText.of(stranger.members(strange, here.keys.getPublic().getEncoded()));
        forged.put(
                "another root",
                Hypervisor.sign(theirs, strange.keys().getPrivate()).encoded());
        forged.put(
                "another signer",
                Hypervisor.sign(good.payload(), strange.keys().getPrivate()).encoded());
        forged.put(
                "signed by the issuer",
                Hypervisor.sign(good.payload(), here.hypervisor.zone.keys().getPrivate())
                        .encoded());
        forged.put(
                "another hash",
                Hypervisor.sign(
                                new byte[] {(byte) 0xa1, 0x01, 0x26},
                                good.payload(),
                                here.enclave.keys().getPrivate(),
                                "SHA256withECDSAinP1363Format")
                        .encoded());
        var expired = here.hypervisor.expiredEnclave();
        forged.put(
                "an expired certificate",
                Hypervisor.sign(
                                CborText.of(here.hypervisor.members(
                                        expired, here.keys.getPublic().getEncoded())),
                                expired.keys().getPrivate())
                        .encoded());
        forged.put("no document", new byte[] {1, 2, 3});
        forged.put("an empty signature", new Hypervisor.Document(good.header(), good.payload(), new byte[0]).encoded());
        assertRefused(forged);
    }

    /** Signed by the enclave, and yet not to be answered. */
    @Test
    void documentsThatAreNotWhatTheyShouldBeAreRefused() throws Exception {
        var changes = new LinkedHashMap<String, Change>();
        var minutes = Duration.ofMinutes(6).toMillis();
        changes.put("old", members -> members.compute("timestamp", (name, now) -> number(now) - minutes));
        changes.put("of the future", members -> members.compute("timestamp", (name, now) -> number(now) + minutes));
        changes.put("without a public key", members -> members.put("public_key", null));
        changes.put("without the member", members -> members.remove("public_key"));
        changes.put(
                "with a short key",
                members -> members.put(
                        "public_key", AttestedServer.rsa(1024).getPublic().getEncoded()));
        changes.put(
                "with a key of another kind",
                members -> members.put(
                        "public_key", here.enclave.keys().getPublic().getEncoded()));
        changes.put("without measurements", members -> members.put("pcrs", Map.of()));
        changes.put("without issuers", members -> members.put("cabundle", List.of()));
        changes.put("with another digest", members -> members.put("digest", "SHA512"));
        changes.put("of too many bytes for the module", members -> members.put("nonce", new byte[2_000]));
        var documents = new LinkedHashMap<String, byte[]>();
        for (var change : changes.entrySet()) {
            documents.put(change.getKey(), here.document(change.getValue()));
        }
        assertRefused(documents);
    }

    private static long number(@Nullable Object value) {
        return value instanceof Long number ? number : 0;
    }

    /** By every operation that has a recipient, and in the same words whatever is wrong. */
    private void assertRefused(Map<String, byte[]> documents) {
        var wrong = new LinkedHashMap<String, String>();
        documents.forEach((what, document) -> {
            var outcome = here.outcome(
                    kms -> kms.generateRandom(random -> random.numberOfBytes(8).recipient(recipient(document))));
            if (!outcome.equals(INVALID)) {
                wrong.put(what, outcome);
            }
        });
        assertEquals(Map.of(), wrong);
        var document = documents.values().iterator().next();
        var agreement = here.kms
                .createKey(create -> create.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.KEY_AGREEMENT))
                .keyMetadata()
                .keyId();
        var peer = here.kms.getPublicKey(get -> get.keyId(agreement)).publicKey();
        for (Function<KmsClient, Object> call : List.<Function<KmsClient, Object>>of(
                kms -> kms.decrypt(decrypt -> decrypt.ciphertextBlob(here.blob).recipient(recipient(document))),
                kms -> kms.decrypt(decrypt ->
                        decrypt.ciphertextBlob(here.blob).dryRun(true).recipient(recipient(document))),
                kms -> kms.generateDataKey(
                        dataKey -> dataKey.keyId(here.key).numberOfBytes(1).recipient(recipient(document))),
                kms -> kms.generateDataKeyPair(pair -> pair.keyId(here.key)
                        .keyPairSpec(DataKeyPairSpec.ECC_NIST_P256)
                        .recipient(recipient(document))),
                kms -> kms.deriveSharedSecret(derive -> derive.keyId(agreement)
                        .publicKey(peer)
                        .keyAgreementAlgorithm(KeyAgreementAlgorithmSpec.ECDH)
                        .recipient(recipient(document))))) {
            assertEquals(INVALID, here.outcome(call));
        }
    }

    @Test
    void withoutARootEveryDocumentIsRefused() throws Exception {
        var document = here.document();
        try (var other = Targets.embedded().kms()) {
            var refused = assertThrows(
                    KmsException.class,
                    () -> other.generateRandom(random -> random.numberOfBytes(8).recipient(recipient(document))));
            assertEquals(INVALID, AttestedServer.text(refused));
        }
    }
}
