package io.tickstorm.proxy;

import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which configuration, endpoints and verdicts change; so what only it writes needs no lock. Its tasks
 * are short and never block. Tasks that come after the close are dropped.
 */
final class ControlThread implements Executor, Timers, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlThread.class);

    private final ScheduledThreadPoolExecutor executor;

    ControlThread() {
        executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("control").daemon().factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        var ignored = after(Duration.ZERO, task);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        try {
            var future = executor.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    /** A bug in one task must not stop the others, and must not be silent. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("a task failed", e);
        }
    }
}
