package io.tickstorm.proxy.endpoint;

/**
 * One reason that holds an upstream back.
 *
 * @param detail for people: the numbers that caused it, for example {@code 2 checks in a row failed: status 503}
 * @param sinceNanos when it began, as {@link io.tickstorm.proxy.time.Ticker} counts
 */
public record Hold(HoldReason reason, String detail, long sinceNanos) {}
