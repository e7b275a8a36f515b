/** Tests of the API model. The SDK's own client is the other end wherever bytes are compared. */
@NullMarked
package dev.strongroom.api;

import org.jspecify.annotations.NullMarked;
