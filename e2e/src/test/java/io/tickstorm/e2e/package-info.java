/**
 * The product on a real cluster: images, chart, resource, traffic through the node ports, and what a client sees while
 * pods die and roll.
 */
@NullMarked
package io.tickstorm.e2e;

import org.jspecify.annotations.NullMarked;
