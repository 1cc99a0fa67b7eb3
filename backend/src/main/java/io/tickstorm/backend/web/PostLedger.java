package io.tickstorm.backend.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Which POSTs reached this server, by the id that their sender gave them, and how often each: whoever sums the ledgers of
 * all servers sees whether a balancer served one twice.
 *
 * <p>Remembers the newest ids up to its capacity; an id counts from the moment it is first seen until it is the oldest.
 * Thread-safe.
 */
final class PostLedger {
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    /** The remembered ids in the order in which they came; a slot is taken over by the id that comes a capacity later. */
    private final AtomicReferenceArray<String> ring;

    private final AtomicLong next = new AtomicLong();
    private final LongAdder posts = new LongAdder();
    private final Consumer<String> journal;

    /** One id. */
    record Entry(String id, int count) {}

    /** @param journal is told each id as it comes; what it keeps outlives this process */
    PostLedger(int capacity, Consumer<String> journal) {
        this.journal = journal;
        ring = new AtomicReferenceArray<>(capacity);
    }

    void record(String id) {
        posts.increment();
        journal.accept(id);
        var seen = counts.putIfAbsent(id, new AtomicInteger(1));
        if (seen != null) {
            seen.incrementAndGet();
            return;
        }
        var slot = (int) (next.getAndIncrement() % ring.length());
        var oldest = ring.getAndSet(slot, id);
        if (oldest != null) {
            counts.remove(oldest);
        }
    }

    /** POSTs with an id, repetitions and forgotten ones included. */
    long posts() {
        return posts.sum();
    }

    /** Ids that are remembered. */
    int ids() {
        return counts.size();
    }

    /** Ids that had to make room for newer ones: while this is 0 nothing has been forgotten. */
    long forgotten() {
        return Math.max(0, next.get() - ring.length());
    }

    /** What is remembered, in no order; shows some of what changes meanwhile. */
    Stream<Entry> entries() {
        return counts.entrySet().stream()
                .map(entry -> new Entry(entry.getKey(), entry.getValue().get()));
    }

    Stream<Entry> repeated() {
        return entries().filter(entry -> entry.count() > 1);
    }
}
