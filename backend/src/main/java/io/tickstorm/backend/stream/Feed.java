package io.tickstorm.backend.stream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.tickstorm.backend.protocol.SubscriptionMode;
import io.tickstorm.backend.protocol.Tick;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The ticks of one subscription, batched, for every session of one event loop that has it. One event loop. */
final class Feed {
    /** A batch this full goes out before its window ends; 100 ticks are about 7 KiB. */
    private static final int FULL_BATCH = 100;

    /** Sessions that get a batch before others have their turn on the event loop: some 250 writes take about a millisecond. */
    private static final int SLICE = 256;

    private final Subscription subscription;
    private final List<Walk> walks;
    private final EventExecutor loop;
    private final ByteBufAllocator allocator;
    private final Duration batchWindow;
    private final InstantSource clock;
    private final Set<Subscriber> subscribers = new LinkedHashSet<>();
    private List<Tick> pending = new ArrayList<>();

    /** Who listens. */
    interface Subscriber {
        /** Takes one batch; must neither keep nor release it. */
        void deliver(Batch batch);
    }

    Feed(
            Subscription subscription,
            List<Walk> walks,
            EventExecutor loop,
            ByteBufAllocator allocator,
            Duration batchWindow,
            InstantSource clock) {
        this.subscription = subscription;
        this.walks = walks;
        this.loop = loop;
        this.allocator = allocator;
        this.batchWindow = batchWindow;
        this.clock = clock;
    }

    Subscription subscription() {
        return subscription;
    }

    List<Walk> walks() {
        return walks;
    }

    boolean minutely() {
        return subscription.mode() == SubscriptionMode.SUBSCRIPTION_MODE_MINUTE;
    }

    void add(Subscriber subscriber) {
        subscribers.add(subscriber);
    }

    /** Whether anybody is left. */
    boolean remove(Subscriber subscriber) {
        subscribers.remove(subscriber);
        return !subscribers.isEmpty();
    }

    /** The latest tick of every symbol. */
    List<Tick> snapshot() {
        var now = clock.millis();
        return walks.stream().map(walk -> walk.tick(subscription.mode(), now)).toList();
    }

    /** Adds ticks to the batch that is being filled. */
    void offer(List<Tick> ticks) {
        if (pending.isEmpty()) {
            var filling = pending;
            loop.schedule(() -> windowEnded(filling), batchWindow.toNanos(), TimeUnit.NANOSECONDS);
        }
        pending.addAll(ticks);
        if (pending.size() >= FULL_BATCH) {
            flush();
        }
    }

    private void windowEnded(List<Tick> filled) {
        // By identity: a batch that was full earlier has gone already, and the one after it has a window of its own.
        if (filled == pending) {
            flush();
        }
    }

    private void flush() {
        var batch = new Batch(allocator, pending, clock.millis());
        pending = new ArrayList<>();
        deliver(batch, subscribers.toArray(Subscriber[]::new), 0);
    }

    private void deliver(Batch batch, Subscriber[] to, int from) {
        var end = Math.min(from + SLICE, to.length);
        for (int i = from; i < end; i++) {
            to[i].deliver(batch);
        }
        if (end < to.length) {
            loop.execute(() -> deliver(batch, to, end));
        } else {
            batch.release();
        }
    }
}
