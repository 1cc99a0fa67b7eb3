package io.tickstorm.proxy.history;

/**
 * What went on lately, for each second.
 *
 * @param requests attempts that began; for TCP, sessions
 * @param failures attempts that failed
 * @param retries attempts that followed a failed one
 * @param p50 in seconds, of the attempts that were answered; NaN if none was
 * @param p99 the same
 */
public record Rates(double requests, double failures, double retries, double p50, double p99) {
    public static final Rates NONE = new Rates(0, 0, 0, Double.NaN, Double.NaN);
}
