package dev.strongroom.hsm.node.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTrailTest {

    @TempDir
    private Path temporary;

    private TrailFixture nodes = new TrailFixture(Path.of(""), true);

    @BeforeEach
    void threeNodes() {
        nodes = new TrailFixture(temporary, true);
    }

    @Test
    void aTrailThatWasStoppedInOrderIsIntact() {
        TrailFixture.use(nodes.start("n1"), 50);
        nodes.stop("n1");
        var report = nodes.verify("n1");
        assertEquals(List.of(), report.findings());
        assertEquals(List.of(), report.notes());
        // file, start, 50 commands, stop
        assertEquals(
                new TrailReport.Trail("n1", 1, 53, 1, 0, 0), report.trails().get(0));
    }

    @Test
    void aRecordIsExactlyWhatTheTableSays() {
        TrailFixture.use(nodes.start("n1"), 1);
        nodes.stop("n1");
        var line = nodes.lines("n1").get(2);
        assertTrue(
                line.matches("\\{\"seq\":3,\"boot\":1,\"node\":\"n1\",\"lineage\":\"" + TrailFixture.LINEAGE
                        + "\",\"epoch\":0,\"ts\":1795672800000000,\"mono\":0,\"kind\":\"command\","
                        + "\"session\":1,\"peer\":\"10.0.0.9\",\"certificate\":\"(?:ab){32}\",\"user\":\"g1\","
                        + "\"role\":\"CRYPTO_USER\",\"command\":\"Encrypt\","
                        + "\"requestId\":\"00000000-0000-0001-0000-000000000000\",\"record\":\"0{15}20{15}3\","
                        + "\"revision\":4,\"key\":\"111122223333/eu-west-1/k1\",\"context\":\"0{32}\","
                        + "\"backingKey\":\"0{32}\",\"params\":\"0{32}\",\"result\":\"OK\",\"latency\":0,"
                        + "\"prev\":\"[0-9a-f]{64}\","
                        + "\"mac\":\"[0-9a-f]{64}\",\"hash\":\"[0-9a-f]{64}\"\\}"),
                line);
    }

    @Test
    void theCommandsThatServedRequestsAreHandedOnWhoeverElseIsRecorded() throws Exception {
        var trail = nodes.start("n1");
        var unused = trail.record(
                Ledger.Weight.USE, line -> line.text("command", "Login").text("result", "OK"));
        TrailFixture.use(trail, 1);
        nodes.stop("n1");
        assertEquals(
                List.of(new ServedCommand(
                        new ServedCommand.Place("n1", 4, 1, 1),
                        "00000000-0000-0001-0000-000000000000",
                        "Encrypt",
                        List.of("111122223333/eu-west-1/k1"),
                        "",
                        "",
                        "OK")),
                nodes.served("n1"));
    }

    @Test
    void whateverACallerChoseStaysInsideItsText() throws Exception {
        var trail = nodes.start("n1");
        var unused = trail.record(
                Ledger.Weight.USE, line -> line.text("user", "a\",\"result\":\"OK\"}\n{\"seq\":9\u00e9\u2028\\"));
        nodes.stop("n1");
        assertEquals(List.of(), nodes.verify("n1").findings());
        assertEquals(4, nodes.lines("n1").size());
    }

    @Test
    void eachStartGoesOnWhereTheLastEnded() {
        for (int start = 1; start <= 3; start++) {
            TrailFixture.use(nodes.start("n1"), 10);
            nodes.stop("n1");
        }
        var report = nodes.verify("n1");
        assertEquals(List.of(), report.findings());
        assertEquals(3, report.trails().get(0).starts());
        assertEquals(39, report.trails().get(0).last());
    }

    @Test
    void aGrownFileIsLeftForANewOne() throws Exception {
        TrailFixture.use(nodes.start("n1", TrailSettings.Flush.SOON, 4_000), 100);
        nodes.stop("n1");
        assertTrue(TrailFolder.files(nodes.folder("n1")).size() > 5);
        assertEquals(List.of(), nodes.verify("n1").findings());
    }

    @Test
    void theFilesAreTheOwnersAlone() throws Exception {
        var unusedn1 = nodes.start("n1");
        nodes.stop("n1");
        for (var file : TrailFolder.files(nodes.folder("n1"))) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @Test
    void aChangeIsAnsweredWhenItsRecordIsOnDiskAndAUseAtOnce() throws Exception {
        var trail = nodes.start("n1");
        assertNull(trail.record(Ledger.Weight.USE, line -> line.text("command", "Encrypt")));
        var change = trail.record(Ledger.Weight.CHANGE, line -> line.text("command", "CreateKey"));
        assertNotNull(change);
        change.toCompletableFuture().get(30, TimeUnit.SECONDS);
        nodes.stop("n1");
    }

    @Test
    void aStrictTrailFlushesTheUseOfAKeyToo() throws Exception {
        var trail = nodes.start("n1", TrailSettings.Flush.STRICT, TrailSettings.FILE_BYTES);
        var use = trail.record(Ledger.Weight.USE, line -> line.text("command", "Encrypt"));
        assertNotNull(use);
        use.toCompletableFuture().get(30, TimeUnit.SECONDS);
        nodes.stop("n1");
    }

    @Test
    void theMacKeyMovesOnEveryTenMinutes() {
        var trail = nodes.start("n1");
        for (int epoch = 0; epoch < 5; epoch++) {
            TrailFixture.use(trail, 2);
            nodes.nanos.addAndGet(TimeUnit.MINUTES.toNanos(10));
        }
        nodes.stop("n1");
        assertEquals(List.of(), nodes.verify("n1").findings());
        assertTrue(nodes.lines("n1").get(4).contains("\"epoch\":1,"));
        assertTrue(nodes.lines("n1").get(10).contains("\"epoch\":4,"));
    }

    @Test
    void theEndOfATrailIsKeptByItsPeers() {
        var first = nodes.start("n1");
        var unusedn2 = nodes.start("n2");
        var unusedn3 = nodes.start("n3");
        TrailFixture.use(first, 20);
        nodes.stop("n1");
        nodes.stop("n2");
        nodes.stop("n3");
        var report = nodes.verify("n1", "n2", "n3");
        assertEquals(List.of(), report.findings());
        var trail = report.trails().get(0);
        assertEquals(trail.last(), trail.heldByPeers());
        assertEquals(0, report.trails().get(2).heldByPeers(), "nobody was left to hear of the last one's end");
        var missing = nodes.verify("n2", "n3").findings();
        assertEquals(1, missing.size(), missing.toString());
        assertEquals("n1", missing.get(0).node());
        assertTrue(missing.get(0).what().startsWith("the whole trail is missing"), missing.toString());
    }

    @Test
    void aThousandRecordsAreSignedAndTheSignatureIsChecked() throws Exception {
        var trail = nodes.start("n1");
        TrailFixture.use(trail, AuditTrail.RECORDS_PER_CHECKPOINT);
        // A change waits for the thread that signs.
        var change = trail.record(Ledger.Weight.CHANGE, line -> line.text("command", "CreateKey"));
        assertNotNull(change);
        change.toCompletableFuture().get(30, TimeUnit.SECONDS);
        TrailFixture.use(trail, AuditTrail.RECORDS_PER_CHECKPOINT);
        nodes.stop("n1");
        var report = nodes.verifyWithoutRoot("n1");
        assertEquals(List.of(), report.findings());
        assertTrue(report.trails().get(0).checkpoints() >= 1, report.toString());
    }

    @Test
    void aTornEndIsLeftBehindAndSaidSo() throws Exception {
        TrailFixture.use(nodes.start("n1"), 10);
        nodes.stop("n1");
        var file = TrailFolder.files(nodes.folder("n1")).get(0);
        Files.writeString(file, "{\"seq\":14,\"boot\":1,\"no", StandardOpenOption.APPEND);
        TrailFixture.use(nodes.start("n1"), 10);
        nodes.stop("n1");
        var report = nodes.verify("n1");
        assertEquals(List.of(), report.findings());
        assertEquals(1, report.notes().size(), report.notes().toString());
        assertTrue(report.notes().get(0).what().contains("bytes of an unfinished record"));
    }

    @Test
    void aTornEndThatIsTakenAwayLaterIsMissed() throws Exception {
        TrailFixture.use(nodes.start("n1"), 10);
        nodes.stop("n1");
        var file = TrailFolder.files(nodes.folder("n1")).get(0);
        var whole = Files.readString(file);
        Files.writeString(file, "{\"seq\":14,\"boot\":1,\"no", StandardOpenOption.APPEND);
        var unusedn1 = nodes.start("n1");
        nodes.stop("n1");
        Files.writeString(file, whole);
        assertFalse(nodes.verify("n1").isIntact());
    }

    @Test
    void aStartThatNeverFinishedItsFirstRecordIsNoGap() throws Exception {
        TrailFixture.use(nodes.start("n1"), 10);
        nodes.stop("n1");
        Files.createFile(nodes.folder("n1").resolve("trail-000000000000000014-000.jsonl"));
        TrailFixture.use(nodes.start("n1"), 10);
        nodes.stop("n1");
        assertEquals(List.of(), nodes.verify("n1").findings());
    }

    @Test
    void aFolderWhoseEndIsNoTrailIsNotWrittenTo() throws Exception {
        Files.createDirectories(nodes.folder("n1"));
        Files.writeString(
                nodes.folder("n1").resolve("trail-000000000000000001-000.jsonl"),
                "x".repeat(2_000_000),
                StandardCharsets.US_ASCII);
        var failure = assertThrows(UncheckedIOException.class, () -> nodes.start("n1"));
        assertTrue(String.valueOf(failure.getMessage()).contains("damaged"), failure.getMessage());
    }

    @Test
    void twoNodesDoNotShareAFolder() {
        var unused = nodes.start("n1");
        assertThrows(UncheckedIOException.class, () -> nodes.start("n1"));
        nodes.stop("n1");
    }

    @Test
    void aClosedTrailTakesNoRecord() {
        var trail = nodes.start("n1");
        nodes.stop("n1");
        assertThrows(IOException.class, () -> {
            var unused = trail.record(Ledger.Weight.USE, line -> line.text("command", "Encrypt"));
        });
    }

    @Test
    void theSameContextHasTheSameTagOnEveryNodeAndShowsNothing() {
        var one = nodes.start("n1");
        var two = nodes.start("n2");
        var context = "bucket=archive".getBytes(StandardCharsets.UTF_8);
        assertEquals(Bytes.wrap(one.contextTag(context)), Bytes.wrap(two.contextTag(context)));
        assertNotEquals(
                Bytes.wrap(one.contextTag(context)),
                Bytes.wrap(one.contextTag("other".getBytes(StandardCharsets.UTF_8))));
        nodes.stop("n1");
        nodes.stop("n2");
    }

    @Test
    void aCertificateOfAnotherClusterIsNotBelieved() {
        TrailFixture.use(nodes.start("n1"), 5);
        nodes.stop("n1");
        var other = new TrailFixture(temporary, true);
        assertFalse(other.verifyWithoutRoot("n1").isIntact());
        assertTrue(nodes.verifyWithoutRoot("n1").isIntact());
    }

    @Test
    void aTrailThatWentBackIsAnAlarmWithItsPeers() throws Exception {
        var unusedn2 = nodes.start("n2");
        TrailFixture.use(nodes.start("n1"), 50);
        nodes.stop("n1");
        var file = TrailFolder.files(nodes.folder("n1")).get(0);
        var lines = Files.readAllLines(file);
        Files.writeString(file, String.join("\n", lines.subList(0, 10)) + "\n");
        var unusedn1 = nodes.start("n1");
        nodes.stop("n1");
        nodes.stop("n2");
        assertTrue(nodes.lines("n2").stream().anyMatch(line -> line.contains("\"kind\":\"alarm\"")));
        assertFalse(nodes.verify("n1", "n2").isIntact());
    }
}
