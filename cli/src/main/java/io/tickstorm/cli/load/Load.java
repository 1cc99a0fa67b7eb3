package io.tickstorm.cli.load;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.transport.EpollLoops;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Starts runs. The host of a target is resolved once, at the start. Any thread. */
public final class Load {
    private Load() {}

    /** Runs the whole plan. */
    public static LoadReport run(LoadPlan plan) throws InterruptedException, UnknownHostException {
        try (var running = start(plan)) {
            return running.await();
        }
    }

    /** Runs the whole plan. */
    public static StreamReport run(StreamPlan plan) throws InterruptedException, UnknownHostException {
        try (var running = start(plan)) {
            return running.await();
        }
    }

    /** Begins, and returns at once. */
    public static Running<LoadReport> start(LoadPlan plan) throws UnknownHostException {
        var address = resolve(plan.target());
        return start((loop, ended) -> new HttpRun(plan, address, loop, Ticker.system(), ended));
    }

    /** Begins, and returns at once. */
    public static Running<StreamReport> start(StreamPlan plan) throws UnknownHostException {
        var address = resolve(plan.target());
        return start((loop, ended) -> new StreamRun(plan, address, loop, Ticker.system(), ended));
    }

    private static <R> Running<R> start(BiFunction<EventLoop, CompletableFuture<R>, Run<R>> maker) {
        var ended = new CompletableFuture<R>();
        var loops = loops();
        var loop = loops.next();
        var run = maker.apply(loop, ended);
        loop.execute(() -> {
            try {
                run.begin();
            } catch (RuntimeException bug) {
                ended.completeExceptionally(bug);
            }
        });
        return new Running<>(loops, loop, run, ended);
    }

    private static EventLoopGroup loops() {
        var io = Epoll.isAvailable() ? EpollLoops.factory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("load", true), io);
    }

    private static InetSocketAddress resolve(Target target) throws UnknownHostException {
        var address = new InetSocketAddress(target.host().replaceAll("[\\[\\]]", ""), target.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException(
                    "host: " + target.host() + " (expected: a name that resolves, or an address)");
        }
        return address;
    }
}
