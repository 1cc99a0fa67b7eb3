/** All that a bug report needs of a cluster, in one archive, without its secrets. */
@NullMarked
package io.tickstorm.cli.bundle;

import org.jspecify.annotations.NullMarked;
