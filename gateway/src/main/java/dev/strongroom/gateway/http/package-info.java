/**
 * HTTP in, HTTP out, and the order of the steps between: the KMS endpoint and the management port.
 *
 * <p>Imported by {@code launch} alone. Runs on Vert.x event loops: each request is handled on the context of its connection,
 * to which every stage that completes elsewhere is brought back. Nothing here blocks, and no body is ever logged.
 */
@NullMarked
package dev.strongroom.gateway.http;

import org.jspecify.annotations.NullMarked;
