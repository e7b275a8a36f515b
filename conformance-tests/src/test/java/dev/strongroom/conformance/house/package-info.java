/** The rules of the house, R1 to R14, as tests over all classes and all sources of the product. */
@NullMarked
package dev.strongroom.conformance.house;

import org.jspecify.annotations.NullMarked;
