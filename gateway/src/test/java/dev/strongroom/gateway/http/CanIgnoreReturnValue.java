package dev.strongroom.gateway.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

/** For what some tests do for its effect alone; the compiler's check knows it by name. */
@Target(ElementType.METHOD)
@interface CanIgnoreReturnValue {}
