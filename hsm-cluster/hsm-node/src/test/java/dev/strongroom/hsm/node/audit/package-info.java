/** Tests of the audit trail. */
@NullMarked
package dev.strongroom.hsm.node.audit;

import org.jspecify.annotations.NullMarked;
