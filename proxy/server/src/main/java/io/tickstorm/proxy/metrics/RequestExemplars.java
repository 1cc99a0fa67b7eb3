package io.tickstorm.proxy.metrics;

import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import io.tickstorm.proxy.access.Recorded;
import io.tickstorm.proxy.access.Try;
import io.tickstorm.proxy.endpoint.Histogram;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The last request of each bucket of each upstream, by its id. Any thread. */
public final class RequestExemplars implements Consumer<Recorded> {
    private static final String LABEL = "request_id";

    /** OpenMetrics 1.0: the names and values of an exemplar's labels have at most 128 characters together. */
    private static final int LONGEST_ID = 128 - LABEL.length();

    /** Between two scrapes, upstreams that went may add to those that are there; nobody may be there to scrape. */
    private static final int MOST_PLACES = 2 * LatencyHistograms.MOST;

    private static final double NANOS = 1e9;

    private final Map<Place, AtomicReferenceArray<@Nullable Exemplar>> places = new ConcurrentHashMap<>();

    record Place(String backend, String address) {}

    @Override
    public void accept(Recorded recorded) {
        var entry = recorded.entry();
        var request = entry.request();
        if (request == null || entry.tries().isEmpty()) {
            return;
        }
        var last = entry.tries().getLast();
        if (last.failure() != null
                || last.firstByteNanos() == Try.NEVER
                || request.id().isEmpty()
                || request.id().length() > LONGEST_ID) {
            return;
        }
        var place = new Place(entry.backend(), last.address());
        if (places.size() >= MOST_PLACES && !places.containsKey(place)) {
            return;
        }
        places.computeIfAbsent(place, added -> new AtomicReferenceArray<>(Histogram.bounds().length + 1))
                .set(
                        Histogram.bucket(last.firstByteNanos()),
                        new Exemplar(
                                last.firstByteNanos() / NANOS,
                                Labels.of(LABEL, request.id()),
                                recorded.ended().toEpochMilli()));
    }

    Exemplars of(Place place) {
        var buckets = places.get(place);
        if (buckets == null) {
            return Exemplars.EMPTY;
        }
        var found = new ArrayList<Exemplar>();
        for (int i = 0; i < buckets.length(); i++) {
            var exemplar = buckets.get(i);
            if (exemplar != null) {
                found.add(exemplar);
            }
        }
        return Exemplars.of(found);
    }

    void retain(Set<Place> present) {
        places.keySet().retainAll(present);
    }
}
