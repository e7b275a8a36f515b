/** Tests of {@code dev.strongroom.hsm.node.user}. */
@NullMarked
package dev.strongroom.hsm.node.user;

import org.jspecify.annotations.NullMarked;
