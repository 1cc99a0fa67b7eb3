package io.tickstorm.proxy.sim;

import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.balance.HashKey;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.time.Randomness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Clients, replicas of the balancer that know nothing of each other, and servers. */
final class World {
    /** What most scenarios begin with. */
    static final int SERVERS = 5;

    /** What a request takes of one worker, on average: half of it each time, the rest exponentially distributed. */
    static final Duration SERVICE_TIME = Duration.ofMillis(10);

    private static final double SECOND = 1e9;
    // So many clients that one of them is nothing, and so few that each comes back within seconds.
    private static final int CLIENTS = 2_000;

    private final VirtualTime time = new VirtualTime();
    private final Tally tally = new Tally();
    private final Map<EndpointId, Server> servers = new LinkedHashMap<>();
    private final Map<Server, Endpoint> listed = new LinkedHashMap<>();
    private final List<Backend> replicas;
    // What clients do does not depend on what the policy draws.
    private final RandomGenerator clients;
    private List<Server> inService = List.of();

    World(BackendSettings settings, int replicas, long seed) {
        clients = Randomness.seeded(seed);
        this.replicas = IntStream.range(0, replicas)
                .mapToObj(i -> new Backend(
                        "web",
                        settings,
                        null,
                        time,
                        time,
                        Randomness.seeded(HashKey.of(seed + " of replica " + i)),
                        (endpoint, check, result) -> {}))
                .toList();
    }

    VirtualTime time() {
        return time;
    }

    Tally tally() {
        return tally;
    }

    Server server(EndpointId id) {
        return Objects.requireNonNull(servers.get(id), "balancers know only servers of this world");
    }

    /** Those that discovery names as ready. */
    Collection<Server> inService() {
        return inService;
    }

    List<Server> join(int count) {
        var joined = IntStream.range(0, count)
                .mapToObj(i -> new Server(servers.size() + 1 + i, time))
                .toList();
        for (var server : joined) {
            servers.put(server.endpoint().id(), server);
            listed.put(server, server.endpoint());
        }
        publish();
        return joined;
    }

    /** Discovery says that it is terminating. */
    void drain(Server server) {
        listed.put(server, server.endpoint().with(Condition.DRAINING));
        publish();
    }

    /** Discovery names it no more. */
    void leave(Server server) {
        listed.remove(server);
        publish();
    }

    void at(Duration when, Runnable event) {
        time.in(when.toNanos() - time.nanos(), event);
    }

    /** Requests from now on, as many as keep this part of the workers of so many servers busy. */
    void load(double utilisation, int serverCount, Duration until) {
        double perSecond = utilisation * serverCount * Server.WORKERS * SECOND / SERVICE_TIME.toNanos();
        arrive(SECOND / perSecond, until.toNanos(), this::request);
    }

    /** Connections that stay, one after the other. */
    void connections(int count, Duration time) {
        for (int i = 0; i < count; i++) {
            this.time.in(time.toNanos() / count * i, this::connection);
        }
    }

    private void arrive(double meanGap, long until, Runnable what) {
        long gap = (long) (clients.nextExponential() * meanGap);
        if (time.nanos() + gap < until) {
            time.in(gap, () -> {
                what.run();
                arrive(meanGap, until, what);
            });
        }
    }

    private void request() {
        tally.asked();
        long demand = (long) ((1 + clients.nextExponential()) * SERVICE_TIME.toNanos() / 2);
        long key = HashKey.of("client " + clients.nextInt(CLIENTS));
        new Call(this, anyReplica(), key, demand).begin();
    }

    private void connection() {
        tally.asked();
        var lease = anyReplica().acquire(new Attempts(clients.nextLong() | 1, null));
        if (lease == null) {
            tally.failed();
        } else {
            tally.attempt(server(lease.upstream().id()), inService);
        }
    }

    private Backend anyReplica() {
        return replicas.get(clients.nextInt(replicas.size()));
    }

    private void publish() {
        inService = listed.entrySet().stream()
                .filter(entry -> entry.getValue().condition() == Condition.ACTIVE)
                .map(Map.Entry::getKey)
                .toList();
        var set = new EndpointSet(new ArrayList<>(listed.values()));
        replicas.forEach(replica -> replica.update(set));
    }
}
