/**
 * The node put together: the files and settings it starts from, and the parts they become.
 *
 * <p>The composition root: it may import every package below, no package below imports it. Runs on the thread that
 * starts the node.
 */
@NullMarked
package dev.strongroom.hsm.node;

import org.jspecify.annotations.NullMarked;
