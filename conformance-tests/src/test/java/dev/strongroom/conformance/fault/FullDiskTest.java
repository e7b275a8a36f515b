package dev.strongroom.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.EmbeddedTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;

/** The disk of the records fills up under load. */
class FullDiskTest {

    private static final int DISK_MEBIBYTES = 16;

    /** What is left when the load begins: room for some tens of keys. */
    private static final long ROOM_BYTES = 512 << 10;

    private static final String LONG_DESCRIPTION = "x".repeat(8_000);

    @TempDir
    private Path folder;

    @Test
    void theNodeEndsWithOneLineAndFindsEveryAcknowledgedKeyWhenThereIsRoomAgain() throws IOException {
        try (var disk = SmallDisk.mount(folder.resolve("disk"), DISK_MEBIBYTES)) {
            fillAndMend(disk);
        }
    }

    private void fillAndMend(SmallDisk disk) throws IOException {
        var data = disk.path().resolve("data");
        var audit = "--audit=" + folder.resolve("audit.log");
        var blobs = new LinkedHashMap<String, SdkBytes>();
        try (var dev = EmbeddedTarget.in(data, audit);
                var kms = dev.kms()) {
            makeKey(kms, blobs);
            disk.fill(ROOM_BYTES);

            assertThrows(SdkException.class, () -> {
                while (true) {
                    makeKey(kms, blobs);
                }
            });

            assertEquals(1, dev.program().awaitExit(), () -> dev.program().output());
            // The audit trail is on the same disk, and may have said that it is full before the node ended.
            var said = dev.program()
                    .output()
                    .lines()
                    .filter(line -> line.contains(" ERROR "))
                    .filter(line -> !line.contains("the audit trail is using its reserve"))
                    .toList();
            assertEquals(1, said.size(), () -> dev.program().output());
            var line = said.get(0);
            assertTrue(line.contains("the disk at " + data.resolve("records") + " failed"), line);
            assertTrue(line.contains("mend it and start this node again, what was acknowledged is safe"), line);
        }
        disk.free();
        try (var dev = EmbeddedTarget.in(data, audit);
                var kms = dev.kms()) {
            for (var key : blobs.entrySet()) {
                assertEquals(key.getKey(), open(kms, key.getValue()));
            }
            makeKey(kms, blobs);
            assertEquals(0, dev.program().stop());
        }
    }

    private static String open(KmsClient kms, SdkBytes blob) {
        return kms.decrypt(request -> request.ciphertextBlob(blob)).plaintext().asUtf8String();
    }

    /** Notes the key when it is acknowledged, with its own id sealed under it. */
    private static void makeKey(KmsClient kms, Map<String, SdkBytes> blobs) {
        var keyId = kms.createKey(request -> request.description(LONG_DESCRIPTION))
                .keyMetadata()
                .keyId();
        var sealed = kms.encrypt(request -> request.keyId(keyId).plaintext(SdkBytes.fromUtf8String(keyId)));
        blobs.put(keyId, sealed.ciphertextBlob());
    }
}
