package io.tickstorm.proxy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.tickstorm.process.LogLevels;
import io.tickstorm.process.Scaling;
import io.tickstorm.proxy.access.RecordingLog;
import io.tickstorm.proxy.admin.Health;
import io.tickstorm.proxy.admin.Sources;
import io.tickstorm.proxy.admin.State;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.config.ConfigDiff;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.history.History;
import io.tickstorm.proxy.history.Kind;
import io.tickstorm.proxy.history.Timeline;
import io.tickstorm.proxy.http.Surroundings;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.metrics.ConfigurationInfo;
import io.tickstorm.proxy.metrics.ConfigurationProblems;
import io.tickstorm.proxy.metrics.LatencyHistograms;
import io.tickstorm.proxy.metrics.ProxyMeters;
import io.tickstorm.proxy.metrics.RequestExemplars;
import io.tickstorm.proxy.probing.WireProber;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.time.Randomness;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.tls.Engine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running proxy: its backends, its ports, and how it ends. The one place where the parts meet. Thread-safe.
 *
 * <p>The event loops are those of Vert.x, and the channels of the data path live on them; whatever decides about many
 * connections at once happens on one control thread.
 */
public final class Proxy implements Reload.Target {
    private static final Logger log = LoggerFactory.getLogger(Proxy.class);

    /** What may wait, and reads more than an event loop should. */
    private static final Executor OFF_LOOP =
            task -> Thread.ofVirtual().name("live").start(task);

    private final Ticker ticker = Ticker.system();
    private final ControlThread control = new ControlThread();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Discoveries discoveries;
    private final Path folder;
    private final Environment environment;
    private final RecordingLog access;
    private final Certificates certificates;
    private final Backends backends;
    private final Listeners listeners;
    private final Drain drain;
    private final OwnPorts own = new OwnPorts();
    private final CurrentConfig config;
    private final Timeline timeline;
    private final ConfigNews configNews;
    private final History history;

    private Proxy(Vertx vertx, ProxyConfig config, Path folder, Environment environment, Supplier<Engine> engine) {
        this.folder = folder;
        this.environment = environment;
        var random = Randomness.perThread();
        EventLoopGroup loops = ((VertxInternal) vertx).nettyEventLoopGroup();
        this.certificates = new Certificates(engine, folder, ticker, InstantSource.system(), control);
        this.config = new CurrentConfig(config, certificates::problems);
        this.timeline = new Timeline(InstantSource.system());
        this.configNews = new ConfigNews(timeline);
        this.history = new History(this::reading, ticker, control, OFF_LOOP);
        var exemplars = new RequestExemplars();
        this.access = new RecordingLog(
                config.accessLog(),
                folder,
                InstantSource.system(),
                ticker,
                config.metrics().exemplars() ? exemplars : null);
        this.discoveries = new Discoveries(folder, loops, ticker, control, random);
        var zone = config.zone() == null ? environment.zone() : config.zone();
        this.backends = new Backends(
                control,
                folder,
                certificates,
                backend -> new Backend(
                        backend.name(),
                        backend.settings(),
                        zone,
                        ticker,
                        control,
                        random,
                        new WireProber(loops, certificates.upstreams().of(backend.name()))),
                discoveries::of,
                registry,
                timeline);
        var surroundings =
                new Surroundings(loops, ticker, InstantSource.system(), random, access, certificates.upstreams());
        this.listeners = new Listeners(
                (settings, routes) -> bind(surroundings, settings, routes), control, registry, backends::named);
        this.drain = new Drain(listeners, control);
        registry.getPrometheusRegistry()
                .register(new LatencyHistograms(
                        () -> backends.running().stream()
                                .map(RunningBackend::backend)
                                .toList(),
                        exemplars));
        registry.getPrometheusRegistry().register(new ConfigurationInfo(this.config::hash));
        registry.getPrometheusRegistry().register(new ConfigurationProblems(this.config::problems));
        new ProxyMeters(registry)
                .gauge("active_connections", "Connections that are open, on all listeners", listeners::connections)
                .gauge("draining", "1 once the proxy has been asked to end", () -> drain.begun() ? 1 : 0)
                .gauge(
                        "configuration_refused",
                        "1 while a newer configuration than the one in use is refused",
                        () -> this.config.refused() ? 1 : 0)
                .counter("access_log_lines", "Requests and connections that a line was due for", access::lines)
                .counter("access_log_dropped", "Lines of the access log that were lost", access::dropped);
    }

    /** As {@link #start(Vertx, ProxyConfig, Path)}, with paths relative to the working directory. */
    public static Future<Proxy> start(Vertx vertx, ProxyConfig config) {
        return start(vertx, config, Path.of(""));
    }

    /**
     * Starts a proxy. It has bound its ports when this completes; whether every backend is known yet, {@code /ready} tells.
     *
     * @param config as {@link ProxyConfig#read} returned it
     * @param folder what the paths of the configuration are relative to
     * @return fails, with a message that names each of them, if a port cannot be bound; what was started is closed then
     */
    public static Future<Proxy> start(Vertx vertx, ProxyConfig config, Path folder) {
        return start(vertx, config, folder, Environment.NONE);
    }

    /** The same, with what the environment says. */
    public static Future<Proxy> start(Vertx vertx, ProxyConfig config, Path folder, Environment environment) {
        return start(vertx, config, folder, environment, Engine::best);
    }

    /** The same, with TLS by this engine. */
    static Future<Proxy> start(Vertx vertx, ProxyConfig config, Path folder, Environment environment, Engine engine) {
        return start(vertx, config, folder, environment, () -> engine);
    }

    private static Future<Proxy> start(
            Vertx vertx, ProxyConfig config, Path folder, Environment environment, Supplier<Engine> engine) {
        var proxy = new Proxy(vertx, config, folder, environment, engine);
        return proxy.open(vertx)
                .map(proxy)
                .recover(failure -> proxy.close().transform(closed -> Future.failedFuture(failure)));
    }

    private CompletionStage<RunningListener> bind(
            Surroundings surroundings, ListenerSettings settings, Routes<Split> routes) {
        return switch (settings.protocol()) {
            case HTTP -> RunningHttp.bind(surroundings, certificates, settings, routes);
            case TCP -> RunningTcp.bind(surroundings, certificates, settings, routes);
        };
    }

    private Future<Void> open(Vertx vertx) {
        var wanted = config.taken();
        var traffic = Future.fromCompletionStage(apply(wanted))
                .compose(problems -> problems.isEmpty()
                        ? Future.<Void>succeededFuture()
                        : Future.failedFuture(String.join("\n", problems)));
        history.start();
        var all = new ArrayList<Future<?>>(List.of(traffic));
        all.addAll(own.open(
                vertx,
                wanted,
                new Health(this::state, ticker),
                sources(),
                registry,
                new Scaling(environment.scaling(), listeners::connections, listeners::accepted)));
        return Future.join(all)
                .<Void>mapEmpty()
                .recover(any -> Future.failedFuture(all.stream()
                        .filter(Future::failed)
                        .map(failed -> failed.cause().getMessage())
                        .collect(Collectors.joining("\n"))));
    }

    /** The bound ports of the listeners, by name; our own are not among them. */
    public Map<String, Integer> ports() {
        return listeners.serving().stream()
                .collect(Collectors.toMap(
                        listener -> listener.settings().name(),
                        listener -> listener.port().number()));
    }

    /** The bound port of the probes. */
    public int healthPort() {
        return own.health();
    }

    /** The bound port of the state and of changes by hand. */
    public int adminPort() {
        return own.admin();
    }

    /** What the admin port answers, such as {@code GET /state}. */
    List<String> adminRoutes() {
        return own.adminRoutes();
    }

    /** The bound port of the metrics. */
    public int metricsPort() {
        return own.metrics();
    }

    /** What runs now, for the log. */
    public String left() {
        return listeners.connections() + " connections";
    }

    /**
     * Takes over another configuration without dropping anything that runs.
     *
     * @return what could not be taken over, one line each; it stays as it was
     */
    @Override
    public CompletionStage<List<String>> change(ProxyConfig changed) {
        return apply(changed).thenApply(left -> config.changed(changed, left));
    }

    @Override
    public void taken(String hash) {
        config.text(hash);
        configNews.taken(hash, config.problems());
    }

    @Override
    public void refused(List<String> messages) {
        config.refused(messages);
        configNews.refused(messages);
    }

    /** What is wrong with the last configuration that came, one line each; empty if all of it was taken over. */
    public List<String> problems() {
        return config.problems();
    }

    private CompletionStage<List<String>> apply(ProxyConfig wanted) {
        return CompletableFuture.supplyAsync(() -> ConfigDiff.between(running(), wanted), control)
                .thenComposeAsync(diff -> apply(wanted, diff), control);
    }

    /** Backends come before the listeners that name them, and go after these. */
    private CompletionStage<List<String>> apply(ProxyConfig wanted, ConfigDiff diff) {
        log.debug("{}", diff);
        var problems = new ArrayList<>(backends.apply(diff.backends()));
        return listeners
                .apply(diff.listeners())
                .thenApplyAsync(
                        ofListeners -> {
                            problems.addAll(ofListeners);
                            config.take(wanted);
                            access.change(wanted.accessLog());
                            if (problems.isEmpty()) {
                                backends.remove(diff.backends().removed());
                            }
                            return List.copyOf(problems);
                        },
                        control);
    }

    /** What holds now: where the last change could not be made, it is not what was wanted. On the control thread. */
    private ProxyConfig running() {
        return config.taken().with(listeners.settings(), backends.configs());
    }

    private State state() {
        return new State(
                drain.begun(),
                listeners.accepted(),
                listeners.serving().stream()
                        .map(listener -> new State.ListenerState(
                                listener.settings(),
                                listener.port().number(),
                                listener.port().connections(),
                                listener.traffic()))
                        .toList(),
                backends.running().stream()
                        .map(backend ->
                                new State.BackendState(backend.backend(), backend.config(), backend.discovery()))
                        .toList(),
                config.state(running()));
    }

    private History.Reading reading() {
        return new History.Reading(
                backends.running().stream().map(RunningBackend::backend).toList(),
                listeners.serving().stream()
                        .collect(
                                Collectors.toMap(listener -> listener.settings().name(), RunningListener::traffic)));
    }

    private Sources sources() {
        var token = config.taken().admin().tokenFile();
        return new Sources(
                this::state,
                access.recent(),
                history,
                timeline,
                ticker,
                InstantSource.system(),
                control,
                OFF_LOOP,
                control,
                new LogLevels(),
                token == null ? null : folder.resolve(token));
    }

    /**
     * Ends in order: goes on accepting for {@code drain.delay} and announces the close, then closes the ports, lets what
     * runs finish for at most {@code drain.timeout}, and cuts off the rest. Never fails; called again, it returns the same.
     */
    public Future<Void> drain() {
        if (!drain.begun()) {
            timeline.add(Kind.ENDING, "", "asked to end: new connections are taken a while longer, what runs finishes");
        }
        return Future.fromCompletionStage(drain.begin(config.taken().drain())).compose(drained -> close());
    }

    /** How long {@link #drain} takes at most, as the configuration that holds now says. */
    public Duration drainLimit() {
        return config.taken().drain().total();
    }

    /** Ends at once; for tests and failed starts. */
    public Future<Void> close() {
        return Future.fromCompletionStage(CompletableFuture.runAsync(
                        () -> {
                            listeners.close();
                            listeners.abort();
                            backends.close();
                        },
                        control))
                .eventually(own::close)
                .eventually(() -> {
                    history.close();
                    certificates.close();
                    control.close();
                    discoveries.close();
                    access.close();
                    return Future.succeededFuture();
                })
                .onFailure(failure -> log.warn("closing", failure))
                .otherwiseEmpty();
    }
}
