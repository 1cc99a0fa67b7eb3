/**
 * Coverage-guided fuzzing of the HTTP/1.1 codec, with Netty's decoder reading the same bytes.
 *
 * <p>A target takes any bytes and throws if something does not hold. {@link io.tickstorm.proxy.fuzz.FuzzTest} runs each in a process of
 * its own under Jazzer, which instruments the codec and keeps the inputs that reach new code; those found so far are in {@code
 * src/test/corpus}. Where Netty and we read the same bytes in another way, {@link io.tickstorm.proxy.fuzz.Difference} says why.
 */
@NullMarked
package io.tickstorm.proxy.fuzz;

import org.jspecify.annotations.NullMarked;
