package io.tickstorm.proxy.discovery;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An informer of slices, which lists once and is told of changes from then on. Any thread.
 *
 * <p>It goes on by itself after connections that were lost and versions that have expired. What it cannot do is notice that
 * it is not told any more.
 */
final class SliceWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SliceWatch.class);

    private final SharedIndexInformer<EndpointSlice> informer;
    private final Consumer<SliceWatch> onChange;
    private final AtomicLong events = new AtomicLong();

    /** @param onChange called with this after each change, on threads of the client, one at a time */
    SliceWatch(SharedIndexInformer<EndpointSlice> informer, String service, Consumer<SliceWatch> onChange) {
        this.informer = informer;
        this.onChange = onChange;
        informer.addEventHandler(new Events());
        informer.exceptionHandler((started, failure) -> {
            log.debug("service {}: the watch failed, it goes on", service, failure);
            return true;
        });
    }

    void start() {
        // The outcome is told by events; a failure goes to the exception handler above.
        var ignored = informer.start();
    }

    List<EndpointSlice> slices() {
        return informer.getStore().list();
    }

    /** How many times it has been told something. */
    long events() {
        return events.get();
    }

    /** Whether it shows just what a list shows. */
    boolean shows(Collection<EndpointSlice> listed) {
        return versions(listed).equals(versions(slices()));
    }

    @Override
    public void close() {
        informer.stop();
    }

    private static Map<String, String> versions(Collection<EndpointSlice> slices) {
        return slices.stream()
                .collect(Collectors.toMap(
                        slice -> slice.getMetadata().getUid(),
                        slice -> slice.getMetadata().getResourceVersion()));
    }

    /** What happens before the first list is complete would only show a part. */
    private final class Events implements ResourceEventHandler<EndpointSlice> {
        private volatile boolean listed;

        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            listed = true;
            changed();
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
                events.incrementAndGet();
                onChange.accept(SliceWatch.this);
            }
        }
    }
}
