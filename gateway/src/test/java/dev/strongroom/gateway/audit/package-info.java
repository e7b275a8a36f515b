/** Tests of the record of requests. */
@NullMarked
package dev.strongroom.gateway.audit;

import org.jspecify.annotations.NullMarked;
