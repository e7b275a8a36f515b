/**
 * The records in the clear, as far as a node needs them: names and forms of records, their sealing, and the {@link
 * dev.strongroom.hsm.node.vault.KeyVault}, which follows the log and answers what is what.
 *
 * <p>Stands between {@code store}, which must see ciphertext only, and {@code command}, which decides; it is a package of
 * its own because {@code store} may not import {@code seal}. Imported by {@code command} and the composition root. The log
 * writes from one thread; reads come from any thread and see whole transactions only.
 */
@NullMarked
package dev.strongroom.hsm.node.vault;

import org.jspecify.annotations.NullMarked;
