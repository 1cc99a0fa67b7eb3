package io.tickstorm.proxy.access;

import io.tickstorm.proxy.time.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes entries on a thread of its own. Whoever hands one over never waits: when more are pending than there is room for,
 * because the disk is slow or the reader of our output has stopped, they are dropped and counted.
 */
final class LogWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogWriter.class);

    /** At about 1 KiB each 16 MiB at most; at 10,000 requests a second it bridges 1.6 s of a stalled disk. */
    static final int ROOM = 16 * 1024;

    /** Lines from one look at the clock to the next. */
    private static final int BATCH = 1024;

    /** The writer looks by itself instead of being woken: so handing over costs an event loop no system call. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** How often the file is looked for under its path, and a disk that failed tried again. */
    private static final Duration CHECK = Duration.ofSeconds(1);

    /** For the last lines when the process ends; a pipe that nobody reads must not hold it up. */
    private static final Duration LAST = Duration.ofSeconds(1);

    private final Queue<Recorded> pending = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final LongAdder dropped;
    private final Lines lines;
    private final String target;
    private final Ticker ticker;
    private final Thread thread;
    private volatile boolean closed;

    // Only on the writing thread.
    private boolean failing;
    private boolean told;
    private long unflushed;
    private long checked;

    /**
     * Starts the thread.
     *
     * @param path null = standard output
     * @param dropped counts what was lost
     */
    LogWriter(@Nullable Path path, LongAdder dropped, Ticker ticker) {
        this.lines = new Lines(path);
        this.target = path == null ? "standard output" : path.toString();
        this.dropped = dropped;
        this.ticker = ticker;
        this.checked = ticker.nanos();
        this.thread = Thread.ofPlatform().name("access-log").daemon().start(this::run);
    }

    /** Any thread. */
    void add(Recorded recorded) {
        if (count.get() >= ROOM || closed) {
            dropped.increment();
            return;
        }
        count.incrementAndGet();
        pending.add(recorded);
    }

    /** Writes what is pending, and ends. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(LAST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            boolean last = closed;
            boolean more = write();
            if (last && !more) {
                lines.close();
                return;
            }
            if (!more) {
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
    }

    /** Whether there may be more: under steady load the file must still be looked at now and then. */
    private boolean write() {
        if (ticker.nanos() - checked >= CHECK.toNanos()) {
            check();
        }
        int left = BATCH;
        try {
            for (var next = pending.poll(); next != null; next = --left > 0 ? pending.poll() : null) {
                count.decrementAndGet();
                if (failing) {
                    dropped.increment();
                } else {
                    unflushed++;
                    lines.write(EntryJson.of(next).encode());
                }
            }
            lines.flush();
            unflushed = 0;
            if (told && !failing) {
                told = false;
                log.info("the access log is written to {} again", target);
            }
        } catch (IOException e) {
            failed(e);
        }
        return left == 0;
    }

    private void check() {
        checked = ticker.nanos();
        failing = false;
        try {
            if (lines.moved()) {
                lines.close();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        dropped.add(unflushed);
        unflushed = 0;
        lines.close();
        failing = true;
        if (!told) {
            told = true;
            log.warn("the access log cannot be written to {}: {}", target, e.toString());
        }
    }
}
