@NullMarked
package dev.strongroom.hsm.node.store;

import org.jspecify.annotations.NullMarked;
