/** Tests of what is read of haproxy. */
@NullMarked
package io.tickstorm.cli.importing.haproxy;

import org.jspecify.annotations.NullMarked;
