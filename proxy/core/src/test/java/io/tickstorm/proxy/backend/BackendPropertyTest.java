package io.tickstorm.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.balance.HashKey;
import io.tickstorm.proxy.balance.SlowStartSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.property.Chance;
import io.tickstorm.proxy.property.Property;
import io.tickstorm.proxy.retry.RetrySettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for a backend whatever happens to it, with every policy and every judge at work. */
class BackendPropertyTest {
    private static final int PODS = 6;
    private static final int QUEUE = 3;

    private enum What {
        DISCOVER,
        ACQUIRE,
        ACQUIRE_AGAIN,
        SERVE,
        AWAIT,
        LEAVE,
        SUCCEED,
        FAIL,
        CANCEL,
        LET_TIME_PASS,
        FALL_ILL,
        GET_WELL,
        DRAIN_BY_HAND,
        RESUME,
        CHANGE
    }

    /** @param number which of the things that there are at that moment */
    private record Step(What what, int number, int detail) {
        static Step draw(Chance chance) {
            // Attempts come and go more often than anything else happens.
            var what = chance.yes()
                    ? chance.oneOf(List.of(What.ACQUIRE, What.ACQUIRE, What.SUCCEED, What.FAIL, What.SERVE))
                    : chance.oneOf(List.of(What.values()));
            return new Step(what, chance.between(0, 1_000), chance.between(0, 1_000_000));
        }

        <T> T oneOf(List<T> all) {
            return all.get(number % all.size());
        }
    }

    private record History(BackendSettings settings, List<Step> steps) {
        static History draw(Chance chance) {
            return new History(settings(chance), chance.steps(10, () -> Step.draw(chance)));
        }

        private static BackendSettings settings(Chance chance) {
            return BackendPropertyTest.settings(
                    chance.between(0, 1_000), chance.onceIn(3) ? 0 : chance.between(1, 4), chance.yes());
        }
    }

    private static BackendSettings settings(int policy, int limit, boolean checked) {
        var kinds = BalancingSettings.Kind.values();
        var kind = kinds[policy % kinds.length];
        var plain = new BalancingSettings(kind);
        return new BackendSettings(
                new BalancingSettings(kind, plain.hash(), new SlowStartSettings(Duration.ofSeconds(5), 10), 50, true),
                checked ? HealthCheckSettings.DEFAULT : null,
                RetrySettings.DEFAULT,
                new CircuitBreakerSettings(2, Duration.ofSeconds(1), Duration.ofSeconds(8)),
                // Quick enough to eject somebody within a history.
                new OutlierEjectionSettings(
                        Duration.ofSeconds(2),
                        2,
                        10,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(20),
                        50,
                        Duration.ofSeconds(1)),
                new LimitSettings(limit, 0, new LimitSettings.Queue(QUEUE, Duration.ofSeconds(1))),
                null);
    }

    /** What must not be missing from these histories for the others to mean something. */
    @Test
    void everythingThatCanHoldAnUpstreamBackHappens() {
        var met = EnumSet.noneOf(HoldReason.class);
        var modes = EnumSet.noneOf(Mode.class);
        Property.holds(300, History::draw, history -> {
            var life = new Life(history.settings());
            for (var step : history.steps()) {
                life.live(step);
                modes.add(life.fixture.backend.mode());
                life.fixture.backend.upstreams().forEach(upstream -> met.addAll(upstream.holds()));
            }
        });

        assertThat(met).isEqualTo(EnumSet.allOf(HoldReason.class));
        assertThat(modes).isEqualTo(EnumSet.allOf(Mode.class));
    }

    @Test
    void whateverHappensTheCountsAreExactAndWorkGoesWhereItMay() {
        Property.holds(1_000, History::draw, history -> {
            var life = new Life(history.settings());
            for (var step : history.steps()) {
                life.live(step);
                life.check();
            }
        });
    }

    @Test
    void whateverHappenedItHealsOnceNothingFailsAnyMore() {
        Property.holds(300, History::draw, history -> {
            var life = new Life(history.settings());
            history.steps().forEach(life::live);

            life.heal();

            assertThat(life.fixture.backend.queued()).isZero();
            assertThat(life.fixture.backend.upstreams())
                    .allSatisfy(upstream -> assertThat(upstream.reasons()).isEmpty())
                    .allSatisfy(upstream -> assertThat(upstream.warmth()).isEqualTo(1));
        });
    }

    /** A backend, and what somebody who only sees its leases knows of it. */
    private static final class Life {
        final BackendFixture fixture;
        private final List<Lease> running = new ArrayList<>();
        private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
        private int limit;

        private static final class Waiting {
            @Nullable
            Place place;

            boolean granted;
        }

        Life(BackendSettings settings) {
            fixture = new BackendFixture(settings, null);
            limit = settings.limits().requests();
            discover(3, 0);
        }

        void live(Step step) {
            switch (step.what()) {
                case DISCOVER -> discover(step.number(), step.detail());
                case ACQUIRE -> acquire(new Attempts(HashKey.of("client " + step.number() % 5), null));
                case ACQUIRE_AGAIN -> {
                    var attempts = new Attempts();
                    acquire(attempts);
                    acquire(attempts);
                }
                case SERVE -> serve(20);
                case AWAIT -> await();
                case LEAVE -> {
                    if (!waiting.isEmpty()) {
                        leave(List.copyOf(waiting).get(step.number() % waiting.size()));
                    }
                }
                case SUCCEED -> end(step, new Outcome.Success(step.detail() * 1_000L));
                case FAIL ->
                    end(step, new Outcome.Failure(FailureKind.values()[step.detail() % FailureKind.values().length]));
                case CANCEL -> end(step, new Outcome.Cancelled());
                case LET_TIME_PASS ->
                    fixture.time.advance(Duration.ofMillis(step.detail() % (step.number() % 2 == 0 ? 1_000 : 20_000)));
                case FALL_ILL -> fixture.ill.add(name(step.number() % PODS));
                case GET_WELL -> fixture.ill.remove(name(step.number() % PODS));
                case DRAIN_BY_HAND -> fixture.backend.drain(id(step.number() % PODS));
                case RESUME -> fixture.backend.resume(id(step.number() % PODS));
                case CHANGE -> {
                    limit = step.detail() % 4;
                    fixture.backend.change(settings(step.number(), limit, step.detail() % 2 == 0));
                }
            }
        }

        /** A random part of the pods, each in a random condition. */
        private void discover(int present, int conditions) {
            var endpoints = new ArrayList<Endpoint>();
            for (int i = 0; i < PODS; i++) {
                if (present % 64 >> i != 0 || i <= 1) {
                    var condition = Condition.values()[Math.max(0, (conditions >> 2 * i & 3) - 1)];
                    endpoints.add(Endpoint.active(id(i), name(i)).with(condition));
                }
            }
            fixture.backend.update(new EndpointSet(endpoints));
        }

        private void acquire(Attempts attempts) {
            boolean queued = fixture.backend.queued() > 0;
            var free = fixture.backend.upstreams().stream()
                    .filter(upstream -> serves(upstream) && upstream.available() && !upstream.full())
                    .toList();
            var before = counts();
            var lease = fixture.backend.acquire(attempts);
            if (lease == null) {
                assertThat(queued || free.isEmpty())
                        .as("refused beside %s", free)
                        .isTrue();
                return;
            }
            running.add(lease);
            allowed(lease, before);
            lease.awaits();
        }

        /** Short requests one after the other; pods that are ill fail them. */
        private void serve(int requests) {
            for (int i = 0; i < requests; i++) {
                int before = running.size();
                acquire(new Attempts(HashKey.of("client " + i), null));
                if (running.size() > before) {
                    var lease = running.removeLast();
                    lease.heard();
                    boolean fails = fixture.ill.contains(BackendFixture.name(lease));
                    lease.end(fails ? new Outcome.Failure(FailureKind.STATUS_5XX) : new Outcome.Success(1_000));
                }
            }
        }

        /** Looked at after the pick: a probe takes its upstream out of the rotation. */
        private void allowed(Lease lease, Map<Upstream, Integer> before) {
            var upstream = lease.upstream();
            assertThat(serves(upstream)).as("%s serves", upstream).isTrue();
            if (limit > 0) {
                assertThat(before.getOrDefault(upstream, 0)).as("had room").isLessThan(limit);
            }
            if (fixture.backend.mode() == Mode.NORMAL && !lease.admission().probes()) {
                assertThat(upstream.heldBy(HoldReason.CIRCUIT_OPEN) || upstream.heldBy(HoldReason.EJECTED))
                        .isFalse();
            }
        }

        /** ACTIVE, or terminating where nobody is ACTIVE. */
        private boolean serves(Upstream upstream) {
            return !upstream.removed()
                    && switch (upstream.endpoint().condition()) {
                        case NOT_READY -> false;
                        case ACTIVE ->
                            !upstream.drainedByHand()
                                    || fixture.backend.upstreams().stream().noneMatch(Life::active);
                        case DRAINING -> fixture.backend.upstreams().stream().noneMatch(Life::active);
                    };
        }

        private static boolean active(Upstream upstream) {
            return upstream.endpoint().condition() == Condition.ACTIVE && !upstream.drainedByHand();
        }

        private void await() {
            var next = new Waiting();
            waiting.add(next);
            next.place = fixture.backend.await(new Attempts(), false, lease -> {
                assertThat(waiting.peek()).as("first come, first served").isSameAs(next);
                next.granted = true;
                waiting.remove(next);
                running.add(lease);
            });
            if (next.place == null && !next.granted) {
                waiting.remove(next);
                assertThat(waiting).as("the line was full").hasSizeGreaterThanOrEqualTo(QUEUE);
            }
        }

        private void leave(Waiting one) {
            assertThat(one.place).isNotNull();
            assertThat(one.place.leave()).isTrue();
            waiting.remove(one);
        }

        private void end(Step step, Outcome outcome) {
            if (!running.isEmpty()) {
                running.remove(step.number() % running.size()).end(outcome);
            }
        }

        void check() {
            var counts = counts();
            for (var upstream : fixture.backend.upstreams()) {
                assertThat(upstream.inFlight())
                        .as("in flight on %s", upstream)
                        .isEqualTo(counts.getOrDefault(upstream, 0));
            }
            assertThat(fixture.backend.queued()).as("in the line").isEqualTo(waiting.size());
        }

        private Map<Upstream, Integer> counts() {
            var counts = new HashMap<Upstream, Integer>();
            running.forEach(lease -> counts.merge(lease.upstream(), 1, Integer::sum));
            return counts;
        }

        /** All pods serve, all that runs ends well, and time passes under some traffic. */
        void heal() {
            fixture.ill.clear();
            discover(63, 0);
            for (int i = 0; i < PODS; i++) {
                fixture.backend.resume(id(i));
            }
            while (!running.isEmpty()) {
                running.removeLast().end(new Outcome.Success(1_000));
            }
            for (int round = 0; round < 200; round++) {
                fixture.time.advance(Duration.ofSeconds(2));
                serve(PODS);
            }
        }

        private static EndpointId id(int number) {
            return new EndpointId("uid-" + number, "10.0.0." + number, 80);
        }

        private static String name(int number) {
            return "pod-" + number;
        }
    }
}
