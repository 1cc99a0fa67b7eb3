/**
 * The HTTP side of the backend: endpoints that say who answered, and that are slow, failing, endless or large on request.
 *
 * <p>Every answer names its server in {@code X-Served-By}. Bodies of any size pass in constant memory.
 */
@NullMarked
package io.tickstorm.backend.web;

import org.jspecify.annotations.NullMarked;
