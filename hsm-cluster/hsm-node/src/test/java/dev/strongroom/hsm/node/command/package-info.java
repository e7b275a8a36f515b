/** Tests of {@code dev.strongroom.hsm.node.command}. */
@NullMarked
package dev.strongroom.hsm.node.command;

import org.jspecify.annotations.NullMarked;
