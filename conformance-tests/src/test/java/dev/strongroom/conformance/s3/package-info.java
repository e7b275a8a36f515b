/**
 * An S3 in the test process, so that client-side encryption runs against a store that checks signatures and checksums
 * where no Docker is.
 */
@NullMarked
package dev.strongroom.conformance.s3;

import org.jspecify.annotations.NullMarked;
