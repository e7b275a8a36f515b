/**
 * What happened, one line a request, in the shape of a CloudTrail record. Imports nothing of the gateway, so every part of
 * it may write records.
 *
 * <p>Writes files; everything here may be called from every event loop at once. A record has left this process when
 * {@code write} returns, and the answer it speaks of leaves after that.
 */
@NullMarked
package dev.strongroom.gateway.audit;

import org.jspecify.annotations.NullMarked;
