/** Seals, the root key's file and the domain keys, with every way in which they must refuse. */
@NullMarked
package dev.strongroom.hsm.node.seal;

import org.jspecify.annotations.NullMarked;
