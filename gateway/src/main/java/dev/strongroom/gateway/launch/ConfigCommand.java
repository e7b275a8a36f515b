package dev.strongroom.gateway.launch;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strongroom config}. */
@Command(
        name = "config",
        description = "Checks configurations.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.ON_DONE, ExitCodes.ON_REFUSED, ExitCodes.ON_USAGE},
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ConfigCommand.Check.class)
final class ConfigCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new MissingCommandException(spec);
    }

    /** Which configuration a file is. */
    private enum Kind {
        gateway,
        node,
        admin
    }

    /** {@code strongroom config check}. */
    @Command(
            name = "check",
            description = {
                "Reads a configuration as the server would and prints what it comes to, environment and --set included.",
                "Configurations name files that hold secrets, never secrets."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = ExitCodes.HEADING,
            exitCodeList = {ExitCodes.ON_DONE, ExitCodes.ON_REFUSED, ExitCodes.ON_USAGE})
    static final class Check implements Runnable {

        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "KIND", description = "gateway, node or admin")
        private Kind kind = Kind.gateway;

        @Parameters(index = "1", paramLabel = "FILE", description = "The file.")
        private Path file = Path.of("");

        @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key.")
        private List<String> settings = List.of();

        @Override
        public void run() {
            var environment = System.getenv();
            var config = switch (kind) {
                case node -> ConfigReader.read(NodeConfig.class, file, HsmNodeCommand.PREFIX, environment, settings);
                case gateway ->
                    ConfigReader.read(GatewayConfig.class, file, GatewayCommand.PREFIX, environment, settings);
                case admin -> ConfigReader.read(AdminConfig.class, file, AdminCall.PREFIX, environment, settings);
            };
            spec.commandLine().getOut().print(ConfigReader.print(config));
            spec.commandLine().getOut().flush();
        }
    }
}
