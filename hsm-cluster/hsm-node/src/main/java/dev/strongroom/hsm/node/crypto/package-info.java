/**
 * The primitives, and the only room with a crypto provider in it: key derivation, authenticated encryption, wrapping,
 * randomness, certificates.
 *
 * <p>Every primitive comes from a vetted JCE provider or from Bouncy Castle. Classes here do no I/O, hold no clock and log
 * nothing. Instances are safe for concurrent use unless their comment says otherwise.
 */
@NullMarked
package dev.strongroom.hsm.node.crypto;

import org.jspecify.annotations.NullMarked;
