package dev.strongroom.gateway.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineAuditLogTest {

    private static final Instant NOW = Instant.parse("2026-11-22T07:00:05.999Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARN = "arn:aws:kms:eu-west-1:222233334444:key/k1";

    @TempDir
    private Path folder;

    @Test
    void aRecordIsOneLineInCloudTrailsOrder() throws Exception {
        try (var log = open(AuditSettings.usual())) {
            log.write(record("r1", null));
        }
        var line = Files.readString(file());
        assertEquals(
                "{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"Root\",\"principalId\":\"111122223333\","
                        + "\"arn\":\"arn:aws:iam::111122223333:root\",\"accountId\":\"111122223333\","
                        + "\"accessKeyId\":\"AKIA\"},\"eventTime\":\"2026-11-22T07:00:05Z\","
                        + "\"eventSource\":\"kms.amazonaws.com\",\"eventName\":\"Encrypt\",\"awsRegion\":\"eu-west-1\","
                        + "\"sourceIPAddress\":\"10.0.0.1\",\"userAgent\":\"agent\",\"requestParameters\":null,"
                        + "\"responseElements\":null,\"additionalEventData\":{\"keyMaterialId\":\"m\"},"
                        + "\"requestID\":\"r1\",\"eventID\":\"00000000-0000-0001-0000-000000000002\",\"readOnly\":true,"
                        + "\"resources\":[{\"accountId\":\"222233334444\",\"type\":\"AWS::KMS::Key\",\"ARN\":\"" + ARN
                        + "\"}],\"eventType\":\"AwsApiCall\",\"managementEvent\":true,"
                        + "\"recipientAccountId\":\"111122223333\",\"eventCategory\":\"Management\"}\n",
                line);
    }

    @Test
    void onlyItsOwnerMayReadTheFile() throws Exception {
        try (var log = open(AuditSettings.usual())) {
            log.write(record("r1", null));
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void aLineFeedFromACallerBeginsNoLine() throws Exception {
        try (var log = open(AuditSettings.usual())) {
            log.write(record("r1", "agent\n{\"eventVersion\":\"forged\"}\u2028\r"));
        }
        assertEquals(1, lines(file()).size());
    }

    @Test
    void allButAsciiIsEscaped() throws Exception {
        var agent = "\u2028\u2029\u0085\u202e\u00e9\ud83d\ude00";
        try (var log = open(AuditSettings.usual())) {
            log.write(record("r1", agent));
        }
        for (byte octet : Files.readAllBytes(file())) {
            assertTrue(octet == '\n' || (octet >= ' ' && octet <= '~'), "octet " + octet);
        }
        assertEquals(agent, lines(file()).get(0).get("userAgent").textValue());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileThatSomebodyMovesOrRemovesIsBegunAnew(boolean isReplaced) throws Exception {
        var away = folder.resolve("elsewhere");
        try (var log = open(AuditSettings.usual())) {
            log.write(record("r1", null));
            log.write(record("r2", null));
            Files.move(file(), away);
            if (isReplaced) {
                Files.writeString(file(), "{\"requestID\":\"r0\"}\n");
            }
            log.write(record("r3", null));
            log.write(record("r4", null));
        }
        assertEquals(List.of("r1", "r2"), ids(away));
        assertEquals(isReplaced ? List.of("r0", "r3", "r4") : List.of("r3", "r4"), ids(file()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100})
    void aFileThatSomebodyCutsGoesOnAtItsNewEnd(int left) throws Exception {
        try (var log = open(new AuditSettings(3_000, AuditSettings.KEEP_ALL))) {
            log.write(record("r1", null));
            log.write(record("r2", null));
            var before = Files.readString(file());
            cut(left);
            log.write(record("r3", null));
            log.write(record("r4", null));
            var line = before.substring(before.indexOf('\n') + 1);
            assertEquals(
                    before.substring(0, left)
                            + (left == 0 ? "" : "\n")
                            + line.replace("\"r2\"", "\"r3\"")
                            + line.replace("\"r2\"", "\"r4\""),
                    Files.readString(file()));
        }
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file()), files.toList(), "it was set aside for bytes that it no longer has");
        }
    }

    /** As a program does that rotates a log by copying it. */
    private void cut(int left) throws IOException {
        try (var file = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            var unused = file.truncate(left);
        }
    }

    private static List<String> ids(Path file) throws IOException {
        return lines(file).stream()
                .map(line -> line.get("requestID").textValue())
                .toList();
    }

    @Test
    void aLongUserAgentIsCut() throws Exception {
        try (var log = open(AuditSettings.usual())) {
            log.write(record("r1", "x".repeat(100_000)));
        }
        assertEquals(1_024, lines(file()).get(0).get("userAgent").textValue().length());
    }

    @Test
    void grownFilesAreSetAsideAndNoRecordIsLostOrSplit() throws Exception {
        var seen = new HashSet<String>();
        try (var log = open(new AuditSettings(3_000, AuditSettings.KEEP_ALL))) {
            for (int i = 0; i < 50; i++) {
                log.write(record("r" + i, null));
            }
        }
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                assertTrue(Files.size(file) <= 3_000, file + " has grown too long");
                lines(file).forEach(line -> seen.add(line.get("requestID").textValue()));
            }
        }
        assertEquals(50, seen.size());
    }

    @Test
    void onlyTheNewestSetAsideFilesAreKept() throws Exception {
        try (var log = open(new AuditSettings(1, 3))) {
            for (int i = 0; i < 20; i++) {
                log.write(record("r" + i, null));
            }
        }
        try (var files = Files.list(folder)) {
            assertEquals(4, files.count());
        }
    }

    @Test
    void aTornLineOfAStoppedMachineStaysOnALineOfItsOwn() throws Exception {
        Files.writeString(file(), "{\"eventVersion\":\"1.1");
        try (var log = open(AuditSettings.usual())) {
            log.write(record("r1", null));
        }
        var text = Files.readAllLines(file());
        assertEquals(2, text.size());
        assertEquals("r1", JSON.readTree(text.get(1)).get("requestID").textValue());
    }

    @Test
    void twoProcessesDoNotShareAFile() throws Exception {
        try (var held = open(AuditSettings.usual())) {
            held.requireWritable();
            // Within one process the JDK itself refuses the second lock.
            assertThrows(Exception.class, () -> open(AuditSettings.usual()).close());
        }
    }

    @Test
    void aFullDiskIsToldAndLeavesNoHalfLine() throws Exception {
        var full = Path.of("/dev/full");
        if (!Files.isWritable(full)) {
            return;
        }
        try (var log = LineAuditLog.open(
                Optional.of(full), Optional.empty(), AuditSettings.usual(), InstantSource.fixed(NOW))) {
            log.requireWritable();
            assertThrows(IOException.class, () -> log.write(record("r1", null)));
            assertThrows(IOException.class, log::requireWritable);
        }
    }

    @Test
    void standardOutputGetsTheSameLine() throws Exception {
        var screen = new ByteArrayOutputStream();
        try (var log = LineAuditLog.open(
                Optional.of(file()),
                Optional.of(new PrintStream(screen, true, UTF_8)),
                AuditSettings.usual(),
                InstantSource.fixed(NOW))) {
            log.write(record("r1", null));
        }
        assertEquals(Files.readString(file()), screen.toString(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::111122223333:root,Root,111122223333,",
        "arn:aws:iam::111122223333:user/backup,IAMUser,AIDA,backup",
        "arn:aws:iam::111122223333:user/team/backup,IAMUser,AIDA,backup",
        "arn:aws:sts::111122223333:assumed-role/Admin/alice,AssumedRole,AIDA,",
        "arn:aws:sts::111122223333:federated-user/bob,FederatedUser,AIDA,"
    })
    void theArnSaysWhoItIs(String arn, String type, String principalId, @Nullable String userName) {
        var who = UserIdentity.of(new UserIdentity.Account(arn, "111122223333", "AKIA"), Optional.of("AIDA"));
        assertEquals(type, who.type());
        assertEquals(principalId, who.principalId());
        assertEquals(Optional.ofNullable(userName), who.userName());
        assertEquals(type.equals("AssumedRole"), who.issuer().isPresent());
    }

    @Test
    void aSessionNamesTheRoleBehindIt() throws Exception {
        var account =
                new UserIdentity.Account("arn:aws:sts::111122223333:assumed-role/Admin/alice", "111122223333", "ASIA");
        try (var log = open(AuditSettings.usual())) {
            log.write(new AuditRecord(
                    record("r1", null).event(),
                    UserIdentity.of(account, Optional.of("AROA:alice"))
                            .in(
                                    new UserIdentity.Session(NOW, true, Optional.of("alice@corp")),
                                    Optional.of("arn:aws:iam::111122223333:role/path/Admin")),
                    record("r1", null).from(),
                    record("r1", null).content(),
                    List.of()));
        }
        var context = lines(file()).get(0).at("/userIdentity/sessionContext");
        assertEquals("true", context.at("/attributes/mfaAuthenticated").textValue());
        assertEquals(
                "2026-11-22T07:00:05Z", context.at("/attributes/creationDate").textValue());
        assertEquals("alice@corp", context.get("sourceIdentity").textValue());
        var issuer = context.get("sessionIssuer");
        assertEquals(
                "arn:aws:iam::111122223333:role/path/Admin", issuer.get("arn").textValue());
        assertEquals("AROA", issuer.get("principalId").textValue());
        assertFalse(lines(file()).get(0).has("resources"), "a request about no key names none");
    }

    private Path file() {
        return folder.resolve("audit.log");
    }

    private LineAuditLog open(AuditSettings settings) throws IOException {
        return LineAuditLog.open(Optional.of(file()), Optional.empty(), settings, InstantSource.fixed(NOW));
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        var nodes = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(file)) {
            nodes.add(JSON.readTree(line));
        }
        return nodes;
    }

    private static AuditRecord record(String requestId, @Nullable String agent) {
        return new AuditRecord(
                new AuditRecord.Event(
                        NOW, "kms.amazonaws.com", "Encrypt", true, "eu-west-1", requestId, new UUID(1, 2)),
                UserIdentity.of(
                        new UserIdentity.Account("arn:aws:iam::111122223333:root", "111122223333", "AKIA"),
                        Optional.empty()),
                new AuditRecord.Origin("10.0.0.1", agent == null ? "agent" : agent, null),
                new AuditRecord.Content(JsonPart.NULL, JsonPart.NULL, Map.of("keyMaterialId", JsonPart.of("m")), null),
                List.of(ARN));
    }
}
