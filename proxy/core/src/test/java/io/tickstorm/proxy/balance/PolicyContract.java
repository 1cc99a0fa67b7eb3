package io.tickstorm.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.sun.management.ThreadMXBean;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Ticker;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every policy keeps. A policy's test extends this and says how to make one. */
abstract class PolicyContract {
    /** Every run draws the same numbers. */
    static final long SEED = 12_345;

    final ManualTime time = new ManualTime();
    final RandomGenerator random = new Random(SEED);

    abstract Policy policy(Ticker ticker, RandomGenerator generator);

    /** How far a share may be from what it should be, in percent. */
    double tolerance() {
        return 3;
    }

    final Policy policy() {
        return policy(time, random);
    }

    @Test
    void thereIsNothingToPickAmongNone() {
        assertThat(policy().over(List.of()).pick(Chooser.NO_KEY, Exclusion.NONE))
                .isEqualTo(Chooser.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 17, 100})
    void nothingIsLeftWhenAllAreExcluded(int count) {
        assertThat(policy().over(upstreams(count)).pick(Chooser.NO_KEY, upstream -> true))
                .isEqualTo(Chooser.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 17, 100})
    void theOnlyOneThatIsNotExcludedIsFound(int count) {
        var upstreams = upstreams(count);
        var chooser = policy().over(upstreams);

        for (int i = 0; i < count; i++) {
            var left = upstreams.get(i);
            assertThat(chooser.pick(Chooser.NO_KEY, upstream -> upstream != left))
                    .isEqualTo(i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 17, 50})
    void equalUpstreamsGetEqualShares(int count) {
        var upstreams = upstreams(count);
        var picks = picks(upstreams, 1_000 * count);

        // Each pick stays in flight: what counts them and what takes turns must come out the same.
        assertThat(picks).allSatisfy(share -> assertThat(share).isCloseTo(1_000, withinPercentage(tolerance())));
    }

    @Test
    void sharesFollowTheWeights() {
        var upstreams = List.of(upstream("a", 1), upstream("b", 2), upstream("c", 5));

        var picks = picks(upstreams, 8_000);

        assertThat(picks.get(0)).isCloseTo(1_000, withinPercentage(tolerance()));
        assertThat(picks.get(1)).isCloseTo(2_000, withinPercentage(tolerance()));
        assertThat(picks.get(2)).isCloseTo(5_000, withinPercentage(tolerance()));
    }

    @Test
    void oneAboveAllOthersComesToItsShareAmongMany() {
        var upstreams = new ArrayList<>(upstreams(39));
        upstreams.add(upstream("heavy", 61));

        assertThat(picks(upstreams, 100_000).getLast()).isCloseTo(61_000, withinPercentage(tolerance()));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 20})
    void oneThatWarmsUpGetsItsPartOfAShare(int count) {
        var upstreams = upstreams(count);
        upstreams.getFirst().warm(0.25, Integer.MAX_VALUE);

        var picks = picks(upstreams, 4_000 * count - 3_000);

        assertThat(picks.getFirst()).isCloseTo(1_000, withinPercentage(tolerance()));
        assertThat(picks.getLast()).isCloseTo(4_000, withinPercentage(tolerance()));

        upstreams.getFirst().warm(1, Integer.MAX_VALUE);
        var warm = picks(upstreams, 1_000);
        assertThat(warm.getFirst()).as("at once when it is warm").isGreaterThanOrEqualTo(1_000 / count / 2);
    }

    @Test
    void aPickNamesOneThatIsNotExcludedWheneverThereIsOne() {
        var chance = new Random(SEED);
        for (int pool = 0; pool < 300; pool++) {
            var upstreams = IntStream.range(0, 1 + chance.nextInt(40))
                    .mapToObj(i -> upstream("u" + i, 1 + chance.nextInt(1 << chance.nextInt(20))))
                    .toList();
            var excluded = new HashSet<Upstream>();
            for (var upstream : upstreams) {
                load(upstream, chance.nextInt(5));
                upstream.warm(0.01 + 0.99 * chance.nextDouble(), Integer.MAX_VALUE);
                if (chance.nextBoolean()) {
                    upstream.latency().observe(chance.nextInt(1 << 30), time.nanos());
                }
                if (chance.nextBoolean()) {
                    excluded.add(upstream);
                }
            }
            var chooser = policy().over(upstreams);

            for (int i = 0; i < 20; i++) {
                int pick = chooser.pick(chance.nextLong(), excluded::contains);

                assertThat(pick).as("pool %d of seed %d", pool, SEED).isBetween(Chooser.NONE, upstreams.size() - 1);
                assertThat(pick == Chooser.NONE).isEqualTo(excluded.size() == upstreams.size());
                assertThat(pick != Chooser.NONE && excluded.contains(upstreams.get(pick)))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 17, 1_000})
    void aPickAllocatesNothing(int count) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var upstreams = upstreams(count);
        upstreams.getFirst().warm(0.5, Integer.MAX_VALUE);
        var chooser = policy().over(upstreams);
        Exclusion exclusion = upstream -> upstream == upstreams.getLast();
        pickMany(chooser, exclusion);

        long before = threads.getCurrentThreadAllocatedBytes();
        pickMany(chooser, exclusion);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        // A tenth of a byte over, for what the JVM does on the side.
        assertThat(bytes / 20_000.0).isLessThan(0.1);
    }

    private static void pickMany(Chooser chooser, Exclusion exclusion) {
        for (int i = 0; i < 20_000; i++) {
            chooser.pick(HashKey.mix(i), exclusion);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 40})
    void proxiesThatStartTogetherDoNotAllBeginWithTheSameOne(int count) {
        var firsts = new HashSet<Integer>();

        for (int i = 0; i < 50; i++) {
            firsts.add(policy().over(upstreams(count)).pick(Chooser.NO_KEY, Exclusion.NONE));
        }

        assertThat(firsts).hasSizeGreaterThanOrEqualTo(count == 4 ? 4 : 20);
    }

    /** Picks again and again, each pick staying in flight; how often each upstream was picked. */
    final List<Integer> picks(List<Upstream> upstreams, int count) {
        var chooser = policy().over(upstreams);
        var picks = new ArrayList<>(upstreams.stream().map(upstream -> 0).toList());
        for (int i = 0; i < count; i++) {
            int pick = chooser.pick(Chooser.NO_KEY, Exclusion.NONE);
            upstreams.get(pick).begin(false);
            picks.set(pick, picks.get(pick) + 1);
        }
        return picks;
    }

    static List<Upstream> upstreams(int count) {
        return IntStream.range(0, count).mapToObj(i -> upstream("u" + i, 1)).toList();
    }

    static Upstream upstream(String name, int weight) {
        var id = new EndpointId(name, name, 80);
        return new Upstream(new Endpoint(id, name, null, weight, Condition.ACTIVE, null));
    }

    static void load(Upstream upstream, int inFlight) {
        for (int i = 0; i < inFlight; i++) {
            upstream.begin(false);
        }
    }
}
