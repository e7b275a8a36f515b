package dev.strongroom.gateway.launch;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code strongroom hsm}. */
@Command(
        name = "hsm",
        description = "Makes and runs the nodes of an HSM cluster.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.ON_DONE, ExitCodes.ON_REFUSED, ExitCodes.ON_USAGE},
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {HsmInitCommand.class, HsmNodeCommand.class, AuditCommand.class})
final class HsmCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new MissingCommandException(spec);
    }
}
