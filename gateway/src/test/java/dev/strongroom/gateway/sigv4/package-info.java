/** Signatures made by the SDK's own signer, by clients' hands, and by attackers. */
@NullMarked
package dev.strongroom.gateway.sigv4;

import org.jspecify.annotations.NullMarked;
