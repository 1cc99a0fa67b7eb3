package io.tickstorm.labs.stage;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Looks again and again, at the same distances however long a look takes. */
public final class Watch implements AutoCloseable {
    /** One look. */
    public interface Look {
        /** @param seconds since the beginning */
        void at(double seconds) throws InterruptedException;
    }

    private final long beganNanos = System.nanoTime();
    private final Thread thread;

    Watch(Duration every, Look look) {
        thread = Thread.ofPlatform().daemon().name("watch").start(() -> {
            try {
                for (long next = beganNanos; ; next += every.toNanos()) {
                    TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
                    look.at(seconds());
                }
            } catch (InterruptedException e) {
                // Seen enough.
            }
        });
    }

    /** Since the beginning. */
    public double seconds() {
        return (System.nanoTime() - beganNanos) / 1e9;
    }

    /** Nothing is looked at after this returns. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
