/**
 * The reference server that a cluster runs when no other image is named: Tick-Storm on TCP, and HTTP endpoints that
 * misbehave on request.
 */
@NullMarked
package io.tickstorm.backend;

import org.jspecify.annotations.NullMarked;
