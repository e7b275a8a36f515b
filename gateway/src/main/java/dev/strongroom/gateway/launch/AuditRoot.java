package dev.strongroom.gateway.launch;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.seal.KeyFileSeal;
import dev.strongroom.hsm.node.seal.PassphraseSeal;
import dev.strongroom.hsm.node.seal.Purpose;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.seal.RootKeyFile;
import dev.strongroom.hsm.node.seal.WrongSealException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where the audit root of the cluster comes from: its sealed root key, and what opens that. */
final class AuditRoot {

    @Option(
            names = "--root-key",
            paramLabel = "FILE",
            description = "The sealed root key of the cluster: with it the keyed hashes of the trails can be computed.")
    private @Nullable Path rootKey;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Opens the root key; asked for on the terminal if absent.")
    private @Nullable Path passphraseFile;

    @Option(
            names = "--seal-key",
            paramLabel = "FILE",
            description = "Opens the root key of a development folder (its file seal.key).")
    private @Nullable Path sealKey;

    /** The audit root, if it was asked for; overwritten when this is closed. */
    record Opened(@Nullable KeyMaterial key) implements AutoCloseable {
        @Override
        public void close() {
            if (key != null) {
                key.close();
            }
        }
    }

    Opened open() {
        if (rootKey == null) {
            return new Opened(null);
        }
        try (var opened = open(rootKey)) {
            return new Opened(opened.purpose(Purpose.AUDIT));
        } catch (IOException | WrongSealException e) {
            throw new LaunchException(String.valueOf(e.getMessage()));
        }
    }

    private RootKey open(Path file) throws IOException, WrongSealException {
        var entropy = LaunchParts.entropy();
        var sealed = RootKeyFile.read(file);
        if (sealKey != null) {
            return sealed.unseal(new KeyFileSeal(sealKey, entropy));
        }
        try (var seal = PassphraseSeal.of(Passphrase.read(passphraseFile), entropy)) {
            return sealed.unseal(seal);
        }
    }
}
