package dev.strongroom.hsm.node.audit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

/** For methods that return their own object only so that calls can be chained; the compiler's check knows it by name. */
@Target(ElementType.TYPE)
@interface CanIgnoreReturnValue {}
