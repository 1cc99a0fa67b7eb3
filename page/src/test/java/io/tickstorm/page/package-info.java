/** The live page as people see it: in a real browser, with a real proxy and real backends. */
@NullMarked
package io.tickstorm.page;

import org.jspecify.annotations.NullMarked;
