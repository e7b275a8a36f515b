package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.cluster.Identity.Life;
import dev.strongroom.hsm.node.cluster.Identity.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderDiskTest {

    private static final Identity IDENTITY =
            new Identity(7, Life.SEATED, 3, Map.of("b", new Start(new Member("b", 9), 4, -5)));

    @TempDir
    private Path folder;

    private FolderDisk disk(JournalIdentity owner) throws IOException {
        return FolderDisk.lock(folder, owner, JournalSample.KEY);
    }

    private void keep(Identity identity) throws IOException {
        try (var disk = disk(JournalSample.IDENTITY)) {
            disk.keep(identity);
        }
    }

    private Optional<Identity> kept() throws IOException {
        try (var disk = disk(JournalSample.IDENTITY)) {
            return disk.identity();
        }
    }

    @Test
    void aNodeNeverStartedHasNoIdentity() throws IOException {
        assertEquals(Optional.empty(), kept());
    }

    @Test
    void theIdentityKeptLastIsFound() throws IOException {
        keep(new Identity(1, Life.UNBORN, 0, Map.of()));
        keep(new Identity(1, Life.RETURNING, 1, Map.of()));
        keep(IDENTITY);
        assertEquals(Optional.of(IDENTITY), kept());
    }

    @Test
    void aReplacementCutShortLeavesTheOldOne() throws IOException {
        keep(IDENTITY);
        Files.write(folder.resolve("identity.new"), new byte[7]);
        assertEquals(Optional.of(IDENTITY), kept());
        keep(IDENTITY.booted());
        assertEquals(Optional.of(IDENTITY.booted()), kept());
    }

    @Test
    void everyChangedOrMissingByteIsRefused() throws IOException {
        keep(IDENTITY);
        var whole = Files.readAllBytes(folder.resolve("identity"));
        for (var at = 0; at < whole.length; at++) {
            var flipped = whole.clone();
            flipped[at] ^= 1;
            Files.write(folder.resolve("identity"), flipped);
            assertThrows(JournalRefusedException.class, this::kept);
            Files.write(folder.resolve("identity"), Arrays.copyOf(whole, at));
            assertThrows(JournalRefusedException.class, this::kept);
        }
    }

    @Test
    void theIdentityOfAnotherNodeIsRefused() throws IOException {
        keep(IDENTITY);
        try (var disk = disk(new JournalIdentity("lineage-1", "node-2"))) {
            assertThrows(JournalRefusedException.class, disk::identity);
        }
    }

    @Test
    void aDamagedJournalIsSetAsideForANewOne() throws IOException {
        try (var disk = disk(JournalSample.IDENTITY)) {
            var empty = assertInstanceOf(Journal.Empty.class, disk.openJournal());
            JournalSample.join(empty.journal(), new RaftArbitraries(new Random(1)).groupMembers(0));
        }
        try (var disk = disk(JournalSample.IDENTITY)) {
            assertInstanceOf(Journal.Intact.class, disk.openJournal());
        }
        Files.write(folder.resolve("journal/mark"), new byte[40]);
        try (var disk = disk(JournalSample.IDENTITY)) {
            assertInstanceOf(Journal.Damaged.class, disk.openJournal());
            disk.setJournalAside();
            assertInstanceOf(Journal.Empty.class, disk.openJournal());
        }
        assertTrue(Files.exists(folder.resolve("journal.damaged-1/log.db")));
    }
}
