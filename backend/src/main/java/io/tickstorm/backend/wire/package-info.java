/**
 * Frames of the Tick-Storm wire format: bytes to frames and back, for servers and clients alike.
 *
 * <p>{@code F5 7D}, version, type, payload length (u32), payload, CRC32C over every byte before it; numbers are big-endian.
 */
@NullMarked
package io.tickstorm.backend.wire;

import org.jspecify.annotations.NullMarked;
