/**
 * The messages of the Tick-Storm wire format, generated from {@code tickstorm.proto}; frames around them are in {@code
 * wire}.
 */
@NullMarked
package io.tickstorm.backend.protocol;

import org.jspecify.annotations.NullMarked;
