/** What the documents say, held against the code. */
@NullMarked
package dev.strongroom.conformance.docs;

import org.jspecify.annotations.NullMarked;
