package dev.strongroom.gateway.launch;

import dev.strongroom.api.EncryptionContext;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.node.audit.ContextTags;
import dev.strongroom.hsm.node.audit.TrailVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strongroom hsm audit show}. */
@Command(
        name = "show",
        description = {
            "Prints the records of a trail in their order, one line of JSON each. Checks nothing.",
            "With --context and --root-key only those of commands with exactly that encryption context, which stands in a",
            "trail as a keyed hash."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.ON_DONE, ExitCodes.ON_REFUSED, ExitCodes.ON_USAGE})
final class AuditShowCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "The trail of one node.")
    private Path folder = Path.of("");

    @Option(
            names = "--context",
            paramLabel = "NAME=VALUE",
            description = "A pair of the encryption context; once for each.")
    private Map<String, String> context = Map.of();

    @Mixin
    private AuditRoot auditRoot = new AuditRoot();

    @Override
    public void run() {
        var screen = spec.commandLine().getOut();
        var wanted = wanted();
        try {
            TrailVerifier.show(folder, line -> {
                if (wanted.test(line)) {
                    screen.println(line);
                }
            });
        } catch (IOException e) {
            throw new LaunchException(folder + ": is not the folder of a trail that can be read: " + e.getMessage());
        }
        screen.flush();
    }

    private Predicate<String> wanted() {
        if (context.isEmpty()) {
            return line -> true;
        }
        try (var root = auditRoot.open()) {
            if (root.key() == null) {
                throw new UsageException("--context needs --root-key: contexts stand in a trail as keyed hashes");
            }
            try (var tags = new ContextTags(root.key())) {
                var tag = HexFormat.of().formatHex(tags.of(EncryptionContext.canonical(context)));
                return Pattern.compile("\"context2?\":\"" + tag + "\"").asPredicate();
            }
        } catch (KmsException e) {
            throw new UsageException("--context: " + e.text());
        }
    }
}
