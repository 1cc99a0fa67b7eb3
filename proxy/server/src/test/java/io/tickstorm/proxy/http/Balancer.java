package io.tickstorm.proxy.http;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.nio.NioIoHandler;
import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.listener.ForwardedSettings;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.settings.Yaml;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import io.tickstorm.proxy.transport.EpollLoops;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A listener on a free port with a backend behind it, on event loops of its own. Its backend's timers stand still; so do its
 * deadlines if it is {@link #withStillTime}, until {@link #time} is advanced.
 */
final class Balancer implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-21T06:05:04Z");
    static final ListenerLimits.Http LIMITS = ListenerLimits.Http.DEFAULT;

    private final ManualTime time = new ManualTime();
    private final EventLoopGroup loops;
    private final Backend backend;
    private final HttpListener listener;

    private Balancer(
            boolean epoll,
            boolean still,
            BackendSettings settings,
            ListenerLimits.Http limits,
            List<Endpoint> endpoints) {
        this(epoll, still, false, settings, limits, AccessLog.NONE, endpoints);
    }

    private Balancer(
            boolean epoll,
            boolean still,
            boolean ticking,
            BackendSettings settings,
            ListenerLimits.Http limits,
            AccessLog access,
            List<Endpoint> endpoints) {
        loops = new MultiThreadIoEventLoopGroup(2, epoll ? EpollLoops.factory() : NioIoHandler.newFactory());
        // a fixed seed: the choice among idle upstreams is random
        backend = new Backend(
                "web",
                settings,
                null,
                ticking ? Ticker.system() : time,
                ticking ? this::after : time,
                new Random(20261121),
                (endpoint, check, result) -> {});
        backend.update(new EndpointSet(endpoints));
        Ticker ticker = still ? time : Ticker.system();
        var surroundings = new Surroundings(loops, ticker, InstantSource.fixed(NOW), new Random(7), access);
        listener = HttpListener.bind(
                        surroundings,
                        new ListenerSettings("http", "127.0.0.1", 0, "web", limits),
                        Routes.to(Split.to(backend)))
                .toCompletableFuture()
                .join();
    }

    /**
     * One that differs from the usual.
     *
     * @param backend settings of the backend, as in a configuration
     */
    static Setup with(String backend) {
        return new Setup(settings(backend), false, false, LIMITS, AccessLog.NONE);
    }

    /** @param backend as in a configuration */
    static BackendSettings settings(String backend) {
        var section = Yaml.read(backend, "test");
        var settings = BackendSettings.read(section);
        section.end();
        if (!section.problems().messages().isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("\n", section.problems().messages()));
        }
        return settings;
    }

    /** How a balancer is to be. */
    record Setup(
            BackendSettings settings, boolean still, boolean ticking, ListenerLimits.Http limits, AccessLog access) {
        /** Its backend's timers run. */
        Setup withRunningTime() {
            return new Setup(settings, false, true, limits, access);
        }

        /** Its deadlines stand still too. */
        Setup standingStill() {
            return new Setup(settings, true, false, limits, access);
        }

        Setup limits(ListenerLimits.Http other) {
            return new Setup(settings, still, ticking, other, access);
        }

        Setup tells(AccessLog log) {
            return new Setup(settings, still, ticking, limits, log);
        }

        Balancer before(RawServer... servers) {
            return before(Arrays.stream(servers).map(RawServer::endpoint).toArray(Endpoint[]::new));
        }

        Balancer before(Endpoint... endpoints) {
            return new Balancer(Epoll.isAvailable(), still, ticking, settings, limits, access, List.of(endpoints));
        }
    }

    static Balancer before(RawServer... servers) {
        return before(LIMITS, servers);
    }

    static Balancer before(ListenerLimits.Http limits, RawServer... servers) {
        return new Balancer(
                Epoll.isAvailable(),
                false,
                BackendSettings.DEFAULT,
                limits,
                Arrays.stream(servers).map(RawServer::endpoint).toList());
    }

    static Balancer before(Endpoint... endpoints) {
        return new Balancer(Epoll.isAvailable(), false, BackendSettings.DEFAULT, LIMITS, List.of(endpoints));
    }

    static Balancer onNio(RawServer... servers) {
        return new Balancer(
                false,
                false,
                BackendSettings.DEFAULT,
                LIMITS,
                Arrays.stream(servers).map(RawServer::endpoint).toList());
    }

    static Balancer withStillTime(ListenerLimits.Http limits, RawServer... servers) {
        return new Balancer(
                Epoll.isAvailable(),
                true,
                BackendSettings.DEFAULT,
                limits,
                Arrays.stream(servers).map(RawServer::endpoint).toList());
    }

    static Balancer withStillTime(RetrySettings retries, ListenerLimits.Http limits, RawServer... servers) {
        var defaults = BackendSettings.DEFAULT;
        return new Balancer(
                Epoll.isAvailable(),
                true,
                new BackendSettings(
                        defaults.balancing(),
                        defaults.healthCheck(),
                        retries,
                        defaults.circuitBreaker(),
                        defaults.outlierEjection()),
                limits,
                Arrays.stream(servers).map(RawServer::endpoint).toList());
    }

    /** Shares requests from now on with another backend, which is not among what {@link #close} waits for. */
    Backend share(int weight, int otherWeight, RawServer... others) {
        var other = other("other", others);
        listener.change(
                LIMITS,
                ForwardedSettings.DEFAULT,
                Routes.to(new Split(List.of(new Split.Share(backend, weight), new Split.Share(other, otherWeight)))));
        return other;
    }

    /** Another backend, which is not among what {@link #close} waits for. */
    Backend other(String name, RawServer... others) {
        var other = new Backend(
                name, BackendSettings.DEFAULT, null, time, time, new Random(1), (endpoint, check, result) -> {});
        other.update(
                new EndpointSet(Arrays.stream(others).map(RawServer::endpoint).toList()));
        return other;
    }

    private Timers.Timer after(Duration delay, Runnable task) {
        var scheduled = loops.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    Wire client() {
        return Wire.to(listener.number());
    }

    /** A client that has begun to speak HTTP/2. */
    Frames http2() {
        return Frames.to(listener.number());
    }

    HttpListener listener() {
        return listener;
    }

    HttpCounters counters() {
        return listener.counters();
    }

    Backend backend() {
        return backend;
    }

    ManualTime time() {
        return time;
    }

    /** Attempts that have not been ended: 0 once all is quiet. */
    int inFlight() {
        return backend.upstreams().stream()
                .mapToInt(upstream -> upstream.inFlight())
                .sum();
    }

    /** Waits until each event loop has done what it was given until now. */
    void settle() {
        loops.forEach(loop -> loop.submit(() -> {}).syncUninterruptibly());
    }

    /** Waits until a condition holds; looks often, gives up after {@link Wire#PATIENCE}. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Wire.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + Wire.PATIENCE + ": " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(1).toNanos());
        }
    }

    /** Waits until a number that has begun to grow has not grown for half a second, a thousand times what a step of it takes. */
    static void awaitStandstill(String what, AtomicLong number) {
        var last = new AtomicLong(-1);
        var since = new AtomicLong(System.nanoTime());
        await(what + " stands still", () -> {
            long now = number.get();
            if (now != last.getAndSet(now)) {
                since.set(System.nanoTime());
            }
            return now > 0 && System.nanoTime() - since.get() > 500_000_000L;
        });
    }

    /** Closes everything, and fails if an attempt was never ended. */
    @Override
    public void close() {
        listener.stopAccepting().toCompletableFuture().join();
        listener.abort();
        listener.whenEmpty().toCompletableFuture().join();
        await("every lease is ended", () -> inFlight() == 0);
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
