package io.tickstorm.operator.rollout;

import io.tickstorm.operator.crd.RolloutSpec;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.desired.ClusterReader.Reading;
import io.tickstorm.operator.desired.Defaults;
import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.desired.Track;
import io.tickstorm.operator.desired.Version;
import io.tickstorm.operator.rollout.Decision.Happening;
import io.tickstorm.operator.rollout.Facts.Pods;
import io.tickstorm.operator.rollout.Facts.Proxies;
import io.tickstorm.operator.rollout.Facts.Window;
import io.tickstorm.operator.telemetry.Latencies;
import io.tickstorm.operator.telemetry.Measured;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in which decisions are carried out: pods come, proxies take over, requests are answered, as far as the test lets them. The memory is written and read
 * between any two looks, as if the operator had been replaced there.
 */
final class World {
    static final Defaults RELEASE = new Defaults("proxy:1", "backend:1", null);
    private static final Measured GOOD = measured(1000, 0, 20);

    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    TickStormCluster cluster;
    Memory memory;
    Decision last;
    final List<Happening> happenings = new ArrayList<>();

    /** Whether pods that are wanted become ready. */
    boolean podsStart = true;

    /** Whether proxies take over what they are told. */
    boolean proxiesFollow = true;

    int proxies = 2;
    Measured trialDoes = GOOD;
    Measured stableDoes = GOOD;

    private final Map<Slot, Pods> pods = new EnumMap<>(Slot.class);
    /** The shares that the proxies have, by slot. */
    private Map<Slot, Integer> shares = new HashMap<>();

    private @Nullable Instant measuredSince;

    World(String backend) {
        cluster = cluster(backend);
        memory = Memory.of(Slot.BLUE, Version.of(cluster, RELEASE));
        last = Course.decide(memory, facts(), now);
        carryOut();
    }

    static TickStormCluster cluster(String backend) {
        var text = """
                apiVersion: tickstorm.io/v1alpha1
                kind: TickStormCluster
                metadata: {name: demo, namespace: shop}
                spec: {backend: %s}
                """.formatted(backend);
        return switch (ClusterReader.read(text, "test")) {
            case Reading.Accepted accepted -> accepted.cluster();
            case Reading.Refused refused -> throw new AssertionError(refused.problems());
        };
    }

    /** @param millis that every answer takes */
    static Measured measured(long answered, long failed, int millis) {
        return new Measured(
                answered + failed,
                failed,
                new Latencies(new TreeMap<>(Map.of((millis - 1) / 1000.0, 0L, millis / 1000.0, answered))));
    }

    void spec(String backend) {
        cluster = cluster(backend);
    }

    RolloutSpec rollout() {
        return cluster.getSpec().backend().rollout();
    }

    int replicas() {
        return cluster.getSpec().backend().replicas();
    }

    String wanted() {
        return Version.of(cluster, RELEASE).revision();
    }

    int weight(Slot slot) {
        return shares.getOrDefault(slot, 0);
    }

    int running(Slot slot) {
        return tracks().stream()
                .filter(track -> track.slot() == slot)
                .mapToInt(Track::replicas)
                .sum();
    }

    List<Track> tracks() {
        return Plan.tracks(memory, rollout(), replicas(), replicas()).running();
    }

    /** One look and what follows from it. */
    Decision look() {
        last = Course.decide(MemoryText.read(MemoryText.write(memory)), facts(), now);
        memory = last.memory();
        happenings.addAll(last.happenings());
        carryOut();
        return last;
    }

    /** Looks until nothing happens any more without time. */
    Decision rest() {
        for (int i = 0; i < 50; i++) {
            var before = memory;
            look();
            if (MemoryText.write(before).equals(MemoryText.write(memory))
                    && !last.again().isZero()) {
                return last;
            }
        }
        throw new AssertionError("never rests: " + last);
    }

    Decision after(Duration time) {
        now = now.plus(time);
        return rest();
    }

    /** Lets time pass as the decisions ask for it, until the wanted version has all the traffic; tells the times that it took. */
    Duration untilStable(Duration limit) {
        var begin = now;
        rest();
        while (memory.trial() != null || !memory.stable().revision().equals(wanted())) {
            if (Duration.between(begin, now).compareTo(limit) > 0) {
                throw new AssertionError("not within " + limit + ": " + last);
            }
            after(last.again().compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : last.again());
        }
        return Duration.between(begin, now);
    }

    Facts facts() {
        var current = planned().equals(shares);
        var without = current ? List.<String>of() : List.of("proxy-1");
        var window = measuredSince == null ? null : new Window(measuredSince, trialDoes, stableDoes);
        return new Facts(
                Version.of(cluster, RELEASE),
                rollout(),
                replicas(),
                pods,
                new Proxies(proxies, proxies == 0 ? List.of() : without),
                window);
    }

    private Map<Slot, Integer> planned() {
        var planned = new HashMap<Slot, Integer>();
        tracks().forEach(track -> planned.put(track.slot(), track.weight()));
        return planned;
    }

    private void carryOut() {
        if (last.measureAnew()) {
            measuredSince = now;
        }
        var wanted = tracks();
        pods.keySet().removeIf(slot -> wanted.stream().noneMatch(track -> track.slot() == slot));
        for (var track : wanted) {
            var seen = pods.get(track.slot());
            var revision = track.version().revision();
            var there = seen == null || !seen.revision().equals(revision) ? 0 : seen.available();
            pods.put(
                    track.slot(), new Pods(revision, podsStart ? track.replicas() : Math.min(there, track.replicas())));
        }
        if (proxiesFollow) {
            shares = planned();
        }
    }
}
