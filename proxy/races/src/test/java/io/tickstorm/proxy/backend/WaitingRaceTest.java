package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.races.Races;
import io.tickstorm.proxy.retry.RetrySettings;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** A backend of one upstream, which has room for one attempt. */
public class WaitingRaceTest {
    private final Backend backend = new Backend(
            "web",
            new BackendSettings(
                    new BalancingSettings(BalancingSettings.Kind.LEAST_CONNECTIONS),
                    null,
                    RetrySettings.DEFAULT,
                    CircuitBreakerSettings.DEFAULT,
                    OutlierEjectionSettings.OFF,
                    new LimitSettings(1, 0, new LimitSettings.Queue(8, Duration.ofSeconds(1))),
                    null),
            null,
            () -> 0,
            (delay, task) -> () -> {},
            () -> 42L,
            (endpoint, check, result) -> {});
    private final ConcurrentLinkedQueue<Lease> held = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Place> places = new ConcurrentLinkedQueue<>();

    public WaitingRaceTest() {
        backend.update(EndpointSet.of(Endpoint.active(new EndpointId("a", "10.0.0.1", 80), "a")));
    }

    @Operation
    public void await() {
        var place = backend.await(new Attempts(), false, held::add);
        if (place != null) {
            places.add(place);
        }
    }

    @Operation
    public void end() {
        var lease = held.poll();
        if (lease != null) {
            lease.end(new Outcome.Cancelled());
        }
    }

    @Operation
    public void leave() {
        var place = places.poll();
        if (place != null) {
            place.leave();
        }
    }

    @Validate
    public void nobodyWaitsBesideRoom() {
        if (backend.inFlight() != held.size() || held.size() > 1) {
            throw new IllegalStateException(backend.inFlight() + " in flight, of which are held " + held.size());
        }
        if (backend.queued() > 0 && backend.inFlight() == 0) {
            throw new IllegalStateException(backend.queued() + " wait, and there is room");
        }
    }

    @Test
    void roomGoesToWhoeverWaitsAndNeverToTwo() {
        Races.check(getClass());
    }
}
