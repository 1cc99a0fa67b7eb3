@NullMarked
package io.tickstorm.cli.bundle;

import org.jspecify.annotations.NullMarked;
