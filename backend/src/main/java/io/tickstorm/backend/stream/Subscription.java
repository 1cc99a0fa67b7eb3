package io.tickstorm.backend.stream;

import io.tickstorm.backend.protocol.SubscribeRequest;
import io.tickstorm.backend.protocol.SubscriptionMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session wants to hear of; sessions that want the same share one feed.
 *
 * @param symbols sorted, without duplicates, not empty
 */
record Subscription(SubscriptionMode mode, List<String> symbols) {
    /** What a client gets that names no symbol. */
    static final List<String> DEFAULT_SYMBOLS =
            List.of("AAPL", "AMZN", "BTC-USD", "ETH-USD", "GOOG", "MSFT", "NVDA", "TSLA");

    private static final int MAX_SYMBOLS = 100;
    private static final int MAX_SYMBOL_LENGTH = 16;

    /** Why {@code request} cannot be met, or null if it can. */
    static @Nullable String problem(SubscribeRequest request) {
        var mode = request.getMode();
        if (mode != SubscriptionMode.SUBSCRIPTION_MODE_SECOND && mode != SubscriptionMode.SUBSCRIPTION_MODE_MINUTE) {
            return "mode: " + request.getModeValue() + " (expected: 1 SECOND or 2 MINUTE)";
        }
        if (request.getSymbolsCount() > MAX_SYMBOLS) {
            return "symbols: " + request.getSymbolsCount() + " (expected: at most " + MAX_SYMBOLS + ")";
        }
        for (var symbol : request.getSymbolsList()) {
            if (!valid(symbol)) {
                return "symbol: \"" + symbol + "\" (expected: 1 to " + MAX_SYMBOL_LENGTH + " of A-Z 0-9 . _ -)";
            }
        }
        return null;
    }

    /** @param request one without a {@link #problem} */
    static Subscription of(SubscribeRequest request) {
        var symbols = request.getSymbolsList().isEmpty()
                ? DEFAULT_SYMBOLS
                : request.getSymbolsList().stream().distinct().sorted().toList();
        return new Subscription(request.getMode(), symbols);
    }

    private static boolean valid(String symbol) {
        return !symbol.isEmpty()
                && symbol.length() <= MAX_SYMBOL_LENGTH
                && symbol.chars()
                        .allMatch(
                                c -> c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-');
    }
}
