package io.tickstorm.proxy.discovery;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.IpFamily;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of a Kubernetes service, from its EndpointSlices: a watch, and lists beside it.
 *
 * <p>A watch cannot see that its connection is half open: it stays silent and calls itself healthy. So the slices are listed
 * every 10 s, and at once when an endpoint cannot be reached. A list that the watch does not catch up with proves the watch
 * stale: the list is believed, and the watch is begun anew. A list that fails proves nothing and changes nothing: the last
 * good set stays, and only its age grows. What disappears is a matter of {@link Belief}.
 *
 * <p>The lock guards the watch and what is believed; only threads of the client and of the rounds take it.
 */
public final class EndpointSliceDiscovery implements Discovery {
    private static final Logger log = LoggerFactory.getLogger(EndpointSliceDiscovery.class);

    /** With the jitter of a tenth, many proxies do not ask at once. One small list per proxy and service is cheap. */
    private static final Duration LIST_EVERY = Duration.ofSeconds(10);

    /** A list and an event about the same change may come in either order; a second is long for that. */
    private static final Duration CATCH_UP = Duration.ofSeconds(1);

    /** The second of the two events by which an endpoint is moved is on its way. */
    private static final Duration SETTLE = Duration.ofMillis(200);

    /** A watch that is told something, and is behind all the same, gets this many lists to catch up. */
    private static final int MOST_LISTS_BEHIND = 5;

    private final Supplier<KubernetesClient> clients;
    private final @Nullable String namespace;
    private final String service;
    private final String port;
    private final IpFamily family;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Rounds rounds;
    private final Relists relists = new Relists();
    private final Object lock = new Object();
    private volatile String source;
    private volatile boolean synced;
    private volatile long lastContact;
    private volatile @Nullable String trouble;

    // Guarded by lock.
    private final Belief belief = new Belief();
    private @Nullable Consumer<EndpointSet> sink;
    private @Nullable SliceWatch watch;
    private boolean namesSeen;
    private boolean closed;

    // Only in the rounds, of which one runs at a time.
    private @Nullable ServiceSlices slices;
    private int listsBehind;
    private long eventsBefore;

    /**
     * @param clients gives the client, on a thread that may block; the caller closes it
     * @param namespace null = the one that the client's configuration names: in a pod, the pod's
     * @param port the name of the service's port, empty for one without a name
     */
    public EndpointSliceDiscovery(
            Supplier<KubernetesClient> clients,
            @Nullable String namespace,
            String service,
            String port,
            IpFamily family,
            Ticker ticker,
            Timers timers,
            RandomGenerator random) {
        this.clients = clients;
        this.namespace = namespace;
        this.service = service;
        this.port = port;
        this.family = family;
        this.ticker = ticker;
        this.random = random;
        this.rounds = new Rounds("slices " + service, this::round, ticker, timers);
        this.source = "service " + (namespace == null ? "" : namespace + "/") + service;
        this.lastContact = ticker.nanos();
    }

    @Override
    public void start(Consumer<EndpointSet> sink) {
        synchronized (lock) {
            this.sink = sink;
        }
        rounds.start();
    }

    @Override
    public DiscoveryStatus status() {
        var age = Duration.ofNanos(Math.max(0, ticker.nanos() - lastContact));
        return new DiscoveryStatus(synced, age, source, trouble, relists.snapshot());
    }

    @Override
    public void doubt() {
        if (synced && rounds.soon(Duration.ZERO)) {
            relists.count(Relist.UNREACHABLE);
        }
    }

    @Override
    public void close() {
        rounds.close();
        synchronized (lock) {
            closed = true;
            if (watch != null) {
                watch.close();
            }
        }
    }

    private Duration round() {
        try {
            verify(slices == null ? connect() : slices);
        } catch (KubernetesClientException e) {
            failed(e);
        } catch (RuntimeException e) {
            broken(e);
        }
        return listsBehind > 0 || !synced
                ? CATCH_UP
                : LIST_EVERY.multipliedBy(random.nextInt(90, 111)).dividedBy(100);
    }

    private ServiceSlices connect() {
        var client = clients.get();
        var where = namespace != null ? namespace : Objects.requireNonNullElse(client.getNamespace(), "default");
        source = "service " + where + "/" + service;
        var connected = new ServiceSlices(client, where, service);
        slices = connected;
        return connected;
    }

    /** Lists, and draws the conclusions. */
    private void verify(ServiceSlices from) {
        long asked = ticker.nanos();
        var listed = from.list();
        answered();
        synchronized (lock) {
            var current = watch;
            if (closed) {
                return;
            }
            if (current == null) {
                believe(listed, asked);
                watchAnew(from);
            } else if (current.shows(listed)) {
                listsBehind = 0;
                believe(listed, asked);
            } else if (stale(current)) {
                listsBehind = 0;
                relists.count(Relist.MISSED);
                log.warn("{}: the watch has missed a change, watching anew", source);
                believe(listed, asked);
                watchAnew(from);
            }
        }
    }

    /** Of a watch that does not show what was listed just now. */
    private boolean stale(SliceWatch current) {
        // Told of nothing since the last list that it did not show: it will not be told of that any more.
        boolean silent = listsBehind > 0 && current.events() == eventsBefore;
        eventsBefore = current.events();
        return silent || ++listsBehind >= MOST_LISTS_BEHIND;
    }

    private void believe(List<EndpointSlice> listed, long asked) {
        lastContact = asked;
        take(belief.listed(endpoints(listed)));
    }

    private void watchAnew(ServiceSlices from) {
        if (watch != null) {
            watch.close();
        }
        var fresh = from.watch(this::changed);
        watch = fresh;
        fresh.start();
    }

    private void changed(SliceWatch teller) {
        synchronized (lock) {
            if (!closed && teller == watch) {
                lastContact = ticker.nanos();
                take(belief.watched(endpoints(teller.slices())));
            }
        }
    }

    private void take(Belief.Verdict verdict) {
        var receiver = sink;
        if (verdict.set() != null && receiver != null) {
            receiver.accept(verdict.set());
            synced = true;
        }
        if (verdict.open() && rounds.soon(SETTLE)) {
            relists.count(Relist.VANISHED);
        }
    }

    private EndpointSet endpoints(List<EndpointSlice> of) {
        if (!namesSeen && of.stream().anyMatch(slice -> "FQDN".equals(slice.getAddressType()))) {
            namesSeen = true;
            log.warn("{}: its slices of host names are left out (expected: of IPv4 or IPv6 addresses)", source);
        }
        return EndpointSlices.endpoints(of, port, family);
    }

    private void answered() {
        if (trouble != null) {
            trouble = null;
            log.info("{}: the API server answers again", source);
        }
    }

    private void failed(KubernetesClientException failure) {
        synchronized (lock) {
            belief.failed();
        }
        tell(words(failure));
    }

    private static String words(KubernetesClientException failure) {
        if (failure.getCode() > 0) {
            return "the API server answers " + failure.getCode() + ": " + failure.getMessage();
        }
        // The client's own message names the operation; why it failed is in the cause.
        return "the API server does not answer: " + (failure.getCause() == null ? failure : failure.getCause());
    }

    private void broken(RuntimeException failure) {
        boolean over;
        synchronized (lock) {
            over = closed;
        }
        if (!over) {
            log.debug("{}", source, failure);
            tell("cannot be asked: " + failure);
        }
    }

    private void tell(String words) {
        if (trouble == null) {
            log.warn("{}: {}; the last good endpoints stay", source, words);
        }
        trouble = words;
    }
}
