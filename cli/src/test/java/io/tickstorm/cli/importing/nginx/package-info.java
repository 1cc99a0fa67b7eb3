/** Tests of what is read of nginx. */
@NullMarked
package io.tickstorm.cli.importing.nginx;

import org.jspecify.annotations.NullMarked;
