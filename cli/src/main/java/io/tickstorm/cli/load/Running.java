package io.tickstorm.cli.load;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A run that was started. Any thread. Close it, or its event loop stays. */
public final class Running<R> implements AutoCloseable {
    private final EventLoopGroup loops;
    private final EventLoop loop;
    private final Run<R> run;
    private final CompletableFuture<R> ended;

    Running(EventLoopGroup loops, EventLoop loop, Run<R> run, CompletableFuture<R> ended) {
        this.loops = loops;
        this.loop = loop;
        this.run = run;
        this.ended = ended;
    }

    /** What became of it so far. */
    public R soFar() throws InterruptedException {
        return onLoop(Run::report);
    }

    /** One line for someone who waits. */
    public String line() throws InterruptedException {
        return onLoop(Run::line);
    }

    /** Sends no more and waits for what is under way. */
    public R stop() throws InterruptedException {
        loop.execute(run::end);
        return await();
    }

    /** Waits for the end. */
    public R await() throws InterruptedException {
        try {
            return ended.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the generator has a bug", e.getCause());
        }
    }

    /** @return whether it has ended within {@code limit} */
    public boolean await(Duration limit) throws InterruptedException {
        try {
            ended.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the generator has a bug", e.getCause());
        }
    }

    /** Ends it at once, with whatever is under way. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private <T> T onLoop(Function<Run<R>, T> question) throws InterruptedException {
        try {
            return loop.submit(() -> question.apply(run)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the generator has a bug", e.getCause());
        }
    }
}
