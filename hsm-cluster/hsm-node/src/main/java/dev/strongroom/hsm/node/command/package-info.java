/**
 * Executes commands: one order of checks for all of them, then the work. {@link
 * dev.strongroom.hsm.node.command.CommandExecutor} is the only door.
 *
 * <p>Imported by {@code listen}, which carries commands over the wire, and by the composition root. Symmetric work runs on
 * the thread that brings the command and is done when the call returns; changes run on the given pool and are answered
 * from the store's thread. Nothing here blocks.
 */
@NullMarked
package dev.strongroom.hsm.node.command;

import org.jspecify.annotations.NullMarked;
