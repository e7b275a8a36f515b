package dev.strongroom.hsm.node.cluster;

import java.io.IOException;

/**
 * The folder is in order but not for this process: another process has it, or it belongs to another node or cluster, or
 * was written under another key or by later software. The message is one line for the operator.
 */
public final class JournalRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    public JournalRefusedException(String message) {
        super(message);
    }
}
