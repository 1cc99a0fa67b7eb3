/** Who may come in: limits of connections and of single clients, and draining. */
@NullMarked
package io.tickstorm.proxy.admission;

import org.jspecify.annotations.NullMarked;
