package io.tickstorm.proxy.discovery;

import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.time.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Endpoints that are written down. Addresses never change; a host name is resolved again every 30 s on a thread of its
 * own (the data path never asks a resolver) and stands for all its addresses. A name that cannot be resolved keeps the
 * addresses it had.
 */
public final class StaticDiscovery implements Discovery {
    private static final Logger log = LoggerFactory.getLogger(StaticDiscovery.class);

    /** How long the JDK itself keeps an answer: asking more often finds nothing new. */
    private static final Duration RESOLVE_EVERY = Duration.ofSeconds(30);

    /** A name that has never been resolved, as while a network comes up. */
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    private final List<Endpoint> written;
    private final Resolver resolver;
    private final Ticker ticker;
    private final Semaphore closed = new Semaphore(0);
    private volatile boolean synced;
    private volatile long lastAnswer;

    /** Asks a name server; may block. */
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    public StaticDiscovery(List<Endpoint> written, Ticker ticker) {
        this(written, ticker, InetAddress::getAllByName);
    }

    StaticDiscovery(List<Endpoint> written, Ticker ticker, Resolver resolver) {
        this.written = List.copyOf(written);
        this.resolver = resolver;
        this.ticker = ticker;
    }

    /** With addresses only, the sink has its one set when this returns. */
    @Override
    public void start(Consumer<EndpointSet> sink) {
        if (written.stream().allMatch(StaticDiscovery::isAddress)) {
            sink.accept(new EndpointSet(written));
            synced = true;
        } else {
            Thread.ofVirtual().name("resolve").start(() -> resolve(sink));
        }
    }

    @Override
    public DiscoveryStatus status() {
        var names = !written.stream().allMatch(StaticDiscovery::isAddress);
        var age = synced && names ? Duration.ofNanos(Math.max(0, ticker.nanos() - lastAnswer)) : Duration.ZERO;
        return new DiscoveryStatus(synced, age, "static list");
    }

    @Override
    public void close() {
        closed.release();
    }

    private void resolve(Consumer<EndpointSet> sink) {
        var known = new HashMap<String, List<String>>();
        EndpointSet last = null;
        do {
            var all = resolveAll(known);
            var set = new EndpointSet(all);
            // Before every name has answered once, what is there is better than nothing, but it is not the whole truth.
            if (!all.isEmpty() && !set.equals(last)) {
                last = set;
                sink.accept(set);
            }
            synced = synced || known.keySet().containsAll(names());
        } while (!closedWithin(synced ? RESOLVE_EVERY : FIRST_RETRY));
    }

    private List<Endpoint> resolveAll(Map<String, List<String>> known) {
        for (var name : names()) {
            try {
                var addresses = Arrays.stream(resolver.resolve(name))
                        .map(InetAddress::getHostAddress)
                        .sorted(Comparator.naturalOrder())
                        .toList();
                known.put(name, oneFamily(addresses));
                lastAnswer = ticker.nanos();
            } catch (UnknownHostException e) {
                log.warn(
                        "{}: cannot be resolved, {} known addresses stay",
                        name,
                        known.getOrDefault(name, List.of()).size());
            }
        }
        var all = new ArrayList<Endpoint>();
        for (var endpoint : written) {
            if (isAddress(endpoint)) {
                all.add(endpoint);
            } else {
                known.getOrDefault(endpoint.id().host(), List.of()).forEach(address -> all.add(at(address, endpoint)));
            }
        }
        return all;
    }

    /** A host with both families would otherwise count twice. */
    private static List<String> oneFamily(List<String> addresses) {
        var v4 = addresses.stream().filter(address -> address.indexOf(':') < 0).toList();
        return v4.isEmpty() ? addresses : v4;
    }

    private List<String> names() {
        return written.stream()
                .filter(endpoint -> !isAddress(endpoint))
                .map(endpoint -> endpoint.id().host())
                .distinct()
                .toList();
    }

    private static Endpoint at(String address, Endpoint endpoint) {
        var id = new EndpointId(endpoint.id().uid(), address, endpoint.id().port());
        return new Endpoint(
                id, endpoint.name(), endpoint.zone(), endpoint.weight(), endpoint.condition(), endpoint.node());
    }

    private static boolean isAddress(Endpoint endpoint) {
        return EndpointsFile.isAddress(endpoint.id().host());
    }

    private boolean closedWithin(Duration wait) {
        try {
            return closed.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }
}
