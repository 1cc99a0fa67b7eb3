/** Reading a YAML mapping so that every problem is reported, with its path and line, and writing one. */
@NullMarked
package io.tickstorm.proxy.settings;

import org.jspecify.annotations.NullMarked;
