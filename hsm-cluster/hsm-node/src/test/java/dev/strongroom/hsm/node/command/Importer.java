package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.KeyGeneration;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.KeyPair;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.ImportCommand.ImportType;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** An owner of key material, who wraps it with what the JDK has and brings it to a node. */
final class Importer {

    static final ImportCommand.Terms FOR_EVER = terms(Optional.empty(), Optional.empty());

    private static final KeyMaterial WRAPPING_KEY = new KeyGeneration(TestEntropy.shared()).generate(KeySpec.RSA_2048);
    private static final Bytes PUBLIC_KEY = publicKey();

    private final TestNode node;

    Importer(TestNode node) {
        this.node = node;
    }

    static ImportCommand.Terms terms(Optional<ImportType> type, Optional<Instant> validTo) {
        return new ImportCommand.Terms(type, validTo, Optional.empty(), Optional.empty());
    }

    static ImportCommand.Terms until(Instant validTo) {
        return terms(Optional.empty(), Optional.of(validTo));
    }

    static ImportCommand.Terms anew() {
        return terms(Optional.of(ImportType.NEW_KEY_MATERIAL), Optional.empty());
    }

    /** A key of origin EXTERNAL that has no material yet. */
    KeyRecord createKey(KeySpec spec, KeyUsage usage) {
        return createKey(TestNode.SCOPE, spec, usage, false);
    }

    KeyRecord createKey() {
        return createKey(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
    }

    KeyRecord createKey(Scope scope, KeySpec spec, KeyUsage usage, boolean multiRegion) {
        var id = UUID.randomUUID().toString();
        var name = new KeyName(scope, multiRegion ? "mrk-" + id.replace("-", "") : id);
        var like = TestNode.creation(UUID.randomUUID(), name);
        return node.call(new ChangeCommand.CreateKey(
                        like.commandId(),
                        name,
                        new ChangeCommand.NewKey(spec, usage, Origin.EXTERNAL, multiRegion),
                        like.documents(),
                        List.of()))
                .key();
    }

    /** As the node would make them, but with one wrapping key for all: making one takes long. */
    Reply.ImportParameters parameters(KeyRecord key) {
        var validTo = node.now.plus(MaterialChanges.PARAMETERS_LIVE);
        var token = ImportToken.seal(
                node.vault.sealer(),
                key.name(),
                WrappingAlgorithm.RSAES_OAEP_SHA_256,
                WrappingKeySpec.RSA_2048,
                validTo,
                WRAPPING_KEY);
        return new Reply.ImportParameters(PUBLIC_KEY, token.octets(), validTo);
    }

    /** Parameters of the node's own making. */
    Reply.ImportParameters freshParameters(KeyRecord key) {
        return node.call(new ImportCommand.MakeImportParameters(
                TestNode.authority(key), WrappingAlgorithm.RSAES_OAEP_SHA_256, WrappingKeySpec.RSA_2048));
    }

    static ImportCommand.ImportMaterial importing(
            KeyRecord key, Reply.ImportParameters parameters, byte[] material, ImportCommand.Terms terms) {
        return new ImportCommand.ImportMaterial(
                UUID.randomUUID(),
                TestNode.authority(key),
                parameters.token(),
                wrap(parameters.publicKey(), material),
                terms);
    }

    Reply.ChangedMaterial give(KeyRecord key, byte[] material, ImportCommand.Terms terms) {
        return node.call(importing(key, parameters(key), material, terms));
    }

    Reply.ChangedMaterial take(KeyRecord key, Optional<String> materialId) {
        return node.call(new ImportCommand.DeleteMaterial(UUID.randomUUID(), TestNode.authority(key), materialId));
    }

    static Bytes wrap(Bytes publicKey, byte[] material) {
        try {
            var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    rsa(publicKey),
                    new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
            return Bytes.wrap(cipher.doFinal(material));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Bytes publicKey() {
        try (var pair = KeyPair.open(KeySpec.RSA_2048, WRAPPING_KEY, TestEntropy.shared())) {
            return pair.publicKey();
        } catch (UnsealException e) {
            throw new AssertionError(e);
        }
    }

    private static PublicKey rsa(Bytes publicKey) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(publicKey.toArray()));
    }
}
