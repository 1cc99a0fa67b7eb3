package io.tickstorm.cli.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a {@link LoadPlan}: a pacer makes a {@link Shot} at each intended time; the {@link Client} that has been free
 * for longest takes it, or it waits for the next free one.
 */
final class HttpRun implements Run<LoadReport> {
    /** Two SYNs that got lost (1 s, then 2 s) are bad luck, a third one is a failure. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(4);

    private final LoadPlan plan;
    private final EventLoop loop;
    private final Ticker ticker;
    private final CompletableFuture<LoadReport> ended;
    private final Bootstrap bootstrap;
    private final RequestBytes requests;
    private final String runId = UUID.randomUUID().toString().substring(0, 8);

    private final ArrayDeque<Client> free = new ArrayDeque<>();
    private final ArrayDeque<Shot> waiting = new ArrayDeque<>();
    private @Nullable Tally tally;
    private long startNanos;
    private long next;
    private long last;
    private int underWay;

    HttpRun(
            LoadPlan plan,
            InetSocketAddress address,
            EventLoop loop,
            Ticker ticker,
            CompletableFuture<LoadReport> ended) {
        this.plan = plan;
        this.loop = loop;
        this.ticker = ticker;
        this.ended = ended;
        this.last = plan.requests();
        this.requests = new RequestBytes(plan, runId);
        this.bootstrap = Transport.of(loop).connection(loop, CONNECT_TIMEOUT).remoteAddress(address);
    }

    @Override
    public void begin() {
        startNanos = ticker.nanos();
        tally = new Tally(startNanos);
        for (int i = 0; i < plan.connections(); i++) {
            free.add(new Client(this));
        }
        pace();
    }

    @Override
    public void end() {
        last = Math.min(last, next);
        settle();
    }

    @Override
    public LoadReport report() {
        return tally().report(plan, runId, ticker.nanos());
    }

    @Override
    public String line() {
        return tally().line(ticker.nanos());
    }

    /** Begins every request whose time has come, however late this is, and sleeps until the next one's. */
    private void pace() {
        var now = ticker.nanos();
        while (next < last && startNanos + plan.intendedNanos(next) <= now) {
            var shot = new Shot(next, startNanos + plan.intendedNanos(next), plan.post(next));
            next++;
            underWay++;
            tally().begun(shot, now - shot.intendedNanos());
            var client = free.poll();
            if (client == null) {
                waiting.add(shot);
            } else {
                client.send(shot);
            }
        }
        dropOverdue(now);
        if (next < last) {
            var delay = startNanos + plan.intendedNanos(next) - ticker.nanos();
            loop.schedule(this::pace, Math.max(0, delay), TimeUnit.NANOSECONDS);
        } else if (!waiting.isEmpty()) {
            loop.schedule(this::pace, 1, TimeUnit.MILLISECONDS);
        }
        settle();
    }

    /** A request that has waited for a connection until its timeout will not be sent. */
    private void dropOverdue(long now) {
        for (var shot = waiting.peek(); shot != null && now >= deadlineNanos(shot); shot = waiting.peek()) {
            waiting.remove();
            underWay--;
            tally().failed(shot, Failure.TIMEOUT);
        }
    }

    void answered(Client client, Shot shot, int status, @Nullable String server) {
        tally().answered(shot, ticker.nanos(), status, server);
        freed(client);
    }

    void failed(Client client, Shot shot, Failure failure) {
        tally().failed(shot, failure);
        freed(client);
    }

    private void freed(Client client) {
        underWay--;
        dropOverdue(ticker.nanos());
        var shot = waiting.poll();
        if (shot == null) {
            free.add(client);
        } else {
            // Not from within the client's own callback: a connection that fails at once would otherwise recurse.
            loop.execute(() -> client.send(shot));
        }
        settle();
    }

    private void settle() {
        if (next >= last && underWay == 0 && !ended.isDone()) {
            ended.complete(report());
            free.forEach(Client::close);
        }
    }

    EventLoop loop() {
        return loop;
    }

    Tally tally() {
        return Objects.requireNonNull(tally, "not begun");
    }

    RequestBytes requests() {
        return requests;
    }

    long nanosLeft(Shot shot) {
        return Math.max(0, deadlineNanos(shot) - ticker.nanos());
    }

    Bootstrap bootstrap(ChannelHandler... handlers) {
        return bootstrap.clone().handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handlers);
            }
        });
    }

    private long deadlineNanos(Shot shot) {
        return shot.intendedNanos() + plan.timeout().toNanos();
    }
}
