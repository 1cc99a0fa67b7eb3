package io.tickstorm.proxy.endpoint;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections that this proxy has open to one upstream, and the limit on them. Idle ones give way: whoever needs one more
 * waits, those who hold idle ones are told, and what is closed goes to the one who has waited longest. Any thread; no lock.
 *
 * <p>As many attempts at once as there may be connections are let in before ({@link Upstream#full}), so among the open ones there is
 * always one that is idle or soon will be, and nobody waits long.
 */
public final class Connections {
    private final AtomicInteger open = new AtomicInteger();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Set<Runnable> holders = ConcurrentHashMap.newKeySet();
    private volatile int limit;

    /** Those that are open or being opened. */
    public int open() {
        return open.get();
    }

    /** For its backend: how many may be open, 0 = no limit. What is open stays so, also if that is more. */
    public void limit(int max) {
        limit = max;
        serve();
    }

    /**
     * Takes leave to open one; whoever has it calls {@link #closed} once.
     *
     * @param granted is run if the answer is no, as soon as it is yes: on whichever thread that is, maybe within this call
     * @return whether it may be opened now
     */
    public boolean open(Runnable granted) {
        if (tryTake()) {
            return true;
        }
        waiting.add(granted);
        serve(); // one may have been closed since
        if (wanted()) {
            holders.forEach(Runnable::run);
        }
        return false;
    }

    /** One has been closed, or could not be opened. */
    public void closed() {
        open.decrementAndGet();
        serve();
    }

    /** Whether somebody waits for leave to open one: then idle ones are to be closed instead of kept. */
    public boolean wanted() {
        return !waiting.isEmpty();
    }

    /**
     * Tells a holder of idle connections whenever one is {@link #wanted}; any number of times.
     *
     * @param holder hops to its own thread
     */
    public void hold(Runnable holder) {
        holders.add(holder);
    }

    /** The holder has none any more. */
    public void release(Runnable holder) {
        holders.remove(holder);
    }

    private void serve() {
        while (!waiting.isEmpty() && tryTake()) {
            var next = waiting.poll();
            if (next == null) {
                open.decrementAndGet(); // someone else has served it; who came since is seen by the next turn
            } else {
                next.run();
            }
        }
    }

    private boolean tryTake() {
        int max = limit;
        int now;
        do {
            now = open.get();
            if (max != 0 && now >= max) {
                return false;
            }
        } while (!open.compareAndSet(now, now + 1));
        return true;
    }
}
