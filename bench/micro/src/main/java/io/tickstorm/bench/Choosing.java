package io.tickstorm.bench;

import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.balance.Chooser;
import io.tickstorm.proxy.balance.Exclusion;
import io.tickstorm.proxy.balance.Policies;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.time.Randomness;
import io.tickstorm.proxy.time.Ticker;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one attempt costs among upstreams of different weights on which something runs and whose latencies are known:
 * {@link #pick} is the policy alone, with the counting of the attempt; {@link #attempt} is all that the data path asks of
 * the core, from the request's attempts to the end of the lease. Weights and loads are drawn with one seed.
 *
 * <p>A sample is {@value #PICKS} of them, which takes microseconds: on a machine that others use, too, most samples are then
 * undisturbed, and their median is what it costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m", "-XX:+UseCompactObjectHeaders"})
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class Choosing {
    static final int PICKS = 100;

    private static final Outcome WELL = new Outcome.Success(TimeUnit.MILLISECONDS.toNanos(1));

    private static final long SEED = 20_261_121;

    /** 2^64 over the golden ratio: a Weyl sequence, whose keys lie evenly and far from each other, as mixed ones do. */
    private static final long KEY_STEP = 0x9E3779B97F4A7C15L;

    @Param({"3", "8", "16", "17", "100", "1000"})
    public int endpoints;

    @Param({
        "LeastConnections",
        "RoundRobin",
        "PowerOfTwoChoices",
        "PeakEwma",
        "Random",
        "ConsistentHash",
        "SourceIpHash"
    })
    public String policy = "";

    private List<Upstream> upstreams = List.of();
    private Chooser chooser = (key, exclusion) -> Chooser.NONE;
    private long key;
    private Backend backend = backend(BackendSettings.DEFAULT);

    @Setup
    public void setUp() {
        var ticker = Ticker.system();
        var random = new Random(SEED);
        upstreams = IntStream.range(0, endpoints)
                .mapToObj(i -> upstream(i, 1 + random.nextInt(3)))
                .toList();
        for (var upstream : upstreams) {
            for (int i = random.nextInt(4); i > 0; i--) {
                upstream.begin(false);
            }
            upstream.latency().observe(TimeUnit.MICROSECONDS.toNanos(500 + random.nextInt(1_000)), ticker.nanos());
        }
        var balancing = new BalancingSettings(kind());
        backend = backend(new BackendSettings(
                balancing,
                null,
                RetrySettings.DEFAULT,
                CircuitBreakerSettings.DEFAULT,
                OutlierEjectionSettings.DEFAULT));
        backend.update(
                new EndpointSet(upstreams.stream().map(Upstream::endpoint).toList()));
        chooser = Policies.of(balancing, ticker, Randomness.perThread()).over(upstreams);
    }

    /** Its timers never run out, and nobody is asked how it is. */
    private static Backend backend(BackendSettings settings) {
        return new Backend(
                "web",
                settings,
                null,
                Ticker.system(),
                (delay, task) -> () -> {},
                Randomness.perThread(),
                (endpoint, check, result) -> {});
    }

    private BalancingSettings.Kind kind() {
        for (var kind : BalancingSettings.Kind.values()) {
            if (kind.toString().equals(policy)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("policy: " + policy);
    }

    private static Upstream upstream(int number, int weight) {
        var id = new EndpointId("uid-" + number, "10.0." + number / 250 + '.' + number % 250, 8080);
        return new Upstream(new Endpoint(id, "pod-" + number, null, weight, Condition.ACTIVE, null));
    }

    @Benchmark
    public long attempt() {
        long ended = 0;
        for (int i = 0; i < PICKS; i++) {
            key += KEY_STEP;
            var lease = backend.acquire(new Attempts(key, null));
            if (lease != null) {
                lease.end(WELL);
                ended++;
            }
        }
        return ended;
    }

    @Benchmark
    public long pick() {
        long sum = 0;
        for (int i = 0; i < PICKS; i++) {
            key += KEY_STEP;
            int position = chooser.pick(key, Exclusion.NONE);
            var upstream = upstreams.get(position);
            upstream.begin(false);
            upstream.end();
            sum += position;
        }
        return sum;
    }
}
