package io.tickstorm.cli.load;

import java.time.Duration;
import java.util.Map;

/**
 * HTTP requests at a constant rate.
 *
 * @param rate requests per second, above zero
 * @param duration how long requests are begun; those under way then end by themselves or by {@code timeout}
 * @param connections keep-alive connections, used in turn; a request waits where all are busy
 * @param postShare share of requests that are POSTs, 0..1, evenly mixed in
 * @param bodySize bytes of a POST's body
 * @param timeout from a request's intended time to the end of its answer
 * @param headers further headers of each request
 */
public record LoadPlan(
        Target target,
        double rate,
        Duration duration,
        int connections,
        double postShare,
        int bodySize,
        Duration timeout,
        Map<String, String> headers) {

    private static final int MAX_BODY = 64 << 20;

    public LoadPlan {
        headers = Map.copyOf(headers);
        require(!target.streams(), "URL", target, "http://HOST[:PORT][/PATH]");
        require(rate > 0 && rate <= 1e6, "rate", rate, "above 0 and at most 1000000 per second");
        require(duration.isPositive(), "duration", duration, "above zero");
        require(connections >= 1 && connections <= 100_000, "connections", connections, "1..100000");
        require(postShare >= 0 && postShare <= 1, "post share", postShare, "0..1");
        require(bodySize >= 0 && bodySize <= MAX_BODY, "body size", bodySize, "0.." + MAX_BODY);
        require(timeout.isPositive(), "timeout", timeout, "above zero");
    }

    /**
     * 600 requests/s for 10 s on 48 connections, 30 % of them POSTs of 128 bytes, 10 s for each.
     *
     * @throws IllegalArgumentException for a URL that is not {@code http://}
     */
    public static LoadPlan to(String url) {
        return new LoadPlan(
                Target.of(url), 600, Duration.ofSeconds(10), 48, 0.3, 128, Duration.ofSeconds(10), Map.of());
    }

    public LoadPlan rate(double value) {
        return new LoadPlan(target, value, duration, connections, postShare, bodySize, timeout, headers);
    }

    public LoadPlan duration(Duration value) {
        return new LoadPlan(target, rate, value, connections, postShare, bodySize, timeout, headers);
    }

    public LoadPlan connections(int value) {
        return new LoadPlan(target, rate, duration, value, postShare, bodySize, timeout, headers);
    }

    public LoadPlan postShare(double value) {
        return new LoadPlan(target, rate, duration, connections, value, bodySize, timeout, headers);
    }

    public LoadPlan bodySize(int value) {
        return new LoadPlan(target, rate, duration, connections, postShare, value, timeout, headers);
    }

    public LoadPlan timeout(Duration value) {
        return new LoadPlan(target, rate, duration, connections, postShare, bodySize, value, headers);
    }

    public LoadPlan headers(Map<String, String> value) {
        return new LoadPlan(target, rate, duration, connections, postShare, bodySize, timeout, value);
    }

    /** When request {@code number} (from 0) is to be sent, in nanoseconds from the start of the run. */
    long intendedNanos(long number) {
        return Math.round(number * (1e9 / rate));
    }

    /** How many requests the whole plan has. */
    long requests() {
        return (long) Math.ceil(duration.toNanos() / 1e9 * rate);
    }

    /** Whether request {@code number} is a POST: where the running sum of the share passes the next whole number. */
    boolean post(long number) {
        return Math.floor((number + 1) * postShare) > Math.floor(number * postShare);
    }

    static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
