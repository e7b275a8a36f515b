/** Tests of the security token service. */
@NullMarked
package dev.strongroom.gateway.sts;

import org.jspecify.annotations.NullMarked;
