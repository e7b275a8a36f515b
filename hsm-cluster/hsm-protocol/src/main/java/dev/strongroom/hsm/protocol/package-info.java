/**
 * What a client may say to an HSM node: commands, replies, the records they name, and the client that carries them.
 *
 * <p>The gateway, the node and later a JCE provider and a PKCS#11 module build on this package and on nothing else of
 * the cluster. Values here are immutable and safe to share between threads; {@link
 * dev.strongroom.hsm.protocol.Plaintext} is the exception: it has one owner, who closes it.
 */
@NullMarked
package dev.strongroom.hsm.protocol;

import org.jspecify.annotations.NullMarked;
