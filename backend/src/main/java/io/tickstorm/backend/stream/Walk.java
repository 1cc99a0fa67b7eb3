package io.tickstorm.backend.stream;

import io.tickstorm.backend.protocol.SubscriptionMode;
import io.tickstorm.backend.protocol.Tick;
import java.util.random.RandomGenerator;

/** The made-up price of one symbol: a random walk that starts where the symbol's name says. One event loop. */
final class Walk {
    /** One step's standard deviation, 0.05 %: about what a liquid share moves in a second of a busy market. */
    private static final double STEP = 0.0005;

    private static final double LOWEST = 1;
    private static final double HIGHEST = 100_000;
    /** Bid and ask lie 0.01 % to each side of the price. */
    private static final double HALF_SPREAD = 0.0001;

    private final String symbol;
    private double price;
    private double volume;
    private long bidSize;
    private long askSize;
    /** Feeds that show this symbol; {@link Market} drops a walk without any. */
    private int users;

    Walk(String symbol, RandomGenerator random) {
        this.symbol = symbol;
        // 10.00 to 1009.99, the same in every process: a client that reconnects elsewhere sees no other world.
        this.price = 10 + Math.floorMod(symbol.hashCode(), 100_000) / 100.0;
        step(random);
    }

    void step(RandomGenerator random) {
        price = Math.clamp(price * (1 + random.nextGaussian(0, STEP)), LOWEST, HIGHEST);
        volume = random.nextInt(1, 1000);
        bidSize = random.nextInt(1, 500);
        askSize = random.nextInt(1, 500);
    }

    Tick tick(SubscriptionMode mode, long nowMillis) {
        return Tick.newBuilder()
                .setSymbol(symbol)
                .setTimestampMs(nowMillis)
                .setPrice(rounded(price))
                .setVolume(volume)
                .setBid(rounded(price * (1 - HALF_SPREAD)))
                .setAsk(rounded(price * (1 + HALF_SPREAD)))
                .setBidSize(bidSize)
                .setAskSize(askSize)
                .setMode(mode)
                .build();
    }

    void use() {
        users++;
    }

    /** Whether somebody else still uses it. */
    boolean leave() {
        return --users > 0;
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }
}
