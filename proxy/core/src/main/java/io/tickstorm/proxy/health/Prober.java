package io.tickstorm.proxy.health;

import io.tickstorm.proxy.endpoint.Endpoint;
import java.util.function.Consumer;

/** Asks an endpoint how it is. */
@FunctionalInterface
public interface Prober {
    /**
     * Begins one check and returns at once.
     *
     * @param result told once, by any thread, at any time; what comes after {@link HealthCheckSettings#timeout()} is too
     *     late and ignored, so the prober should give up by then
     */
    void probe(Endpoint endpoint, HealthCheckSettings settings, Consumer<ProbeResult> result);
}
