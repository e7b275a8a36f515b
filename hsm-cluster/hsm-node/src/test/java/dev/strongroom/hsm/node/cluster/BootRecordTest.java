package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BootRecordTest {

    @TempDir
    private Path temporary;

    private JournalFolder folder;

    @BeforeEach
    void lock() throws IOException {
        folder = JournalFolder.lock(temporary);
    }

    @AfterEach
    void unlock() throws IOException {
        folder.close();
    }

    private Optional<BootRecord> read(JournalIdentity identity) throws IOException {
        return BootRecord.read(folder, identity, JournalSample.KEY);
    }

    private void write(BootRecord record) throws IOException {
        record.write(folder, JournalSample.IDENTITY, JournalSample.KEY);
    }

    @Test
    void aNodeNeverStartedHasNone() throws IOException {
        assertEquals(Optional.empty(), read(JournalSample.IDENTITY));
    }

    @Test
    void theLastOneWrittenIsRead() throws IOException {
        write(BootRecord.FIRST);
        write(BootRecord.FIRST.nextBoot().nextIncarnation().nextBoot());
        assertEquals(Optional.of(new BootRecord(2, 4)), read(JournalSample.IDENTITY));
    }

    @Test
    void aReplacementCutShortLeavesTheOldOne() throws IOException {
        write(BootRecord.FIRST);
        Files.write(temporary.resolve("boot.new"), new byte[7]);
        assertEquals(Optional.of(BootRecord.FIRST), read(JournalSample.IDENTITY));
        write(BootRecord.FIRST.nextBoot());
        assertEquals(Optional.of(new BootRecord(1, 2)), read(JournalSample.IDENTITY));
    }

    @Test
    void everyChangedOrMissingByteIsRefused() throws IOException {
        write(BootRecord.FIRST);
        var whole = Files.readAllBytes(temporary.resolve("boot"));
        for (var at = 0; at < whole.length; at++) {
            var flipped = whole.clone();
            flipped[at] ^= 1;
            Files.write(temporary.resolve("boot"), flipped);
            assertThrows(JournalRefusedException.class, () -> read(JournalSample.IDENTITY));
            Files.write(temporary.resolve("boot"), Arrays.copyOf(whole, at));
            assertThrows(JournalRefusedException.class, () -> read(JournalSample.IDENTITY));
        }
    }

    @Test
    void theRecordOfAnotherNodeOrKeyIsRefused() throws IOException {
        write(BootRecord.FIRST);
        assertThrows(JournalRefusedException.class, () -> read(new JournalIdentity("lineage-1", "node-2")));
        assertThrows(
                JournalRefusedException.class,
                () -> BootRecord.read(folder, JournalSample.IDENTITY, JournalSample.key(9)));
    }
}
