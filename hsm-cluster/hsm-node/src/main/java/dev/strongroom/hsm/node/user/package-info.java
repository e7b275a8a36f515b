/**
 * The users of the HSM and how they prove who they are. They are accounts of this cluster (a gateway, an administrator),
 * not IAM principals.
 *
 * <p>Imported by {@code vault}, which keeps them, and {@code command}, which asks them. Values are immutable; {@link
 * dev.strongroom.hsm.node.user.LoginThrottle} is safe for concurrent use.
 */
@NullMarked
package dev.strongroom.hsm.node.user;

import org.jspecify.annotations.NullMarked;
