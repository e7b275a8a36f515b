package dev.strongroom.gateway.launch;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code strongroom} command line.
 *
 * <p>Exit codes: 0 done, 1 refused with one line on standard error that says what to mend, 2 wrong usage.
 */
@Command(
        name = "strongroom",
        description = "Applications call AWS KMS; the keys stay in your own HSM cluster.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.ON_DONE, ExitCodes.ON_REFUSED, ExitCodes.ON_USAGE},
        versionProvider = StrongroomVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DevCommand.class, GatewayCommand.class, HsmCommand.class, ConfigCommand.class})
public final class StrongroomMain implements Runnable {

    @Spec
    private CommandSpec spec;

    private StrongroomMain() {}

    /** Runs the command line and ends the process with its exit code, unless a server was started. */
    public static void main(String[] args) {
        int code = run(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    static int run(String... args) {
        return new CommandLine(new StrongroomMain())
                .addSubcommand("admin", AdminCommand.spec())
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("strongroom: " + explain(failure));
                    return ExitCodes.REFUSED;
                })
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    private static String explain(Exception failure) {
        var message = failure.getMessage();
        return message != null && failure instanceof RuntimeException ? message : failure.toString();
    }
}
