package io.tickstorm.proxy.http;

import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.admission.DrainGate;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.route.Choice;
import io.tickstorm.proxy.route.HttpRoutes;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.transport.Transport;

/** What all connections of a listener share. Read from any event loop; limits and routes change on the control thread. */
final class Listening {
    private final String name;
    private final Transport transport;
    private final Surroundings surroundings;
    private final HttpCounters counters = new HttpCounters();
    private final DrainGate gate = new DrainGate();
    private final ClientLimits clients;
    private volatile ListenerLimits.Http limits;
    private volatile HttpRoutes<Split> routes;

    Listening(
            String name,
            Surroundings surroundings,
            ListenerLimits.Http limits,
            ClientLimits clients,
            Routes<Split> routes) {
        this.name = name;
        this.transport = Transport.of(surroundings.loops());
        this.surroundings = surroundings;
        this.limits = limits;
        this.clients = clients;
        this.routes = new HttpRoutes<>(routes);
    }

    String name() {
        return name;
    }

    Transport transport() {
        return transport;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    HttpCounters counters() {
        return counters;
    }

    /** Counts connections; from its draining on, every answer announces the close. */
    DrainGate gate() {
        return gate;
    }

    /** What single clients may do. */
    ClientLimits clients() {
        return clients;
    }

    /** Whether connections are to end with the answer that comes next. */
    boolean closing() {
        return gate.phase() != DrainGate.Phase.OPEN;
    }

    ListenerLimits.Http limits() {
        return limits;
    }

    /** Who gets this request. */
    Choice<Split> route(RequestHead head) {
        return routes.choose(head);
    }

    void change(ListenerLimits.Http changed, Routes<Split> next) {
        routes = new HttpRoutes<>(next);
        limits = changed;
    }
}
