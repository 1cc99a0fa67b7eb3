package io.tickstorm.proxy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.breaker.Ejector.Outlier;
import io.tickstorm.proxy.breaker.Ejector.Sample;
import io.tickstorm.proxy.property.Chance;
import io.tickstorm.proxy.property.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is ejected among random pools, and what one upstream goes through in random histories. */
class EjectionPropertyTest {
    private record Pool(OutlierEjectionSettings settings, List<Sample<Integer>> samples, int out) {
        static Pool draw(Chance chance) {
            var samples = chance.list(1, 40, i -> {
                int ended = chance.between(0, 500);
                return new Sample<>(i, ended, chance.onceIn(3) ? chance.between(0, ended) : ended / 100);
            });
            return new Pool(drawn(chance), samples, chance.between(0, 5));
        }

        int total() {
            return samples.size() + out;
        }

        double rateOfOthers(int one, HashSet<Integer> gone) {
            long ended = 0;
            long failed = 0;
            for (var sample : samples) {
                if (sample.upstream() != one && !gone.contains(sample.upstream())) {
                    ended += sample.ended();
                    failed += sample.failed();
                }
            }
            return ended == 0 ? 0 : (double) failed / ended;
        }
    }

    private static OutlierEjectionSettings drawn(Chance chance) {
        var base = chance.between(Duration.ofMillis(100), Duration.ofSeconds(20));
        return new OutlierEjectionSettings(
                Duration.ofSeconds(10),
                chance.between(1, 50),
                chance.between(1, 100),
                base,
                chance.between(base, Duration.ofMinutes(5)),
                chance.between(0, 100),
                Duration.ofSeconds(1));
    }

    @Test
    void neverAreTooManyOutNorTheLastNorOneThatDoesBetterThanItsPeers() {
        Property.holds(2_000, Pool::draw, pool -> {
            var outliers = new Ejector(pool.settings()).outliers(pool.samples(), pool.total(), pool.out());

            int most = pool.settings().maxPercent() == 0
                    ? 0
                    : Math.max(1, pool.total() * pool.settings().maxPercent() / 100);
            assertThat(outliers.size()).isLessThanOrEqualTo(Math.max(0, most - pool.out()));
            assertThat(outliers.size()).isLessThan(pool.samples().size());
            var gone = new HashSet<Integer>();
            for (var outlier : outliers) {
                var sample = pool.samples().get(outlier.upstream());
                assertThat(sample.ended())
                        .isGreaterThanOrEqualTo(pool.settings().minimumRequests());
                assertThat(100 * (sample.rate() - pool.rateOfOthers(outlier.upstream(), gone)))
                        .as(outlier.detail())
                        .isGreaterThanOrEqualTo(pool.settings().failurePercent() - 1e-9);
                assertThat(gone.add(outlier.upstream())).as("ejected once").isTrue();
            }
        });
    }

    @Test
    void oneThatAlwaysFailsBesideOthersThatNeverDoIsFoundHoweverFewTheyAre() {
        record Few(OutlierEjectionSettings settings, int count, int each, int bad) {}
        Property.holds(
                500,
                chance -> {
                    var settings = drawn(chance);
                    int count = chance.between(2, 5);
                    return new Few(
                            settings,
                            count,
                            Math.max(20, settings.minimumRequests()) + chance.between(0, 100),
                            chance.between(0, count - 1));
                },
                few -> {
                    var samples = new ArrayList<Sample<Integer>>();
                    for (int i = 0; i < few.count(); i++) {
                        samples.add(new Sample<>(i, few.each(), i == few.bad() ? few.each() : 0));
                    }

                    var outliers = new Ejector(few.settings()).outliers(samples, few.count(), 0);

                    assertThat(outliers)
                            .extracting(Outlier::upstream)
                            .isEqualTo(few.settings().maxPercent() == 0 ? List.of() : List.of(few.bad()));
                });
    }

    private enum Step {
        ADMIT,
        SUCCEED,
        FAIL,
        CANCEL,
        EJECT_AS_OUTLIER,
        EJECT_AS_SILENT,
        TIME_OVER,
        CALM
    }

    private record History(OutlierEjectionSettings settings, List<Step> steps) {
        static History draw(Chance chance) {
            return new History(drawn(chance), chance.steps(5, () -> chance.oneOf(List.of(Step.values()))));
        }
    }

    /** What the package says of one upstream. */
    private static final class Model {
        final OutlierEjectionSettings settings;
        Ejection.@Nullable Cause cause;
        boolean out;

        @Nullable
        Admission runs;

        int times;

        Model(OutlierEjectionSettings settings) {
            this.settings = settings;
        }

        /** As it must be called. */
        String admit() {
            if (cause == null) {
                return "FREE";
            }
            if (out || runs != null) {
                return "REFUSED";
            }
            return "PROBE";
        }

        boolean goOut(Ejection.@Nullable Cause why) {
            if (out) {
                return false;
            }
            cause = why;
            out = true;
            runs = null;
            times++;
            return true;
        }

        /** Only the probe that runs has a say: it may have been ejected again meanwhile. */
        boolean says(Admission by) {
            return runs == by;
        }
    }

    @Test
    void anEjectionGoesThroughEveryHistoryAsItsModel() {
        Property.holds(2_000, History::draw, EjectionPropertyTest::sameAsModel);
    }

    private static void sameAsModel(History history) {
        var settings = history.settings();
        var ejection = new Ejection(new Random(1));
        var model = new Model(settings);
        var running = new ArrayList<Admission>();
        for (var step : history.steps()) {
            boolean ends = step == Step.SUCCEED || step == Step.FAIL || step == Step.CANCEL;
            if (ends && running.isEmpty()) {
                continue;
            }
            // The oldest: it may be a probe that was moved away, beside another.
            var by = ends ? running.removeFirst() : Admission.FREE;
            switch (step) {
                case ADMIT -> {
                    var admission = ejection.admit(Admission.FREE);
                    assertThat(admission.toString()).isEqualTo(model.admit());
                    if (admission != Admission.REFUSED) {
                        running.add(admission);
                    }
                    model.runs = admission.probes() ? admission : model.runs;
                }
                case SUCCEED -> {
                    boolean back = model.says(by);
                    assertThat(ejection.success(by)).isEqualTo(back);
                    if (back) {
                        model.cause = null;
                        model.runs = null;
                    }
                }
                case FAIL -> {
                    boolean again = model.says(by) && model.goOut(model.cause);
                    within(ejection.failure(by, settings), again, model);
                }
                case CANCEL -> {
                    boolean freed = model.says(by);
                    assertThat(ejection.cancelled(by)).isEqualTo(freed);
                    model.runs = freed ? null : model.runs;
                }
                case EJECT_AS_OUTLIER ->
                    within(
                            ejection.eject(Ejection.Cause.OUTLIER, settings),
                            model.goOut(Ejection.Cause.OUTLIER),
                            model);
                case EJECT_AS_SILENT ->
                    within(
                            ejection.eject(Ejection.Cause.SILENCE, settings),
                            model.goOut(Ejection.Cause.SILENCE),
                            model);
                case TIME_OVER -> {
                    assertThat(ejection.probe()).isEqualTo(model.out);
                    model.out = false;
                }
                case CALM -> {
                    ejection.calm();
                    model.times -= model.cause == null && model.times > 0 ? 1 : 0;
                }
            }
            assertThat(ejection.holds()).isEqualTo(model.out || model.runs != null);
            assertThat(ejection.out()).isEqualTo(model.out);
            assertThat(ejection.cause()).isEqualTo(model.cause);
            assertThat(ejection.times()).isEqualTo(model.times);
        }
    }

    /** Longer each time, never beyond the maximum, and a fifth of chance on top. */
    private static void within(@Nullable Duration time, boolean ejected, Model model) {
        if (!ejected) {
            assertThat(time).isNull();
            return;
        }
        var base = model.settings.baseTime().multipliedBy(model.times);
        var least = base.compareTo(model.settings.maxTime()) < 0 ? base : model.settings.maxTime();
        assertThat(time).isBetween(least, least.plus(least.dividedBy(5)));
    }
}
