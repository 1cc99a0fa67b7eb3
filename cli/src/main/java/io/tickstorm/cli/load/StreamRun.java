package io.tickstorm.cli.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.tickstorm.backend.wire.FrameDecoder;
import io.tickstorm.proxy.time.Randomness;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Carries out a {@link StreamPlan}: keeps every {@link Subscription} going until the time is over. */
final class StreamRun implements Run<StreamReport> {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(4);

    private final StreamPlan plan;
    private final EventLoop loop;
    private final Ticker ticker;
    private final CompletableFuture<StreamReport> ended;
    private final Bootstrap bootstrap;
    private final RandomGenerator random = Randomness.perThread();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private @Nullable StreamTally tally;

    StreamRun(
            StreamPlan plan,
            InetSocketAddress address,
            EventLoop loop,
            Ticker ticker,
            CompletableFuture<StreamReport> ended) {
        this.plan = plan;
        this.loop = loop;
        this.ticker = ticker;
        this.ended = ended;
        this.bootstrap = Transport.of(loop).connection(loop, CONNECT_TIMEOUT).remoteAddress(address);
    }

    @Override
    public void begin() {
        tally = new StreamTally(ticker.nanos());
        for (int i = 0; i < plan.subscriptions(); i++) {
            var subscription = new Subscription(this, i);
            subscriptions.add(subscription);
            subscription.begin();
        }
        loop.schedule(this::end, plan.duration().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void end() {
        if (!ended.isDone()) {
            ended.complete(report());
            subscriptions.forEach(Subscription::end);
        }
    }

    @Override
    public StreamReport report() {
        return tally().report(plan, ticker.nanos(), live());
    }

    @Override
    public String line() {
        return tally().line(ticker.nanos(), live());
    }

    private int live() {
        return (int) subscriptions.stream().filter(Subscription::live).count();
    }

    StreamPlan plan() {
        return plan;
    }

    EventLoop loop() {
        return loop;
    }

    long nanos() {
        return ticker.nanos();
    }

    StreamTally tally() {
        return Objects.requireNonNull(tally, "not begun");
    }

    /** Between half of {@code delay} and all of it: clients that a server leaves at once do not come back at once. */
    long jittered(Duration delay) {
        return delay.toNanos() / 2 + random.nextLong(delay.toNanos() / 2);
    }

    /** Connects for {@code session}, which learns of the outcome. */
    void connect(StreamSession session) {
        bootstrap
                .clone()
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new FrameDecoder(), session);
                    }
                })
                .connect()
                .addListener(attempt -> {
                    if (!attempt.isSuccess()) {
                        session.ended(Failure.ofConnect(attempt.cause()).words());
                    }
                });
    }
}
