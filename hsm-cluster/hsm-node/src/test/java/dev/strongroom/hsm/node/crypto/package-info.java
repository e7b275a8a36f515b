/** Known answers, properties and negatives of the primitives. */
@NullMarked
package dev.strongroom.hsm.node.crypto;

import org.jspecify.annotations.NullMarked;
