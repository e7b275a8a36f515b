/** Tests of {@code dev.strongroom.hsm.node.key}. */
@NullMarked
package dev.strongroom.hsm.node.key;

import org.jspecify.annotations.NullMarked;
