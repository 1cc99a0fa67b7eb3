package io.tickstorm.operator.reconcile;

import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work by key: never twice at a time for one key, and once more when a key was added while its work ran. Work that fails comes back after a {@link Backoff}, as
 * often as it takes; an ordinary addition does not shorten that wait, a new fact does. Thread-safe.
 *
 * <p>A key is waiting (a timer runs), running, or running and to run again:
 *
 * <pre>
 *   add: nothing -> waiting 0 s     waiting -> the sooner of both    running -> again
 *   end: running -> waiting as the work said, or the backoff         again -> waiting 0 s, but the backoff after a failure
 * </pre>
 */
final class WorkQueue<K> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkQueue.class);

    private final Timers timers;
    private final Executor executor;
    private final Backoff backoff;
    private final Work<K> work;

    private final ReentrantLock lock = new ReentrantLock();
    // all below guarded by lock
    private final Map<K, State> states = new HashMap<>();
    private boolean closed;

    /** Work on a key; the length of time after which it wants to run again even if nothing happens, or null for never. */
    @FunctionalInterface
    interface Work<K> {
        @Nullable
        Duration on(K key) throws Exception;
    }

    private static final class State {
        Timers.@Nullable Timer timer;
        boolean running;
        boolean again;
        int failures;
    }

    WorkQueue(Timers timers, Executor executor, Backoff backoff, Work<K> work) {
        this.timers = timers;
        this.executor = executor;
        this.backoff = backoff;
        this.work = work;
    }

    /** Something happened to the key. After failures the key keeps waiting for the end of its backoff. */
    void add(K key) {
        add(key, false);
    }

    /** Something happened that may make failing work succeed, such as a change by a person: the key runs at once. */
    void addFresh(K key) {
        add(key, true);
    }

    /** Ends the waiting; work that runs ends by itself. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            states.values().forEach(WorkQueue::stopWaiting);
            states.clear();
        } finally {
            lock.unlock();
        }
    }

    private void add(K key, boolean fresh) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            var state = states.computeIfAbsent(key, absent -> new State());
            if (fresh) {
                state.failures = 0;
            }
            if (state.running) {
                state.again = true;
            } else if (state.failures == 0) {
                wait(key, state, Duration.ZERO);
            }
        } finally {
            lock.unlock();
        }
    }

    private void wait(K key, State state, Duration delay) {
        stopWaiting(state);
        state.timer = timers.after(delay, () -> begin(key, state));
    }

    private static void stopWaiting(State state) {
        if (state.timer != null) {
            state.timer.cancel();
            state.timer = null;
        }
    }

    private void begin(K key, State state) {
        lock.lock();
        try {
            if (closed || state.running || states.get(key) != state) {
                return;
            }
            // not only forgotten: a sooner one may have been set while this one was about to run
            stopWaiting(state);
            state.running = true;
            state.again = false;
        } finally {
            lock.unlock();
        }
        try {
            executor.execute(() -> run(key, state));
        } catch (RejectedExecutionException e) {
            log.debug("{}: closed meanwhile", key, e);
        }
    }

    private void run(K key, State state) {
        Duration next = null;
        var failed = false;
        try {
            next = work.on(key);
        } catch (Exception e) {
            failed = true;
            log.warn("{}: {}", key, e.toString());
            log.debug("{}", key, e);
        } finally {
            end(key, state, next, failed);
        }
    }

    private void end(K key, State state, @Nullable Duration next, boolean failed) {
        lock.lock();
        try {
            state.running = false;
            if (closed) {
                return;
            }
            state.failures = failed ? state.failures + 1 : 0;
            if (failed) {
                wait(key, state, backoff.after(state.failures));
            } else if (state.again) {
                wait(key, state, Duration.ZERO);
            } else if (next != null) {
                wait(key, state, next);
            } else {
                states.remove(key);
            }
        } finally {
            lock.unlock();
        }
    }
}
