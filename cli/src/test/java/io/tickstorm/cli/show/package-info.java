@NullMarked
package io.tickstorm.cli.show;

import org.jspecify.annotations.NullMarked;
