package dev.strongroom.hsm.node;

import dev.strongroom.hsm.node.cluster.JournalFolder;
import dev.strongroom.hsm.node.cluster.Reason;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.seal.KeyFileSeal;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.seal.RootKeyFile;
import dev.strongroom.hsm.node.seal.WrongSealException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The root key of a development folder: made at the first start, sealed by a key file that lies beside it. */
final class EmbeddedRootKey {

    /** The folder of the journal within a development folder. */
    static final String RECORDS = "records";

    private EmbeddedRootKey() {}

    /**
     * Opens the folder's root key, or makes it if the folder is new.
     *
     * @throws NodeStartException if the folder has records but no root key or a root key but no records, or its key file
     *     does not open it
     */
    static RootKey open(Path folder, Entropy entropy) throws NodeStartException {
        var file = folder.resolve(Ceremony.ROOT_KEY);
        var records = folder.resolve(RECORDS);
        var seal = new KeyFileSeal(folder.resolve("seal.key"), entropy);
        try {
            if (Files.exists(file)) {
                if (!Files.exists(records)) {
                    throw new NodeStartException(folder + " has lost the folder of its records, " + RECORDS
                            + ": restore it from a copy, or name another folder with --data to begin with nothing");
                }
                return RootKeyFile.read(file).unseal(seal);
            }
            if (Files.exists(records.resolve("journal"))) {
                throw new NodeStartException(folder + " holds records but not the file " + Ceremony.ROOT_KEY
                        + " that opens them: restore it, or name another folder with --data");
            }
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            // First the mark of a new folder, so that a root key without it tells of records that were there.
            if (!Files.exists(records)) {
                JournalFolder.makeForFirstStart(records);
            }
            var rootKey = RootKey.create(entropy);
            RootKeyFile.seal(rootKey, List.of(seal)).write(file);
            return rootKey;
        } catch (IOException | WrongSealException e) {
            throw new NodeStartException(Reason.of(e));
        }
    }
}
