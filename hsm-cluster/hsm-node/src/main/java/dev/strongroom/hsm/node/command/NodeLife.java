package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Reply;

/** The node that a command meets. */
public interface NodeLife {

    /** Asked before and after each use of a key; cheap, and OPERATIONAL only while the node holds its lease. */
    NodeState state();

    Reply.NodeDescription describe();
}
