/**
 * Reads configurations of HAProxy. A file is sections of lines, a line is words; each directive has its rule in one of the tables
 * ({@link io.tickstorm.cli.importing.haproxy.HaproxyRules}).
 */
@NullMarked
package io.tickstorm.cli.importing.haproxy;

import org.jspecify.annotations.NullMarked;
