package io.tickstorm.proxy.history;

import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Reads what backends and listeners count every {@link #STEP}, and tells what that came to: of each upstream over the last few
 * seconds and the last minute, of each backend over the last ten minutes. Thread-safe; its calls may wait for one another, so never on an event loop.
 *
 * <p>Memory: 8.4 KB for each of at most {@value #MOST_BACKENDS} backends and for all together, and 2 KB for each upstream, which
 * goes with it. {@code docs/page.md} has the sums.
 */
public final class History implements AutoCloseable {
    public static final Duration STEP = Duration.ofSeconds(2);

    /** Those beyond have rates, and no series. */
    public static final int MOST_BACKENDS = 32;

    /** The series of all backends together. */
    public static final String ALL = "";

    private static final double NANOS = 1e9;

    /** What is told of now are the last two to three steps. */
    private static final int LATELY = 3;

    /** A minute is marked every so many steps, ten seconds, so that one reading in five is kept. */
    private static final int APART = 5;

    /** Six marks before the last one are a minute before it. */
    private static final int OF_A_MINUTE = 7;

    /** What there is to read. */
    public record Reading(List<Backend> backends, Map<String, Traffic> listeners) {}

    private final Supplier<Reading> source;
    private final Ticker ticker;
    private final Timers timers;
    private final Executor reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Upstream, Kept> upstreams = new IdentityHashMap<>();
    private final Map<String, Marks<Traffic>> listeners = new HashMap<>();
    private final Map<String, Series> series = new LinkedHashMap<>();
    private long sampledNanos;
    private long samples;
    private volatile boolean closed;

    /** What is kept of an upstream. */
    private record Kept(Marks<Counts> lately, Marks<Counts> minute) {
        Kept(long at) {
            this(new Marks<>(LATELY, Counts.NONE, at), new Marks<>(OF_A_MINUTE, Counts.NONE, at));
        }
    }

    /** @param reader where readings are taken, one after the other; may wait */
    public History(Supplier<Reading> source, Ticker ticker, Timers timers, Executor reader) {
        this.source = source;
        this.ticker = ticker;
        this.timers = timers;
        this.reader = reader;
        this.sampledNanos = ticker.nanos();
        series.put(ALL, new Series());
    }

    /** Reads from now on. */
    public void start() {
        if (!closed) {
            var ignored = timers.after(
                    STEP,
                    () -> reader.execute(() -> {
                        try {
                            sample();
                        } finally {
                            start();
                        }
                    }));
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** How an upstream did over the last four to six seconds. */
    public Rates rates(Upstream upstream) {
        return rates(List.of(upstream));
    }

    /** The same of several together. */
    public Rates rates(Iterable<Upstream> several) {
        lock.lock();
        try {
            long now = ticker.nanos();
            var sum = Counts.NONE;
            // All were marked at the same times, but for those that are new.
            double seconds = 0;
            for (var upstream : several) {
                var kept = upstreams.get(upstream);
                if (kept != null) {
                    var marks = kept.lately();
                    sum = sum.plus(Counts.of(upstream.tally()).minus(marks.oldest()));
                    seconds = Math.max(seconds, (now - marks.oldestNanos()) / NANOS);
                }
            }
            return sum.over(seconds);
        } finally {
            lock.unlock();
        }
    }

    /** What an upstream answered over the last minute. */
    public Minute minute(Upstream upstream) {
        lock.lock();
        try {
            var kept = upstreams.get(upstream);
            if (kept == null) {
                return new Minute(0, Counts.NONE.answers());
            }
            var marks = kept.minute();
            return new Minute(
                    (ticker.nanos() - marks.oldestNanos()) / NANOS,
                    Counts.of(upstream.tally()).minus(marks.oldest()).answers());
        } finally {
            lock.unlock();
        }
    }

    /** What a listener took in over the last four to six seconds. */
    public Traffic.Rates rates(String listener, Traffic traffic) {
        lock.lock();
        try {
            var marks = listeners.get(listener);
            return marks == null
                    ? Traffic.Rates.NONE
                    : traffic.since(marks.oldest(), (ticker.nanos() - marks.oldestNanos()) / NANOS);
        } finally {
            lock.unlock();
        }
    }

    /** How many samples were taken since the start. */
    public long samples() {
        lock.lock();
        try {
            return samples;
        } finally {
            lock.unlock();
        }
    }

    /** The last samples of each backend and of {@link #ALL} of them, the oldest first. */
    public Map<String, Map<Measure, float[]>> series(int most) {
        lock.lock();
        try {
            var all = new LinkedHashMap<String, Map<Measure, float[]>>();
            series.forEach((name, one) -> {
                var measures = new LinkedHashMap<Measure, float[]>();
                for (var measure : Measure.values()) {
                    var values = one.of(measure);
                    measures.put(measure, last(values, most));
                }
                all.put(name, measures);
            });
            return all;
        } finally {
            lock.unlock();
        }
    }

    private static float[] last(float[] values, int most) {
        return values.length <= most ? values : Arrays.copyOfRange(values, values.length - most, values.length);
    }

    private void sample() {
        var reading = source.get();
        lock.lock();
        try {
            long now = ticker.nanos();
            double seconds = (now - sampledNanos) / NANOS;
            var here = new HashSet<String>();
            here.add(ALL);
            var errors = mark(reading.listeners(), now, seconds).errors();
            var present = new IdentityHashMap<Upstream, Boolean>();
            var all = Counts.NONE;
            int allInFlight = 0;
            for (var backend : reading.backends()) {
                var sum = Counts.NONE;
                int inFlight = 0;
                for (var upstream : backend.upstreams()) {
                    present.put(upstream, true);
                    sum = sum.plus(mark(upstream, now));
                    inFlight += upstream.inFlight();
                }
                here.add(backend.name());
                if (series.containsKey(backend.name()) || series.size() <= MOST_BACKENDS) {
                    seriesOf(backend.name()).add(sum.over(seconds), inFlight, Double.NaN);
                }
                all = all.plus(sum);
                allInFlight += inFlight;
            }
            seriesOf(ALL).add(all.over(seconds), allInFlight, errors);
            upstreams.keySet().removeIf(upstream -> !present.containsKey(upstream));
            series.keySet().retainAll(here);
            sampledNanos = now;
            samples++;
        } finally {
            lock.unlock();
        }
    }

    private Series seriesOf(String name) {
        return series.computeIfAbsent(name, fresh -> new Series());
    }

    /** What it counted since the last sample; all of it if it was not there then. */
    private Counts mark(Upstream upstream, long now) {
        var kept = upstreams.computeIfAbsent(upstream, fresh -> new Kept(sampledNanos));
        var before = kept.lately().newest();
        var counts = Counts.of(upstream.tally());
        kept.lately().add(counts, now);
        if (samples % APART == 0) {
            kept.minute().add(counts, now);
        }
        return counts.minus(before);
    }

    private Traffic.Rates mark(Map<String, Traffic> read, long now, double seconds) {
        var sum = Traffic.Rates.NONE;
        for (var entry : read.entrySet()) {
            var marks =
                    listeners.computeIfAbsent(entry.getKey(), fresh -> new Marks<>(LATELY, Traffic.NONE, sampledNanos));
            sum = sum.plus(entry.getValue().since(marks.newest(), seconds));
            marks.add(entry.getValue(), now);
        }
        listeners.keySet().retainAll(read.keySet());
        return sum;
    }
}
