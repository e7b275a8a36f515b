package dev.strongroom.gateway.launch;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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
        return commandLine().execute(args);
    }

    /** All of it. */
    static CommandLine commandLine() {
        return new CommandLine(new StrongroomMain())
                .addSubcommand("admin", AdminCommand.spec())
                .setParameterExceptionHandler((failure, args) -> misused(failure))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("strongroom: " + explain(failure));
                    return failure instanceof UsageException ? ExitCodes.MISUSED : ExitCodes.REFUSED;
                });
    }

    /** One line, and no more where it is known what somebody wants to do. */
    private static int misused(ParameterException failure) {
        var line = failure.getCommandLine();
        var command = line.getCommandSpec().qualifiedName();
        if (failure instanceof MissingCommandException) {
            line.getErr().println(command + ": " + failure.getMessage());
            line.usage(line.getErr());
            return ExitCodes.MISUSED;
        }
        var meant = failure instanceof UnmatchedArgumentException unmatched
                ? unmatched.getSuggestions().stream().findFirst().map(found -> "; did you mean " + found + "?")
                : Optional.<String>empty();
        line.getErr()
                .println("strongroom: " + String.valueOf(failure.getMessage()).replace("option option", "option")
                        + meant.orElse("; see " + command + " --help"));
        return ExitCodes.MISUSED;
    }

    @Override
    public void run() {
        throw new MissingCommandException(spec);
    }

    private static String explain(Exception failure) {
        var message = failure.getMessage();
        return message != null && failure instanceof RuntimeException ? message : failure.toString();
    }
}
