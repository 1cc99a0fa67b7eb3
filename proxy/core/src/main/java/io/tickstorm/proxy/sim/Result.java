package io.tickstorm.proxy.sim;

import java.util.List;

/**
 * What one policy made of one scenario.
 *
 * @param attempts what each server got, in the order in which they came
 * @param leastShare what the server got that got the least, as a part of its fair share: an even division among those in
 *     service at each moment
 * @param mostShare the same of the one that got the most
 * @param p50 milliseconds from the arrival of a request to its answer, of those that got one; NaN if nothing was timed
 * @param p99 as {@code p50}
 * @param errors requests that got an error, as a part of all
 * @param amplification attempts for each request
 */
public record Result(
        List<Long> attempts,
        double leastShare,
        double mostShare,
        double p50,
        double p99,
        double errors,
        double amplification) {}
