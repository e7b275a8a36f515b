package dev.strongroom.gateway.launch;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A group of commands was named and none of them: whoever asks so is shown which there are. */
final class MissingCommandException extends ParameterException {

    private static final long serialVersionUID = 1L;

    MissingCommandException(CommandSpec group) {
        super(group.commandLine(), "which command?");
    }
}
