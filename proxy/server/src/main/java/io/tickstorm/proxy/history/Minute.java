package io.tickstorm.proxy.history;

import java.util.List;

/**
 * What an upstream has answered over the last minute. Counts, and no quantile: those of several proxies can be added, and a quantile be
 * read from the sum.
 *
 * @param seconds how long that is: 60 to 70, less while the upstream is younger
 * @param answers for each bucket of {@link io.tickstorm.proxy.endpoint.Histogram}; failed attempts are left out
 */
public record Minute(double seconds, List<Long> answers) {
    public Minute {
        answers = List.copyOf(answers);
    }
}
