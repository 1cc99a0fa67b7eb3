package io.tickstorm.proxy.discovery;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.time.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of a Kubernetes service, from its EndpointSlices: an informer, and a watchdog beside it.
 *
 * <p>An informer cannot see a connection that is half open: it stays silent and calls itself healthy. So the watchdog
 * lists the slices every 10 s by itself; a list that the informer does not catch up with proves the informer stale, and
 * it is replaced. A list that fails proves nothing and changes nothing: the last good set stays, and only its age grows.
 * A set that turns empty is believed when a list of its own confirms it.
 *
 * <p>The lock guards the informer and what was published; only threads of the client and of the watchdog take it.
 */
public final class EndpointSliceDiscovery implements Discovery {
    private static final Logger log = LoggerFactory.getLogger(EndpointSliceDiscovery.class);
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    /** With the jitter of a tenth, many proxies do not ask at once. One small list per proxy and service is cheap. */
    private static final Duration LIST_EVERY = Duration.ofSeconds(10);

    /** A list and an event about the same change may come in either order; a second is long for that. */
    private static final Duration CATCH_UP = Duration.ofSeconds(1);

    private static final int MISSED_LISTS = 3;

    private final Supplier<KubernetesClient> clients;
    private volatile @Nullable String namespace;
    private final String service;
    private final String port;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Object lock = new Object();
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean closed;
    private volatile boolean synced;
    private volatile long lastContact;

    // Guarded by lock.
    private @Nullable SharedIndexInformer<EndpointSlice> informer;
    private @Nullable EndpointSet published;

    // Only on the watchdog's thread.
    private int missed;
    private boolean complained;

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
            Ticker ticker,
            RandomGenerator random) {
        this.clients = clients;
        this.namespace = namespace;
        this.service = service;
        this.port = port;
        this.ticker = ticker;
        this.random = random;
        this.lastContact = ticker.nanos();
    }

    @Override
    public void start(Consumer<EndpointSet> sink) {
        Thread.ofVirtual().name("slices " + service).start(() -> run(sink));
    }

    @Override
    public DiscoveryStatus status() {
        var age = Duration.ofNanos(Math.max(0, ticker.nanos() - lastContact));
        return new DiscoveryStatus(synced, age, "service " + (namespace == null ? "" : namespace + "/") + service);
    }

    @Override
    public void close() {
        closed = true;
        wake.release();
        synchronized (lock) {
            if (informer != null) {
                informer.stop();
            }
        }
    }

    private void run(Consumer<EndpointSet> sink) {
        try {
            var client = clients.get();
            if (namespace == null) {
                namespace = Objects.requireNonNullElse(client.getNamespace(), "default");
            }
            watch(client, sink);
        } catch (RuntimeException e) {
            log.error("{}: cannot be watched", status().source(), e);
        }
    }

    private void watch(KubernetesClient client, Consumer<EndpointSet> sink) {
        inform(client, sink);
        while (!closed) {
            waitForNextList();
            if (!closed) {
                verify(client, sink);
            }
        }
    }

    /** Until the next list is due, or an event asks for one. */
    private void waitForNextList() {
        var wait = missed > 0
                ? CATCH_UP
                : LIST_EVERY.multipliedBy(random.nextInt(90, 111)).dividedBy(100);
        try {
            if (wake.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void inform(KubernetesClient client, Consumer<EndpointSet> sink) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (informer != null) {
                informer.stop();
            }
            var fresh = slices(client).runnableInformer(0);
            fresh.addEventHandler(new Events(fresh, sink));
            fresh.exceptionHandler((started, failure) -> {
                log.debug("{}/{}: the watch failed, it goes on", namespace, service, failure);
                return true;
            });
            informer = fresh;
            // The outcome is told by events; a failure goes to the exception handler above.
            var ignored = fresh.start();
        }
    }

    private FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>> slices(
            KubernetesClient client) {
        return client.discovery().v1().endpointSlices().inNamespace(namespace).withLabel(SERVICE_LABEL, service);
    }

    /** Lists, and draws the conclusions. */
    private void verify(KubernetesClient client, Consumer<EndpointSet> sink) {
        List<EndpointSlice> listed;
        try {
            listed = slices(client).list().getItems();
        } catch (KubernetesClientException e) {
            complain(e);
            return;
        }
        lastContact = ticker.nanos();
        if (complained) {
            complained = false;
            log.info("{}/{}: the API server answers again", namespace, service);
        }
        synchronized (lock) {
            if (closed || informer == null) {
                return;
            }
            if (versions(listed).equals(versions(informer.getStore().list()))) {
                missed = 0;
                publish(listed, true, sink);
                return;
            }
        }
        if (++missed >= MISSED_LISTS) {
            missed = 0;
            log.warn("{}/{}: the watch is stale, watching anew", namespace, service);
            inform(client, sink);
        }
    }

    private void complain(KubernetesClientException failure) {
        if (!complained) {
            complained = true;
            log.warn(
                    "{}/{}: the API server does not answer, the last good endpoints stay: {}",
                    namespace,
                    service,
                    failure.getMessage());
        }
    }

    private void onEvent(SharedIndexInformer<EndpointSlice> source, Consumer<EndpointSet> sink) {
        synchronized (lock) {
            if (!closed && source == informer) {
                lastContact = ticker.nanos();
                publish(source.getStore().list(), false, sink);
            }
        }
    }

    /** @param confirmed whether a list has just said the same; without it an empty set only asks for one */
    private void publish(Collection<EndpointSlice> slices, boolean confirmed, Consumer<EndpointSet> sink) {
        var endpoints = EndpointSlices.endpoints(slices, port);
        if (endpoints.equals(published)) {
            return;
        }
        if (endpoints.endpoints().isEmpty() && published != null && !confirmed) {
            wake.release();
            return;
        }
        published = endpoints;
        sink.accept(endpoints);
        synced = true;
    }

    private static Map<String, String> versions(Collection<EndpointSlice> slices) {
        return slices.stream()
                .collect(Collectors.toMap(
                        slice -> slice.getMetadata().getUid(),
                        slice -> slice.getMetadata().getResourceVersion()));
    }

    /** What happens before the first list is complete would only show a part. */
    private final class Events implements ResourceEventHandler<EndpointSlice> {
        private final SharedIndexInformer<EndpointSlice> source;
        private final Consumer<EndpointSet> sink;
        private volatile boolean listed;

        Events(SharedIndexInformer<EndpointSlice> source, Consumer<EndpointSet> sink) {
            this.source = source;
            this.sink = sink;
        }

        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            listed = true;
            onEvent(source, sink);
        }

        @Override
        public void onAdd(EndpointSlice added) {
            changed();
        }

        @Override
        public void onUpdate(EndpointSlice before, EndpointSlice after) {
            changed();
        }

        @Override
        public void onDelete(EndpointSlice deleted, boolean finalStateUnknown) {
            changed();
        }

        private void changed() {
            if (listed) {
                onEvent(source, sink);
            }
        }
    }
}
