@NullMarked
package io.tickstorm.cli.fleet;

import org.jspecify.annotations.NullMarked;
