/**
 * The balancer in virtual time: scenarios that compare the policies, played by the very classes that carry traffic ({@link
 * io.tickstorm.proxy.backend.Backend} with all that it decides) against servers that are made up. One thread; the same seed
 * gives the same numbers, and for one seed every policy meets the same requests at the same times.
 *
 * <p>Load is open: requests come at random moments (a Poisson process) however slow the answers are, as those of many clients
 * do that know nothing of each other.
 */
@NullMarked
package io.tickstorm.proxy.sim;

import org.jspecify.annotations.NullMarked;
