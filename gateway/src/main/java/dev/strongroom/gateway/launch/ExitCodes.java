package dev.strongroom.gateway.launch;

/** The exit codes of every command, as {@code --help} lists them. */
final class ExitCodes {

    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int MISUSED = 2;

    static final String HEADING = "%nExit codes:%n";
    static final String ON_DONE = "0:done; of a server: it was asked to stop and stopped in order";
    static final String ON_REFUSED =
            "1:refused or failed; one line on standard error says what is wrong and how to mend it";
    static final String ON_USAGE = "2:wrong usage; one line on standard error says how to write it";

    private ExitCodes() {}
}
