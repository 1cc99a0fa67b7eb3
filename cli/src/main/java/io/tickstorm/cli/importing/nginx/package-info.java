/**
 * Reads configurations of nginx. A file is directives and blocks of them; what a block says holds in the blocks within, unless
 * these say it themselves; each directive has its rule in one of the tables ({@link io.tickstorm.cli.importing.nginx.NginxRules}).
 */
@NullMarked
package io.tickstorm.cli.importing.nginx;

import org.jspecify.annotations.NullMarked;
