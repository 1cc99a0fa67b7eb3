/** Who may come in: connection limits and draining. */
@NullMarked
package io.tickstorm.proxy.admission;

import org.jspecify.annotations.NullMarked;
