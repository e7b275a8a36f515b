/**
 * The node's door for clients: mutual TLS, frames, windows, deadlines, answers.
 *
 * <p>Imports the protocol and the certificates' names, no part of the node that decides or knows anything; what commands
 * mean is behind {@link dev.strongroom.hsm.node.listen.CommandDispatch}. Only the composition root imports it. A connection
 * lives on one event loop; commands are begun there, and what takes time must complete elsewhere.
 */
@NullMarked
package dev.strongroom.hsm.node.listen;

import org.jspecify.annotations.NullMarked;
