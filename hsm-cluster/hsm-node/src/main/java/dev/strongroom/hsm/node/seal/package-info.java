/**
 * What stands between a stolen disk and the keys: the seals that open the cluster's root key, the file that holds its
 * sealed copies, the keys derived from it for each purpose, and the domain keys that seal records.
 *
 * <p>Imported by the composition root, which unseals a node, and by {@code store} and {@code command}, which seal records
 * with a {@link dev.strongroom.hsm.node.seal.DomainKeyring}. Reads and writes its own two kinds of file, holds no clock
 * and logs nothing. Classes are safe for concurrent use unless their comment says otherwise.
 */
@NullMarked
package dev.strongroom.hsm.node.seal;

import org.jspecify.annotations.NullMarked;
