package dev.strongroom.gateway.launch;

import dev.strongroom.hsm.node.audit.TrailVerifier;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strongroom hsm audit show}. */
@Command(
        name = "show",
        description = "Prints the records of a trail in their order, one line of JSON each. Checks nothing.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.ON_DONE, ExitCodes.ON_REFUSED, ExitCodes.ON_USAGE})
final class AuditShowCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "The trail of one node.")
    private Path folder = Path.of("");

    @Override
    public void run() {
        var screen = spec.commandLine().getOut();
        try {
            TrailVerifier.show(folder, screen::println);
        } catch (IOException e) {
            throw new LaunchException(folder + ": is not the folder of a trail that can be read: " + e.getMessage());
        }
        screen.flush();
    }
}
