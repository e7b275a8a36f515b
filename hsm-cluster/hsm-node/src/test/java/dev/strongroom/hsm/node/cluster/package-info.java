@NullMarked
package dev.strongroom.hsm.node.cluster;

import org.jspecify.annotations.NullMarked;
