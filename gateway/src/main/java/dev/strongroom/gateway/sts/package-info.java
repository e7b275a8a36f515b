/**
 * The part of AWS STS that callers of KMS need: who am I, and temporary credentials (STS API reference, version
 * 2011-06-15). Requests are forms of the AWS Query protocol, answers are XML. Pure: it reads, decides and writes; asking the
 * HSM happens in {@code gateway.http}.
 */
@NullMarked
package dev.strongroom.gateway.sts;

import org.jspecify.annotations.NullMarked;
