package io.tickstorm.proxy.sim;

import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.balance.BalancingSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** What happens to five servers of eight workers each, and how long it is watched. */
public enum Scenario {
    STEADY("Nothing happens. Five servers, 85 percent of their workers are busy.", 1, seconds(20), world -> {
        world.join(World.SERVERS);
        world.load(0.85, World.SERVERS, seconds(20));
    }),
    SLOW_ENDPOINT(
            "One of five servers takes four times as long. Half of the workers would be busy if it did not.",
            1,
            seconds(20),
            world -> {
                world.join(World.SERVERS).getFirst().slow(4);
                world.load(0.5, World.SERVERS, seconds(20));
            }),
    FAST_FAILING(
            "One of five servers answers 503 within a millisecond, from the fifth second on. Half of the workers are busy.",
            1,
            seconds(30),
            world -> {
                var failing = world.join(World.SERVERS).getFirst();
                world.at(seconds(5), failing::fail);
                world.load(0.5, World.SERVERS, seconds(30));
            }),
    COLD_START(
            "Three servers are at 83 percent; in the tenth second two more join. Those take five times as long at first, and as"
                    + " long as the others after 20 seconds.",
            1,
            seconds(40),
            world -> {
                world.join(3);
                world.at(seconds(10), () -> world.join(2).forEach(server -> server.cold(5, seconds(20))));
                world.load(0.5, World.SERVERS, seconds(40));
            }),
    ROLLING_DEPLOY(
            "Five servers are replaced, one every four seconds: a new one joins, a second later an old one stops listening and"
                    + " finishes what it has, and only 200 ms after that discovery says so. New ones take three times as"
                    + " long at first. Half of the workers are busy.",
            1,
            seconds(30),
            world -> {
                var old = world.join(World.SERVERS);
                for (int i = 0; i < World.SERVERS; i++) {
                    var leaving = old.get(i);
                    var begin = seconds(4 * (i + 1));
                    world.at(begin, () -> world.join(1).getFirst().cold(3, seconds(5)));
                    world.at(begin.plusMillis(1_000), leaving::stop);
                    world.at(begin.plusMillis(1_200), () -> world.drain(leaving));
                    world.at(begin.plusMillis(3_000), () -> world.leave(leaving));
                }
                world.load(0.5, World.SERVERS, seconds(30));
            }),
    ALL_DOWN(
            "All five servers crash in the fifth second and are back three seconds later. Half of the workers are busy.",
            1,
            seconds(20),
            world -> {
                var servers = world.join(World.SERVERS);
                world.at(seconds(5), () -> servers.forEach(Server::crash));
                world.at(seconds(8), () -> servers.forEach(Server::restart));
                world.load(0.5, World.SERVERS, seconds(20));
            }),
    RETRY_STORM(
            "Five servers get 30 percent more than they can do; what does not fit into their queues is answered 503, and"
                    + " everything may be retried.",
            1,
            seconds(10),
            world -> {
                world.join(World.SERVERS);
                world.load(1.3, World.SERVERS, seconds(10));
            }),
    THREE_REPLICAS("As steady, through three balancers that know nothing of each other.", 3, seconds(20), world -> {
        world.join(World.SERVERS);
        world.load(0.85, World.SERVERS, seconds(20));
    }),
    TEN_REPLICAS("As steady, through ten balancers that know nothing of each other.", 10, seconds(20), world -> {
        world.join(World.SERVERS);
        world.load(0.85, World.SERVERS, seconds(20));
    }),
    CONNECTIONS("100,000 connections that stay, over four servers.", 1, seconds(50), world -> {
        world.join(4);
        world.connections(100_000, seconds(50));
    });

    // What has arrived in time is seen to its end.
    private static final Duration AFTERWARDS = seconds(10);

    private final String description;
    private final int replicas;
    private final Duration length;
    private final Consumer<World> events;

    Scenario(String description, int replicas, Duration length, Consumer<World> events) {
        this.description = description;
        this.replicas = replicas;
        this.length = length;
        this.events = events;
    }

    /** What happens, for people. */
    public String description() {
        return description;
    }

    /**
     * Plays it with one policy and the default for every other setting.
     *
     * @param seed where chance begins; the same gives the same result
     */
    public Result play(BalancingSettings.Kind policy, long seed) {
        return play(with(new BalancingSettings(policy)), seed);
    }

    Result play(BackendSettings settings, long seed) {
        var world = new World(settings, replicas, seed);
        events.accept(world);
        world.time().run(length.plus(AFTERWARDS));
        return world.tally().result();
    }

    static BackendSettings with(BalancingSettings balancing) {
        var usual = BackendSettings.DEFAULT;
        return new BackendSettings(balancing, null, usual.retries(), usual.circuitBreaker(), usual.outlierEjection());
    }

    /** As commands and headings have it, for example {@code slow-endpoint}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }
}
