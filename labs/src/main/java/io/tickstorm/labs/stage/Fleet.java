package io.tickstorm.labs.stage;

import io.tickstorm.operator.telemetry.Telemetry;
import io.tickstorm.operator.telemetry.UpstreamReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Pods of one backend, as many as somebody wants, which keep connections and do nothing else. One thread. */
public final class Fleet implements AutoCloseable {
    private final String name;
    private final EndpointList list;
    private final List<Sink> pods = new ArrayList<>();
    private int started;

    /** @param name of the pods, with a number behind it */
    public Fleet(String name, EndpointList list) {
        this.name = name;
        this.list = list;
    }

    /** How many there are. */
    public int size() {
        return pods.size();
    }

    /** Starts more or ends some. As in Kubernetes those end first that came last, and with them their connections. */
    public void scale(int wanted) throws IOException {
        while (pods.size() < wanted) {
            pods.add(new Sink(name + "-" + started++, 0));
            list.ready(pods.getLast());
        }
        while (pods.size() > wanted) {
            var last = pods.removeLast();
            list.gone(last);
            last.close();
        }
    }

    /** What a proxy has running on each endpoint of a backend, as the operator asks it: {@code tick_storm_upstream_in_flight}. */
    public static List<Long> inFlight(Telemetry telemetry, Proxy proxy, String backend) {
        return telemetry.ask(List.of(proxy.address())).proxies().stream()
                .flatMap(said -> said.upstreams().stream())
                .filter(upstream -> upstream.backend().equals(backend))
                .map(UpstreamReport::inFlight)
                .toList();
    }

    @Override
    public void close() throws IOException {
        scale(0);
    }
}
