package io.tickstorm.proxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.config.Changes;
import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.metrics.ProxyMeters;
import io.tickstorm.proxy.route.Route;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.transport.Port;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports that serve, by name, and those that were closed and still finish what runs. Changed on the control thread,
 * read by any.
 */
final class Listeners {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    /** Opens a port of either protocol. */
    interface Binder {
        CompletionStage<RunningListener> bind(ListenerSettings settings, Routes<Split> routes);
    }

    private final Binder binder;
    private final Executor control;
    private final MeterRegistry registry;
    private final Function<String, Backend> backends;
    private final Set<RunningListener> leaving = ConcurrentHashMap.newKeySet();
    private final LongAdder acceptedByGone = new LongAdder();
    private volatile Map<String, RunningListener> serving = Map.of();

    // Only on the control thread.
    private final Map<RunningListener, ProxyMeters> meters = new LinkedHashMap<>();

    /** @param backends by name, those of the configuration that is being applied */
    Listeners(Binder binder, Executor control, MeterRegistry registry, Function<String, Backend> backends) {
        this.binder = binder;
        this.control = control;
        this.registry = registry;
        this.backends = backends;
    }

    /** Those that accept, in the order of the configuration. */
    Collection<RunningListener> serving() {
        return serving.values();
    }

    /** What they serve with. */
    List<ListenerSettings> settings() {
        return serving.values().stream().map(RunningListener::settings).toList();
    }

    /** Connections that are open on all ports, those of closed ones included. */
    int connections() {
        return ports().mapToInt(Port::connections).sum();
    }

    /** Connections since the start, on all ports, those that are gone included. */
    long accepted() {
        return acceptedByGone.sum() + ports().mapToLong(Port::accepted).sum();
    }

    private void gone(RunningListener listener) {
        if (leaving.remove(listener)) {
            acceptedByGone.add(listener.port().accepted());
        }
    }

    /** What runs, one line each. */
    List<String> describe() {
        return ports().flatMap(port -> port.describe().stream()).toList();
    }

    /**
     * Opens, changes and closes ports. Call on the control thread, and not again before it has completed.
     *
     * @return what could not be done, one line each; what a line speaks of is as it was before
     */
    CompletionStage<List<String>> apply(Changes<ListenerSettings> changes) {
        var problems = new ArrayList<String>();
        changes.removed().forEach(this::leave);
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (var settings : changes.fresh()) {
            all = all.thenComposeAsync(before -> apply(settings, problems), control);
        }
        return all.thenApplyAsync(
                done -> {
                    arrange(changes.order());
                    return List.copyOf(problems);
                },
                control);
    }

    /** Brings those that serve into the order of the configuration. */
    private void arrange(List<String> order) {
        var arranged = new LinkedHashMap<String, RunningListener>();
        for (var name : order) {
            var listener = serving.get(name);
            if (listener != null) {
                arranged.put(name, listener);
            }
        }
        serving = Collections.unmodifiableMap(arranged);
    }

    private CompletionStage<Void> apply(ListenerSettings settings, List<String> problems) {
        var name = settings.name();
        Routes<Split> routes;
        try {
            routes = routes(settings);
        } catch (IllegalArgumentException e) {
            problems.add("listener " + name + ": " + e.getMessage());
            return CompletableFuture.completedFuture(null);
        }
        var old = serving.get(name);
        if (old != null && samePort(old.settings(), settings)) {
            if (old.settings().protocol() == settings.protocol()) {
                change(old, settings, routes, problems);
                return CompletableFuture.completedFuture(null);
            }
            // The port can only change hands when the old protocol has let go of it.
            return leave(name).thenComposeAsync(closed -> bind(settings, routes, problems), control);
        }
        return bind(settings, routes, problems);
    }

    private void change(
            RunningListener listener, ListenerSettings settings, Routes<Split> routes, List<String> problems) {
        boolean secured = listener.tls().on();
        try {
            listener.change(settings, routes);
        } catch (IllegalArgumentException e) {
            problems.add("listener " + settings.name() + ": " + e.getMessage());
            return;
        }
        // With TLS there are more of them. Those that stay are left alone: a scrape that meets them while they come and
        // go finds one of them twice, and fails.
        if (secured != listener.tls().on()) {
            meter(listener);
        }
    }

    private Routes<Split> routes(ListenerSettings settings) {
        return new Routes<>(
                settings.routes().stream()
                        .map(route -> new Route<>(route.name(), route.conditions(), split(route.backends())))
                        .toList(),
                settings.backends().isEmpty() ? null : split(settings.backends()));
    }

    private Split split(List<BackendShare> shares) {
        return new Split(shares.stream()
                .map(share -> new Split.Share(backends.apply(share.name()), share.weight(), share.standby()))
                .toList());
    }

    private CompletionStage<Void> bind(ListenerSettings settings, Routes<Split> routes, List<String> problems) {
        CompletionStage<RunningListener> binding;
        try {
            binding = binder.bind(settings, routes);
        } catch (IllegalArgumentException e) {
            problems.add("listener " + settings.name() + ": " + e.getMessage());
            return CompletableFuture.completedFuture(null);
        }
        return binding.handleAsync(
                (listener, failure) -> {
                    if (listener != null) {
                        leave(settings.name());
                        enter(listener);
                    } else {
                        problems.add("listener " + settings.name() + ": " + settings.address() + ":" + settings.port()
                                + " cannot be bound: " + cause(failure));
                    }
                    return null;
                },
                control);
    }

    private static String cause(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private void enter(RunningListener listener) {
        var settings = listener.settings();
        meter(listener);
        var changed = new LinkedHashMap<>(serving);
        changed.put(settings.name(), listener);
        serving = Collections.unmodifiableMap(changed);
        log.info(
                "{}: {} on {}:{}",
                settings.name(),
                settings.protocol(),
                settings.address(),
                listener.port().number());
    }

    /** Takes its meters out and puts in those it has now. */
    private void meter(RunningListener listener) {
        var before = meters.remove(listener);
        if (before != null) {
            before.remove();
        }
        var settings = listener.settings();
        var added = new ProxyMeters(registry, "listener", settings.name())
                .gauge("listener_connections", "Connections that are open", listener.port()::connections)
                .counter("connections", "Connections since the start", listener.port()::accepted)
                .counter(
                        "connections_refused",
                        "Connections that came while too many were open",
                        listener.port()::refused);
        added.counter(
                "connections_over_rate",
                "Connections that came faster than the listener takes them",
                listener.port().accepting()::refused);
        meter(added, listener.port().clients());
        listener.meter(added);
        if (listener.tls().on()) {
            TlsMeters.add(added, listener.tls());
        }
        meters.put(listener, added);
    }

    private static void meter(ProxyMeters meters, ClientLimits clients) {
        meters.gauge("listener_clients", "Clients that have a connection open", clients::clients);
        for (var reason : ClientLimits.Reason.values()) {
            meters.counter(
                    "clients_refused",
                    "Connections, requests and messages of clients that were over their limits",
                    () -> clients.refused(reason),
                    "reason",
                    reason.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Closes the port of this name, if there is one; what runs on it goes on. */
    private CompletionStage<Void> leave(String name) {
        var old = serving.get(name);
        if (old == null) {
            return CompletableFuture.completedFuture(null);
        }
        var changed = new LinkedHashMap<>(serving);
        changed.remove(name);
        leaving.add(old);
        serving = Collections.unmodifiableMap(changed);
        var gone = meters.remove(old);
        if (gone != null) {
            gone.remove();
        }
        log.info(
                "{}: port {} closed, {} connections go on",
                name,
                old.port().number(),
                old.port().connections());
        old.port().announceClose();
        old.port().whenEmpty().thenRun(() -> gone(old));
        return old.port().stopAccepting();
    }

    /** Tells clients that the end is near; goes on accepting. */
    void announceClose() {
        ports().forEach(Port::announceClose);
    }

    /** Closes all ports; completes when nothing runs any more. On the control thread. */
    CompletionStage<Void> close() {
        List.copyOf(serving.keySet()).forEach(this::leave);
        return CompletableFuture.allOf(leaving.stream()
                .map(listener -> listener.port().whenEmpty().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Tells sessions that would not end by themselves to end, spread over this time. */
    void part(Duration window) {
        ports().forEach(port -> port.part(window));
    }

    void abort() {
        ports().forEach(Port::abort);
    }

    private Stream<Port> ports() {
        return Stream.concat(serving.values().stream(), leaving.stream()).map(RunningListener::port);
    }

    private static boolean samePort(ListenerSettings one, ListenerSettings other) {
        return one.port() == other.port() && one.address().equals(other.address());
    }
}
