package io.tickstorm.cli.load;

import java.time.Duration;
import java.util.List;

/**
 * Tick-Storm subscriptions that are held for a while.
 *
 * @param subscriptions connections with one subscription each
 * @param symbols what each subscribes to, at least one
 * @param timeout from the first try to the first batch, and after a loss from there to the next
 */
public record StreamPlan(
        Target target,
        Duration duration,
        int subscriptions,
        List<String> symbols,
        String username,
        String password,
        Duration timeout) {

    public StreamPlan {
        symbols = List.copyOf(symbols);
        LoadPlan.require(target.streams(), "URL", target, "tickstorm://HOST[:PORT]");
        LoadPlan.require(duration.isPositive(), "duration", duration, "above zero");
        LoadPlan.require(subscriptions >= 1 && subscriptions <= 100_000, "subscriptions", subscriptions, "1..100000");
        LoadPlan.require(!symbols.isEmpty(), "symbols", symbols, "at least one");
        LoadPlan.require(timeout.isPositive(), "timeout", timeout, "above zero");
    }

    /**
     * 48 subscriptions to two symbols for 10 s, 10 s for each to begin.
     *
     * @throws IllegalArgumentException for a URL that is not {@code tickstorm://}
     */
    public static StreamPlan to(String url, String username, String password) {
        return new StreamPlan(
                Target.of(url),
                Duration.ofSeconds(10),
                48,
                List.of("AAPL", "MSFT"),
                username,
                password,
                Duration.ofSeconds(10));
    }

    public StreamPlan duration(Duration value) {
        return new StreamPlan(target, value, subscriptions, symbols, username, password, timeout);
    }

    public StreamPlan subscriptions(int value) {
        return new StreamPlan(target, duration, value, symbols, username, password, timeout);
    }

    public StreamPlan symbols(List<String> value) {
        return new StreamPlan(target, duration, subscriptions, value, username, password, timeout);
    }

    public StreamPlan timeout(Duration value) {
        return new StreamPlan(target, duration, subscriptions, symbols, username, password, value);
    }
}
