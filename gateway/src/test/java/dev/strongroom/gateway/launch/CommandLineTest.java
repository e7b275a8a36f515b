package dev.strongroom.gateway.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** How the command line answers those who write it wrong: nothing is begun, and one line says how to write it. */
class CommandLineTest {

    private static final String INIT = "hsm init --out /nowhere/at/all --account 111122223333";
    private static final String NODE = " --node n1=127.0.0.1:1,127.0.0.1:2";
    private static final String GATEWAY = " --gateway g1=127.0.0.1:3";

    @TempDir
    private Path folder;

    /** An exit code, and what stood on standard error. */
    private record Answer(int code, String words) {}

    private static Answer run(String... args) {
        var error = new StringWriter();
        var output = new StringWriter();
        int code = StrongroomMain.commandLine()
                .setErr(new PrintWriter(error, true))
                .setOut(new PrintWriter(output, true))
                .execute(args);
        assertEquals("", output.toString());
        return new Answer(code, error.toString());
    }

    private static Answer runLine(String line) {
        return run(line.strip().split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "dev --credentials foo | --credentials: write them as ACCESSKEY:SECRET@ACCOUNT, the account in twelve digits",
                "dev --credentials key:secret@12 | --credentials: write them as ACCESSKEY:SECRET@ACCOUNT, the account in twelve digits",
                "dev --port 70000 | --port 70000: a port is 0 to 65535",
                "dev --port -1 | --port -1: a port is 0 to 65535",
                "dev --port x | Invalid value for option '--port': 'x' is not an int; see strongroom dev --help",
                "dev --port | Missing required parameter for option '--port' (PORT); see strongroom dev --help",
                "dev --host 0.0.0.0 | --host 0.0.0.0 is not loopback: everybody knows the credentials of this mode and nothing is encrypted; run a cluster, or say --allow-remote",
                "dev more | Unmatched argument at index 1: 'more'; see strongroom dev --help",
                "hsm nonsense | Unmatched argument at index 1: 'nonsense'; did you mean node?",
                "config check foo file | Invalid value for positional parameter at index 0 (KIND): expected one of [gateway, node, admin] (case-sensitive) but was 'foo'; see strongroom config check --help",
                "gateway | Missing required option: '--config=FILE'; see strongroom gateway --help",
                "admin user create | Missing required parameter: 'NAME'; see strongroom admin user create --help",
                "admin user create ann --tag foo | Value for option '--tag' (KEY=VALUE) should be in KEY=VALUE format but was foo; see strongroom admin user create --help",
                "admin role update r --max-session-seconds x | Invalid value for option '--max-session-seconds': 'x' is not an int; see strongroom admin role update --help",
                "admin user create ann --endpoint e --config c | say --config or --endpoint, not both",
                "admin user create ann --endpoint foo | 'foo' is no address of a gateway: write --endpoint or AWS_ENDPOINT_URL_KMS as http://127.0.0.1:8400",
                "admin user create ann --endpoint ftp://127.0.0.1 | 'ftp://127.0.0.1' is no address of a gateway: write --endpoint or AWS_ENDPOINT_URL_KMS as http://127.0.0.1:8400",
                "admin user create ann --endpoint http:// | 'http://' is no address of a gateway: write --endpoint or AWS_ENDPOINT_URL_KMS as http://127.0.0.1:8400",
                "admin access-key create --config c | whose access key? Say --user USER, or --root for the account's root; not both",
                "admin access-key create --user u --root --config c | whose access key? Say --user USER, or --root for the account's root; not both",
                "admin account create 12 --config c | '12' is no account: an account is twelve digits",
                "admin user list --account 12 --endpoint http://127.0.0.1:1 | '12' is no account: an account is twelve digits",
            })
    void wrongUsageIsOneLineAndCodeTwo(String line, String words) {
        assertEquals(new Answer(2, "strongroom: " + words + "\n"), runLine(line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                NODE + GATEWAY + " --account 12 | --account 12: an account is twelve digits",
                " --node n1" + GATEWAY + " | --node n1: write it as n1=10.0.0.1:8411,10.0.0.1:8511",
                " --node n1=a,b" + GATEWAY + " | --node: 'a' is not host:port, such as 127.0.0.1:8400",
                " --node N1=h:1,h:2" + GATEWAY
                        + " | --node N1: a name has up to 31 lower-case letters, digits and dashes",
                NODE + " --gateway g1 | --gateway g1: write it as g1=127.0.0.1:8400",
                NODE + " --gateway g1=h:x | --gateway: 'h:x' is not host:port, such as 127.0.0.1:8400",
                NODE + " --node n2=h:1,h:2" + GATEWAY + " | a cluster begins with 1, 3, 5 or 7 nodes, not 2",
                NODE + " --gateway n1=h:1"
                        + " | every node and gateway needs a name of its own, other than ca and admin",
                NODE + " --gateway admin=h:1"
                        + " | every node and gateway needs a name of its own, other than ca and admin",
            })
    void aClusterThatCannotBeMeantIsNotMade(String more, String words) {
        var line = more.contains("--account") ? INIT.replace(" --account 111122223333", "") : INIT;
        assertEquals(new Answer(2, "strongroom: " + words + "\n"), runLine(line + " " + more));
        assertTrue(Files.notExists(Path.of("/nowhere")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "listen | write it as key=value, such as --set listen=127.0.0.1:8400",
                "=1 | write it as key=value, such as --set listen=127.0.0.1:8400",
                "lisen=127.0.0.1:1 | the configuration has no such key; it has",
                "hsm.lisen=127.0.0.1:1 | the configuration has no such key; it has",
                "listen=nowhere | 'listen': 'nowhere' is not host:port",
                "audit.keep=few | 'audit.keep': is not a whole number",
                "audit=few | 'audit': is not a group of keys",
                "audit.stdout=few | 'audit.stdout': is neither true nor false",
                "audit.keep=[ | the value is not readable as YAML",
            })
    void aSettingThatIsNoneIsWrongUsage(String setting, String words) throws IOException {
        var file = folder.resolve("gateway.yaml");
        Files.writeString(
                file,
                "listen: 127.0.0.1:1\nhsm: {user: g1, identity: identity, nodes: [{id: n1, address: \"127.0.0.1:1\"}]}\n");
        var answer = run("config", "check", "gateway", file.toString(), "--set", setting);
        assertEquals(2, answer.code(), answer.words());
        assertTrue(answer.words().startsWith("strongroom: --set " + setting + ": " + words), answer.words());
        assertEquals(answer.words().indexOf('\n'), answer.words().length() - 1, answer.words());
    }

    @Test
    void whatIsWrongInTheWorldIsCodeOne() {
        for (var line : List.of(
                "gateway --config nosuch.yaml",
                "hsm node --config nosuch.yaml",
                "config check node nosuch.yaml",
                "admin role create r --trust-policy nosuch.json --config c",
                "admin user create ann --config nosuch.yaml",
                "hsm audit show nosuch")) {
            var answer = runLine(line);
            assertEquals(1, answer.code(), line);
            assertTrue(answer.words().matches("strongroom: .*nosuch.*\n"), answer.words());
        }
    }

    @Test
    void whatIsNotTheCertificateOfAnAuthorityIsNotTakenForOne() throws IOException {
        var file = folder.resolve("ca.pem");
        String[] line = {"hsm", "audit", "verify", folder.toString(), "--certificates", file.toString()};
        assertEquals(new Answer(1, "strongroom: " + file + ": there is no such file\n"), run(line));
        Files.writeString(file, "nonsense");
        assertEquals(
                new Answer(1, "strongroom: " + file + ": is not the certificate of a CA that can be read\n"),
                run(line));
    }

    /** Every command by its words. */
    private static Stream<List<String>> commands() {
        var all = new ArrayList<List<String>>();
        collect(StrongroomMain.commandLine(), List.of(), all);
        return all.stream();
    }

    private static void collect(CommandLine command, List<String> words, List<List<String>> into) {
        into.add(words);
        command.getSubcommands().forEach((name, below) -> {
            var longer = new ArrayList<>(words);
            longer.add(name);
            collect(below, longer, into);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandKnowsItsOptionsAndTellsThem(List<String> command) {
        var args = new ArrayList<>(command);
        args.add("--nonsense");
        var answer = run(args.toArray(String[]::new));
        assertEquals(2, answer.code(), answer.words());
        assertTrue(answer.words().matches("strongroom: [^\n]*\n"), answer.words());

        var help = new StringWriter();
        args.set(args.size() - 1, "--help");
        assertEquals(
                0,
                StrongroomMain.commandLine().setOut(new PrintWriter(help, true)).execute(args.toArray(String[]::new)));
        var name = String.join(" ", command);
        assertTrue(help.toString().startsWith(("Usage: strongroom " + name).strip() + " "), help.toString());
        assertTrue(help.toString().contains("0") && help.toString().contains("wrong usage"), help.toString());
        for (var line : help.toString().lines().toList()) {
            assertTrue(line.length() <= 80, line);
        }
    }

    @Test
    void whoNamesNoCommandIsShownThem() {
        var groups = commands()
                .filter(words -> !below(words).getSubcommands().isEmpty())
                .toList();
        assertEquals(11, groups.size(), groups.toString());
        for (var words : groups) {
            var answer = run(words.toArray(String[]::new));
            assertEquals(2, answer.code());
            var first = ("strongroom " + String.join(" ", words)).strip() + ": which command?";
            assertEquals(first, answer.words().lines().findFirst().orElseThrow());
            below(words)
                    .getSubcommands()
                    .keySet()
                    .forEach(name -> assertTrue(answer.words().contains("\n  " + name), answer.words()));
        }
    }

    private static CommandLine below(List<String> words) {
        var line = StrongroomMain.commandLine();
        for (var word : words) {
            line = Objects.requireNonNull(line.getSubcommands().get(word));
        }
        return line;
    }

    @Test
    void theKindsOfAdministrationSayWhatTheyAreAbout() {
        var help = new StringWriter();
        assertEquals(
                0,
                StrongroomMain.commandLine().setOut(new PrintWriter(help, true)).execute("admin", "--help"));
        for (var words : List.of(
                "account +Shows and changes accounts\\.",
                "access-key +Shows and changes access keys of users and of the account's\\s+root\\.",
                "oidc-provider +Shows and changes issuers of OpenID Connect tokens\\.")) {
            assertTrue(Pattern.compile(words).matcher(help.toString()).find(), help.toString());
        }
    }

    @Test
    void secretsAreNotRepeated() {
        for (var line : List.of("dev --credentials key:s3cret@x", "dev --credentials=key:s3cret")) {
            assertTrue(!runLine(line).words().contains("s3cret"), Arrays.toString(line.split(" ", -1)));
        }
    }
}
