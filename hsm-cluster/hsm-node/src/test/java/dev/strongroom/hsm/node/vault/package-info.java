/** Tests of {@code dev.strongroom.hsm.node.vault}. */
@NullMarked
package dev.strongroom.hsm.node.vault;

import org.jspecify.annotations.NullMarked;
