/**
 * From configurations of other proxies to one of ours: {@code tickstorm import}. Each format has a package that reads it and a
 * table of its directives; what they understand is put together, and judged by our own readers, in {@code draft}.
 */
@NullMarked
package io.tickstorm.cli.importing;

import org.jspecify.annotations.NullMarked;
