package io.tickstorm.backend.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.tickstorm.backend.protocol.SubscriptionMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeedTest {
    private static final Subscription ONE_SYMBOL =
            new Subscription(SubscriptionMode.SUBSCRIPTION_MODE_SECOND, List.of("AAPL"));

    private final MockTicker time = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(time).build();
    private final Market market = new Market(
            channel.eventLoop(),
            ByteBufAllocator.DEFAULT,
            new SplittableRandom(1),
            () -> Instant.EPOCH,
            StreamSettings.of(new Credentials.Any()));
    private final List<Batch> heard = new ArrayList<>();

    @Test
    void ticksOfOneWindowShareABatch() {
        var feed = market.join(ONE_SYMBOL, heard::add);

        feed.offer(feed.snapshot());
        pass(Duration.ofMillis(4));
        feed.offer(feed.snapshot());
        assertThat(heard).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(heard).hasSize(1);

        feed.offer(feed.snapshot());
        pass(Duration.ofMillis(5));
        assertThat(heard).hasSize(2);
    }

    @Test
    void aFullBatchDoesNotWaitForItsWindow() {
        var feed = market.join(ONE_SYMBOL, heard::add);
        var tick = feed.snapshot().getFirst();

        feed.offer(Collections.nCopies(100, tick));
        assertThat(heard).hasSize(1);

        // The next batch has a window of its own: the one of the full batch must not cut it short.
        pass(Duration.ofMillis(3));
        feed.offer(List.of(tick));
        pass(Duration.ofMillis(2));
        assertThat(heard).hasSize(1);
        pass(Duration.ofMillis(3));
        assertThat(heard).hasSize(2);
    }

    @Test
    void everySubscriberHearsTheSameBatch() {
        var counts = new int[1000];
        IntStream.range(0, counts.length)
                .forEach(i -> market.join(ONE_SYMBOL, batch -> {
                    counts[i]++;
                    heard.add(batch);
                }));

        pass(Duration.ofSeconds(1));
        pass(Duration.ofMillis(5));

        assertThat(counts).containsOnly(1);
        assertThat(heard.stream().distinct()).hasSize(1);
    }

    @Test
    void aMarketWithoutListenersStandsStill() {
        Feed.Subscriber subscriber = heard::add;
        var feed = market.join(ONE_SYMBOL, subscriber);
        var price = feed.snapshot().getFirst().getPrice();

        market.leave(feed, subscriber);
        pass(Duration.ofHours(1));

        assertThat(feed.snapshot().getFirst().getPrice()).isEqualTo(price);
        assertThat(heard).isEmpty();
    }

    @Test
    void feedsThatShareASymbolShowTheSamePrice() {
        var both = new Subscription(SubscriptionMode.SUBSCRIPTION_MODE_MINUTE, List.of("AAPL", "MSFT"));
        Feed.Subscriber leaving = heard::add;
        var wide = market.join(both, leaving);
        var narrow = market.join(ONE_SYMBOL, heard::add);

        market.leave(wide, leaving);
        pass(Duration.ofSeconds(1));
        var again = market.join(both, heard::add);

        assertThat(again.snapshot().getFirst().getPrice())
                .isEqualTo(narrow.snapshot().getFirst().getPrice());
    }

    private void pass(Duration duration) {
        time.advance(duration.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }
}
