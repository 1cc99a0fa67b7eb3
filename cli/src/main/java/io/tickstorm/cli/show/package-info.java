/** What was read of a cluster, as text for a terminal or a file, JSON, or YAML. */
@NullMarked
package io.tickstorm.cli.show;

import org.jspecify.annotations.NullMarked;
