package io.tickstorm.proxy.transport.splice;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens pipes, so many at once and no more. They are opened when bytes begin to pour and closed when that is over, not kept: opening
 * one costs some microseconds, and one that was closed cannot hold what another session left in it. Any thread.
 */
public final class Pipes {
    /** Bytes in a small pipe: what Linux gives if nothing is said. */
    static final int SMALL = 64 * 1024;

    /** Bytes in a large one: what everybody may have (/proc/sys/fs/pipe-max-size), and what Go asks for. */
    static final int LARGE = 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(Pipes.class);

    private final int most;
    private final int mostLarge;
    private final AtomicInteger large = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean linking = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable SystemCalls calls;
    private volatile boolean off;

    /**
     * @param most pipes open at once
     * @param mostLarge how many of them may hold {@value #LARGE} bytes; the others hold {@value #SMALL}
     */
    public Pipes(int most, int mostLarge) {
        this.most = most;
        this.mostLarge = mostLarge;
    }

    /** An empty pipe; null where there is none for now. The first to ask gets none: the system calls are linked then, on another thread. */
    public @Nullable Pipe open() {
        var linked = calls;
        if (off || linked == null) {
            if (linking.compareAndSet(false, true)) {
                Thread.ofVirtual().name("splice").start(this::link);
            }
            return null;
        }
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return null;
        }
        try {
            return new Pipe(this, linked);
        } catch (IOException e) {
            open.decrementAndGet();
            // No descriptors left, or more pipe memory than the user may have: a matter of the moment.
            if (told.compareAndSet(false, true)) {
                log.info("bytes are copied, not spliced, while there are no pipes: {}", e.getMessage());
            }
            return null;
        }
    }

    /** Pipes that are open; exact. */
    public int inUse() {
        return open.get();
    }

    /** Whether one more pipe may be large; if so, {@link #reduced} when it is not any more. */
    boolean enlarge() {
        if (large.get() >= mostLarge) {
            return false;
        }
        if (large.incrementAndGet() <= mostLarge) {
            return true;
        }
        large.decrementAndGet();
        return false;
    }

    void reduced() {
        large.decrementAndGet();
    }

    void closed() {
        open.decrementAndGet();
    }

    /** Splicing does not work here: nobody gets a pipe any more. */
    void refused(int errno) {
        off = true;
        if (told.compareAndSet(false, true)) {
            log.info("bytes are copied, not spliced: splice failed with errno {}", errno);
        }
    }

    private void link() {
        try {
            calls = new SystemCalls();
        } catch (RuntimeException | LinkageError e) {
            off = true;
            log.info("bytes are copied, not spliced: {}", e.toString());
        }
    }
}
