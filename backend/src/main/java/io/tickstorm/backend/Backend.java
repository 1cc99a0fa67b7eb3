package io.tickstorm.backend;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tickstorm.backend.drain.Drain;
import io.tickstorm.backend.stream.StreamServer;
import io.tickstorm.backend.stream.StreamSettings;
import io.tickstorm.backend.stream.StreamTotals;
import io.tickstorm.backend.web.Site;
import io.tickstorm.backend.web.WebServer;
import io.tickstorm.backend.web.WebTotals;
import io.tickstorm.process.MetricsPort;
import io.tickstorm.process.Probes;
import io.tickstorm.process.Scaling;
import io.tickstorm.process.ScalingSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running backend: four ports, and how they end. Thread-safe. */
final class Backend {
    private static final Logger log = LoggerFactory.getLogger(Backend.class);

    private final Vertx vertx;
    private final Settings settings;
    private final Drain drain;
    private final StreamTotals streamTotals;
    private final WebTotals webTotals;
    private final Parts parts;

    private record Parts(StreamServer streams, WebServer web, Probes probes, MetricsPort metrics) {}

    private Backend(
            Vertx vertx, Settings settings, Drain drain, StreamTotals streamTotals, WebTotals webTotals, Parts parts) {
        this.vertx = vertx;
        this.settings = settings;
        this.drain = drain;
        this.streamTotals = streamTotals;
        this.webTotals = webTotals;
        this.parts = parts;
    }

    /**
     * Binds every port. If one of them fails, so does the start, with a message that names each that was tried; the others
     * end with {@code vertx}.
     */
    static Future<Backend> start(Vertx vertx, Settings settings) {
        // ThreadLocalRandom.current() by way of a generator that any event loop may use.
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        var drain = new Drain(System::nanoTime, random);
        var streamTotals = new StreamTotals();
        var webTotals = new WebTotals();
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Meters.bind(registry, streamTotals, webTotals);
        // a line goes out whole and at once, so that it is there even when the process is killed a moment later
        Consumer<String> postJournal = settings.logPosts() ? id -> System.out.println("post " + id) : id -> {};
        var site = new Site(
                settings.instanceId(),
                settings.pod(),
                drain,
                webTotals,
                random,
                settings.failPercent(),
                System::nanoTime,
                postJournal);
        var streamSettings =
                StreamSettings.of(settings.credentials()).withHeartbeatTimeout(settings.heartbeatTimeout());
        var address = settings.address();

        var web = WebServer.start(vertx, address, settings.httpPort(), settings.loops(), site)
                .recover(failure -> notBound("http", address, settings.httpPort(), failure));
        var streams = StreamServer.bind(
                        vertx, address, settings.tcpPort(), streamSettings, drain, settings.instanceId(), streamTotals)
                .recover(failure -> notBound("tcp", address, settings.tcpPort(), failure));
        var scaling = new Scaling(
                ScalingSettings.of(System.getenv()),
                () -> streamTotals.active() + webTotals.active(),
                () -> streamTotals.accepted() + webTotals.accepted());
        var metrics = MetricsPort.start(vertx, address, settings.metricsPort(), registry, scaling)
                .recover(failure -> notBound("metrics", address, settings.metricsPort(), failure));
        // Probes last, so that whoever sees them answer finds the ports open.
        return settled(List.of(web, streams, metrics))
                .compose(bound -> Probes.start(
                                vertx,
                                address,
                                settings.healthPort(),
                                new BackendStatus(drain, streamTotals, webTotals))
                        .recover(failure -> notBound("health", address, settings.healthPort(), failure)))
                .map(probes -> new Backend(
                        vertx,
                        settings,
                        drain,
                        streamTotals,
                        webTotals,
                        new Parts(streams.result(), web.result(), probes, metrics.result())));
    }

    /** Waits for all of them, even once one has failed: Vert.x must not be closed under a port that is being bound. */
    private static Future<Void> settled(List<? extends Future<?>> all) {
        return Future.join(all)
                .<Void>mapEmpty()
                .recover(any -> Future.failedFuture(all.stream()
                        .filter(Future::failed)
                        .map(failed -> failed.cause().getMessage())
                        .collect(Collectors.joining("\n"))));
    }

    private static <T> Future<T> notBound(String name, String address, int port, Throwable failure) {
        return Future.failedFuture(name + ": " + address + ":" + port + " cannot be bound: " + failure.getMessage());
    }

    Ports ports() {
        return new Ports(parts.web.port(), parts.streams.port(), parts.probes.port(), parts.metrics.port());
    }

    /**
     * Leaves without breaking anything: goes on accepting for the drain delay, over which streams end one by one, then
     * lets requests finish for at most the drain timeout. Completes when nothing is left. The
     * probes and metrics answer until the process ends.
     */
    Future<Void> drain() {
        var delay = settings.drainDelay();
        var timeout = settings.drainTimeout();
        log.info("draining: {}", left());
        drain.begin(delay);
        return wait(delay)
                .compose(over -> parts.streams.stopAccepting())
                .compose(stopped -> Future.join(parts.web.shutdown(timeout), streamsWithin(timeout)))
                .transform(ended -> {
                    log.info("left after the drain: {}", left());
                    return parts.streams.close();
                });
    }

    /** What still runs, for the log. */
    String left() {
        return webTotals.active() + " HTTP connections, " + streamTotals.active() + " Tick-Storm connections";
    }

    private Future<Void> streamsWithin(Duration timeout) {
        return Future.any(parts.streams.drained(), wait(timeout)).mapEmpty();
    }

    private Future<Void> wait(Duration delay) {
        return delay.toMillis() == 0
                ? Future.succeededFuture()
                : vertx.timer(delay.toMillis()).mapEmpty();
    }

    /** Ready from the start to the end: readiness that fell while we still serve would take us out of the fall-back. */
    private record BackendStatus(Drain drain, StreamTotals streams, WebTotals web) implements Probes.Status {
        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public boolean draining() {
            return drain.begun();
        }

        @Override
        public JsonObject health() {
            return new JsonObject()
                    .put("active_connections", streams.active() + web.active())
                    .put("total_connections", streams.accepted() + web.accepted())
                    .put("subscriptions", streams.subscribed());
        }
    }
}
