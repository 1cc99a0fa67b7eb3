package io.tickstorm.backend.stream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The symbols that sessions of one event loop have subscribed to, and their prices. Stands still while nobody listens. One
 * event loop.
 */
final class Market {
    private static final int SECONDS_PER_MINUTE = 60;

    private final EventExecutor loop;
    private final ByteBufAllocator allocator;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Duration batchWindow;
    private final Duration second;
    private final Map<String, Walk> walks = new HashMap<>();
    private final Map<Subscription, Feed> feeds = new HashMap<>();
    private @Nullable ScheduledFuture<?> beats;
    private int beat;

    Market(
            EventExecutor loop,
            ByteBufAllocator allocator,
            RandomGenerator random,
            InstantSource clock,
            StreamSettings settings) {
        this.loop = loop;
        this.allocator = allocator;
        this.random = random;
        this.clock = clock;
        this.batchWindow = settings.batchWindow();
        this.second = settings.second();
    }

    /** The feed that {@code subscriber} is on from now; to be {@linkplain #leave left} once. */
    Feed join(Subscription subscription, Feed.Subscriber subscriber) {
        var feed = feeds.computeIfAbsent(subscription, this::open);
        feed.add(subscriber);
        if (beats == null) {
            beats = loop.scheduleAtFixedRate(this::beat, second.toNanos(), second.toNanos(), TimeUnit.NANOSECONDS);
        }
        return feed;
    }

    void leave(Feed feed, Feed.Subscriber subscriber) {
        if (feed.remove(subscriber)) {
            return;
        }
        feeds.remove(feed.subscription());
        for (int i = 0; i < feed.walks().size(); i++) {
            if (!feed.walks().get(i).leave()) {
                walks.remove(feed.subscription().symbols().get(i));
            }
        }
        if (feeds.isEmpty() && beats != null) {
            beats.cancel(false);
            beats = null;
        }
    }

    private Feed open(Subscription subscription) {
        var own = subscription.symbols().stream()
                .map(symbol -> walks.computeIfAbsent(symbol, name -> new Walk(name, random)))
                .toList();
        own.forEach(Walk::use);
        return new Feed(subscription, own, loop, allocator, batchWindow, clock);
    }

    private void beat() {
        beat = (beat + 1) % SECONDS_PER_MINUTE;
        walks.values().forEach(walk -> walk.step(random));
        for (var feed : feeds.values()) {
            if (!feed.minutely() || beat == 0) {
                feed.offer(feed.snapshot());
            }
        }
    }
}
