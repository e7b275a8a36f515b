package dev.strongroom.gateway.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.Operation;
import dev.strongroom.gateway.operation.OperationTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What gateways logged held against what nodes recorded: which differences are findings, and which are in order. */
class TrailJoinTest {

    private static final String ID = "8d9f2c0e-8f4f-4d2c-9f6c-1d1f5a1a0001";
    private static final String KEY = "111122223333/eu-west-1/k1";

    @TempDir
    private Path folder;

    /** One request, as log and trails have it. */
    private record Row(String name, List<String> lines, List<TrailJoin.Done> done, String finding, String note) {}

    private static String line(String source, String event, String error, String... keys) {
        var resources = Arrays.stream(keys)
                .map(key -> key.split("/"))
                .map(key -> "{\"ARN\":\"arn:aws:kms:" + key[1] + ":" + key[0] + ":key/" + key[2] + "\"}")
                .collect(Collectors.joining(","));
        return "{\"eventSource\":\"" + source + "\",\"eventName\":\"" + event + "\",\"requestID\":\"" + ID + "\","
                + (error.isEmpty() ? "" : "\"errorCode\":\"" + error + "\",")
                + "\"responseElements\":{\"credentials\":{\"accessKeyId\":\"ASIA1\"}},\"readOnly\":"
                + event.startsWith("List")
                + ",\"resources\":[" + resources + "]}";
    }

    private static String encrypt() {
        return line(ExpectedCommands.KMS, "Encrypt", "", KEY);
    }

    private static String refused(String event, String error) {
        return line(ExpectedCommands.KMS, event, error, KEY);
    }

    private static TrailJoin.Done done(int number, String command) {
        return done(number, command, KEY, "OK");
    }

    private static TrailJoin.Done done(int number, String command, String key, String result) {
        return new TrailJoin.Done(
                "n" + number + " at record 7", "n" + number + " 1 " + number, command, List.of(key), "", "c1", result);
    }

    private static TrailJoin.Done again(TrailJoin.Done done, String session, String commandId) {
        return new TrailJoin.Done(
                done.place(), session, done.command(), done.keys(), done.about(), commandId, done.result());
    }

    private static TrailJoin.Done session(String accessKeyId) {
        return new TrailJoin.Done("n1 at record 7", "n1 1 1", "MintSession", List.of(), accessKeyId, "", "OK");
    }

    private static Row fits(String name, List<String> lines, TrailJoin.Done... done) {
        return new Row(name, lines, List.of(done), "", "");
    }

    private static Row differs(String name, String finding, List<String> lines, TrailJoin.Done... done) {
        return new Row(name, lines, List.of(done), finding, "");
    }

    private static Row noted(String name, String note, List<String> lines, TrailJoin.Done... done) {
        return new Row(name, lines, List.of(done), "", note);
    }

    private static List<Row> rows() {
        var once = done(1, "Encrypt");
        var disable = done(1, "ChangeKey SetState DISABLED");
        var rows = new ArrayList<>(List.of(
                fits("done once", List.of(encrypt()), once),
                fits("asked again of another node", List.of(encrypt()), once, done(2, "Encrypt")),
                fits("asked again over another session", List.of(encrypt()), once, again(once, "n1 1 9", "c1")),
                fits("asked again after stale records", List.of(encrypt()), done(1, "Encrypt", KEY, "STALE"), once),
                differs("acknowledged and nowhere", "is on record at no node", List.of(encrypt())),
                differs(
                        "acknowledged and refused",
                        "is on record at no node",
                        List.of(encrypt()),
                        done(1, "Encrypt", KEY, "KEY_DISABLED")),
                differs("only rehearsed", "is on record at no node", List.of(encrypt()), done(1, "RehearseEncrypt")),
                differs("twice over one session", "a second time over one session", List.of(encrypt()), once, once),
                differs(
                        "another command",
                        "is something else at n1 at record 7 (Decrypt)",
                        List.of(encrypt()),
                        done(1, "Decrypt")),
                differs(
                        "another command beside it",
                        "is something else at n2 at record 7 (Decrypt)",
                        List.of(encrypt()),
                        once,
                        done(2, "Decrypt")),
                differs(
                        "another key",
                        "is about another key",
                        List.of(encrypt()),
                        done(1, "Encrypt", "111122223333/eu-west-1/k2", "OK")),
                differs("logged twice", "was logged before", List.of(encrypt(), encrypt()), once)));
        rows.addAll(List.of(
                fits("a change once", List.of(refused("DisableKey", "")), disable),
                fits(
                        "a change repeated under its id",
                        List.of(refused("DisableKey", "")),
                        disable,
                        again(disable, "n2 1 1", "c1")),
                differs(
                        "a change made twice",
                        "as another command",
                        List.of(refused("DisableKey", "")),
                        disable,
                        again(disable, "n2 1 1", "c2")),
                differs(
                        "another change of the key",
                        "is something else",
                        List.of(refused("DisableKey", "")),
                        done(1, "ChangeKey SetState ENABLED")),
                fits("nothing to change", List.of(refused("DisableKeyRotation", ""))),
                fits("a look", List.of(refused("DescribeKey", ""))),
                differs("a look that changed", "is something else", List.of(refused("DescribeKey", "")), disable)));
        rows.addAll(List.of(
                fits("refused", List.of(refused("Encrypt", "AccessDenied"))),
                fits(
                        "refused by a node",
                        List.of(refused("Encrypt", "DisabledException")),
                        done(1, "Encrypt", KEY, "KEY_DISABLED")),
                fits("not known whether it was done", List.of(refused("Encrypt", "KeyUnavailableException")), once),
                fits(
                        "refused when asked again",
                        List.of(refused("Encrypt", "DisabledException")),
                        once,
                        done(2, "Encrypt", KEY, "KEY_DISABLED")),
                differs(
                        "refused and done all the same",
                        "was refused with AccessDenied, and done at n1",
                        List.of(refused("Encrypt", "AccessDenied")),
                        once),
                differs(
                        "refused, and then done over that session",
                        "was refused with DisabledException",
                        List.of(refused("Encrypt", "DisabledException")),
                        again(done(1, "Encrypt", KEY, "KEY_DISABLED"), once.session(), "c1"),
                        once)));
        rows.addAll(List.of(
                fits("a session", List.of(line(ExpectedCommands.STS, "AssumeRole", "")), session("ASIA1")),
                differs(
                        "another session",
                        "is about another session",
                        List.of(line(ExpectedCommands.STS, "AssumeRole", "")),
                        session("ASIA2")),
                differs("a session nowhere", "at no node", List.of(line(ExpectedCommands.STS, "GetSessionToken", ""))),
                fits("who am I", List.of(line(ExpectedCommands.STS, "GetCallerIdentity", ""))),
                noted("done for nobody on record", "which no log given has", List.of(), once),
                noted("a line that broke off", "is no whole line", List.of("{\"eventSource\":\"k")),
                noted("a line of something else", "is no record of a request", List.of("{\"a\":1}"))));
        rows.addAll(administration());
        rows.addAll(names());
        return rows;
    }

    private static String administered(String event, String error, String members) {
        return "{\"eventSource\":\"strongroom\",\"eventName\":\"" + event + "\",\"requestID\":\"" + ID
                + "\",\"userIdentity\":{\"accountId\":\"111122223333\"},"
                + (error.isEmpty() ? "" : "\"errorCode\":\"" + error + "\",")
                + "\"responseElements\":{\"accessKey\":{\"accessKeyId\":\"AKIA2\"}},\"readOnly\":true,"
                + "\"requestParameters\":{" + members + "}}";
    }

    private static TrailJoin.Done changed(String command, String about) {
        return new TrailJoin.Done("n1 at record 7", "n1 1 1", command, List.of(), about, "c1", "OK");
    }

    private static List<Row> administration() {
        var ann = administered("CreateUser", "", "\"name\":\"Ann\"");
        var made = changed("CreateIdentity", "111122223333/USER/ann");
        var rotated = administered("RotateAccessKey", "", "\"accessKeyId\":\"AKIA1\"");
        var disabled = changed("ReplaceIdentity", "111122223333/ACCESS_KEY/AKIA1");
        return List.of(
                fits("a user", List.of(ann), made),
                fits("a user, said twice", List.of(ann.replace("AKIA2", "111122223333/USER/ann")), made),
                differs("a user nowhere", "is on record at no node", List.of(ann)),
                differs("a user of another name", "about another record", List.of(ann.replace("Ann", "Bob")), made),
                differs(
                        "a user of another account",
                        "about another record",
                        List.of(administered("CreateUser", "", "\"name\":\"ann\",\"account\":\"1\"")),
                        made),
                differs("another act", "is something else", List.of(ann.replace("Create", "Delete")), made),
                differs("an act that there is not", "is something else", List.of(ann.replace("User", "Thing")), made),
                differs("another kind", "about another record", List.of(ann.replace("User", "Role")), made),
                differs(
                        "a user, as if refused",
                        "was refused with AccessDenied, and done",
                        List.of(administered("CreateUser", "AccessDenied", "\"name\":\"ann\"")),
                        made),
                fits(
                        "a user, perhaps",
                        List.of(administered("CreateUser", "ServiceFailure", "\"name\":\"ann\"")),
                        made),
                fits("a user too long to be logged", List.of(administered("CreateUser", "", "\"omitted\":true")), made),
                differs("administration that used a key", "is something else", List.of(ann), done(1, "Encrypt")),
                fits("tagged as before", List.of(administered("TagUser", "", "\"name\":\"ann\""))),
                fits(
                        "an issuer",
                        List.of(administered("DeleteOidcProvider", "", "\"url\":\"https://x.example\"")),
                        changed("DeleteIdentity", "111122223333/OIDC_PROVIDER/x.example")),
                fits(
                        "an account",
                        List.of(administered("CloseAccount", "", "")),
                        changed("ReplaceIdentity", "111122223333/ACCOUNT/")),
                differs(
                        "another access key",
                        "about another record",
                        List.of(administered("CreateAccessKey", "", "")),
                        changed("CreateAccessKey", "AKIA1")),
                fits("rotated in steps", List.of(rotated), changed("CreateAccessKey", "AKIA2"), disabled),
                differs("rotated nowhere", "is on record at no node", List.of(rotated)),
                fits(
                        "half rotated",
                        List.of(administered("RotateAccessKey", "LimitExceeded", "\"accessKeyId\":\"AKIA1\"")),
                        disabled),
                differs(
                        "rotated another",
                        "about another record",
                        List.of(rotated.replace("AKIA1", "AKIA3")),
                        disabled));
    }

    /** Keys that a line names outside of its resources. */
    private static List<Row> names() {
        var other = "111122223333/eu-west-1/k2";
        var both = line(ExpectedCommands.KMS, "ReEncrypt", "", KEY, other);
        var moved = new TrailJoin.Done("n1 at record 7", "n1 1 1", "ReEncrypt", List.of(KEY, other), "", "", "OK");
        var made = line(ExpectedCommands.KMS, "CreateKey", "", KEY);
        var metadata = "{\"keyMetadata\":{\"keyId\":\"k1\",\"arn\":\"arn:aws:kms:eu-west-1:111122223333:key/k1\"}}";
        made = made.replace("{\"credentials\":{\"accessKeyId\":\"ASIA1\"}}", metadata);
        var rows = new ArrayList<>(List.of(
                fits("source and destination", List.of(both), moved),
                differs(
                        "destination and source",
                        "in another order",
                        List.of(line(ExpectedCommands.KMS, "ReEncrypt", "", other, KEY)),
                        moved),
                fits("a key", List.of(made), done(1, "CreateKey")),
                differs(
                        "a key of another id",
                        "names another key",
                        List.of(made.replace("keyId\":\"k1", "keyId\":\"k2")),
                        done(1, "CreateKey")),
                differs(
                        "a key of another ARN",
                        "names another key",
                        List.of(made.replace(metadata, metadata.replace("eu-west-1", "eu-west-2"))),
                        done(1, "CreateKey"))));
        for (var name : List.of(
                "k1",
                "arn:aws:kms:eu-west-1:111122223333:key/k1",
                "alias/a",
                "arn:aws:kms:eu-west-1:111122223333:alias/a")) {
            rows.add(fits("named " + name.replace('/', ' '), List.of(naming(name)), done(1, "Encrypt")));
        }
        for (var name : List.of(
                "k2",
                "1",
                "arn:aws:kms:eu-west-1:111122223333:key/k2",
                "arn:aws:kms:eu-west-2:111122223333:key/k1",
                "arn:aws:kms:eu-west-1:111122224444:key/k1")) {
            rows.add(differs(
                    "misnamed " + name.replace('/', ' '),
                    "names another key",
                    List.of(naming(name)),
                    done(1, "Encrypt")));
        }
        return rows;
    }

    private static String naming(String keyId) {
        return encrypt().replaceFirst("\\{", "{\"requestParameters\":{\"keyId\":\"" + keyId + "\"},");
    }

    private TrailJoin join(Row row) throws IOException {
        var join = new TrailJoin();
        row.done().forEach(done -> join.recorded(ID, done));
        var file = folder.resolve(row.name());
        Files.write(file, row.lines());
        join.log(file);
        join.end();
        return join;
    }

    @TestFactory
    Stream<DynamicTest> findsWhatDoesNotFitAndNothingElse() {
        return rows().stream()
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    var join = join(row);
                    assertEquals(
                            row.finding().isEmpty() ? 0 : 1, join.findings().size(), join.findings()::toString);
                    assertTrue(
                            join.findings().stream().allMatch(text -> text.contains(row.finding())),
                            join.findings()::toString);
                    assertEquals(row.note().isEmpty() ? 0 : 1, join.notes().size(), join.notes()::toString);
                    assertTrue(
                            join.notes().stream().allMatch(text -> text.contains(row.note())), join.notes()::toString);
                }));
    }

    @Test
    void aThousandFindingsAreFiftyLinesAndTheirNumber() throws IOException {
        var join = new TrailJoin();
        for (int i = 0; i < 1_000; i++) {
            join.recorded("r" + i, done(1, "Encrypt"));
        }
        Files.write(
                folder.resolve("audit.log"),
                Stream.iterate(0, i -> i + 1)
                        .limit(1_000)
                        .map(i -> refused("Encrypt", "AccessDenied").replace(ID, "r" + i))
                        .toList());
        join.log(folder.resolve("audit.log"));
        join.end();
        assertEquals(51, join.findings().size());
        assertEquals("and 950 more", join.findings().get(50));
    }

    @Test
    void theFilesThatWereSetAsideAreReadToo() throws IOException {
        Files.writeString(folder.resolve("audit.log.20261126T070000Z"), encrypt() + "\n");
        Files.writeString(folder.resolve("audit.log"), encrypt().replace(ID, "another") + "\n");
        Files.writeString(folder.resolve("other.log"), encrypt().replace(ID, "not read") + "\n");
        var join = new TrailJoin();
        join.recorded(ID, done(1, "Encrypt"));
        join.recorded("another", done(1, "Encrypt"));
        join.log(folder.resolve("audit.log"));
        assertEquals(List.of(), join.findings());
        assertEquals(2, join.requests());
        assertEquals(2, join.joined());
    }

    /** A new operation that uses or changes something cannot be forgotten: it is in the table, or named here as a look. */
    @Test
    void everyOperationThatIsBuiltIsAUseAChangeOrALook() {
        var looks = Set.of(
                "DescribeKey",
                "GetKeyLastUsage",
                "GetKeyPolicy",
                "GetKeyRotationStatus",
                "GetPublicKey",
                "ListAliases",
                "ListGrants",
                "ListKeyPolicies",
                "ListKeyRotations",
                "ListKeys",
                "ListResourceTags",
                "ListRetirableGrants");
        var others = OperationTable.built().stream()
                .filter(operation -> ExpectedCommands.of(ExpectedCommands.KMS, operation.wireName())
                        .isEmpty())
                .map(Operation::wireName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(looks), others);
    }
}
