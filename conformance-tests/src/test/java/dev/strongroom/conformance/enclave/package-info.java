/** Enclaves of our own that ask for secrets, honest and forged: documents are made here byte by byte. */
@NullMarked
package dev.strongroom.conformance.enclave;

import org.jspecify.annotations.NullMarked;
