package io.tickstorm.operator.rollout;

import io.tickstorm.operator.crd.RolloutSpec.Analysis;
import io.tickstorm.operator.telemetry.Measured;
import java.time.Duration;
import java.util.Locale;

/**
 * What is to be thought of a version.
 *
 * @param why with the numbers
 */
record Verdict(Kind kind, String why) {
    /** So far from what is allowed chance takes one sample in fifty, in standard deviations; two bad verdicts in a row then are one in 2,500. */
    private static final double BEYOND_CHANCE = 2;

    /** A version that fails every time is not waited for until it has failed as often as a good one must succeed, since breakers keep its attempts few. */
    private static final int FAILURES = 5;

    /** The part of the answers that may take longer than a limit for the 99th percentile. */
    private static final double SLOWEST = 0.01;

    /** Fewer slow answers say nothing of a version, however few there were in all: one pause makes some of them slow at once. */
    private static final int SLOW_ANSWERS = 5;

    /** Two versions differ by less for no reason: buckets of the proxies' histograms, a pause of the garbage collector. */
    private static final Duration NOISE = Duration.ofMillis(10);

    private static final int PERCENT = 100;

    /** How a version does. */
    enum Kind {
        GOOD("Good"),
        BAD("Bad"),
        /** Nothing that speaks for or against it yet. */
        UNDECIDED("Undecided"),
        /** Undecided, for the only reason that too little was asked of it. */
        IDLE("Undecided");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    static Verdict of(Analysis analysis, Measured trial, Measured stable) {
        var numbers = numbers(trial) + "; stable: " + numbers(stable);
        var limit = analysis.maxErrorPercent() / (double) PERCENT;
        var requests = trial.requests();
        var allowed = requests * limit;
        if (trial.failed() > allowed) {
            return failing(
                    analysis, trial, stable, allowed + BEYOND_CHANCE * Math.sqrt(allowed * (1 - limit)), numbers);
        }
        if (requests < analysis.minRequests()) {
            return new Verdict(
                    Kind.IDLE, "too few requests to judge by, of at least " + analysis.minRequests() + ": " + numbers);
        }
        return slow(analysis, trial, stable)
                ? new Verdict(Kind.BAD, "too slow, " + limits(analysis) + ": " + numbers)
                : new Verdict(Kind.GOOD, numbers);
    }

    private static Verdict failing(
            Analysis analysis, Measured trial, Measured stable, double beyondChance, String numbers) {
        var enough = trial.requests() >= analysis.minRequests() || trial.failed() >= FAILURES;
        if (!enough || trial.failed() <= beyondChance) {
            return new Verdict(Kind.UNDECIDED, "failures that may be chance: " + numbers);
        }
        if (stable.requests() > 0 && trial.failedPercent() <= stable.failedPercent()) {
            return new Verdict(Kind.UNDECIDED, "the stable version fails no less: " + numbers);
        }
        return new Verdict(Kind.BAD, "more failures than " + analysis.maxErrorPercent() + " percent: " + numbers);
    }

    private static boolean slow(Analysis analysis, Measured trial, Measured stable) {
        var most = Stages.duration(analysis.maxP99());
        if (most != null && slowerThan(most, trial)) {
            return true;
        }
        var other = stable.p99();
        if (analysis.maxP99Percent() == 0 || other == null || stable.requests() < analysis.minRequests()) {
            return false;
        }
        var percent = other.multipliedBy(analysis.maxP99Percent()).dividedBy(PERCENT);
        var noise = other.plus(NOISE);
        return slowerThan(percent.compareTo(noise) > 0 ? percent : noise, trial);
    }

    /** Whether more answers took longer than may, so many that chance does not explain it. A percentile of few answers would be their slowest one. */
    private static boolean slowerThan(Duration limit, Measured trial) {
        double slow = trial.answers().slowerThan(limit);
        double allowed = SLOWEST * trial.answers().count();
        return slow >= SLOW_ANSWERS && slow > allowed + BEYOND_CHANCE * Math.sqrt(allowed * (1 - SLOWEST));
    }

    private static String limits(Analysis analysis) {
        var most = analysis.maxP99() == null ? "" : "at most " + analysis.maxP99() + " ";
        return "p99 " + most
                + (analysis.maxP99Percent() > 0
                        ? (most.isEmpty() ? "" : "and ") + "at most " + analysis.maxP99Percent()
                                + " percent of the stable version's"
                        : "");
    }

    private static String numbers(Measured measured) {
        var p99 = measured.p99();
        return String.format(
                Locale.ROOT,
                "%d requests, %.2f percent failed, p99 %s",
                measured.requests(),
                measured.failedPercent(),
                p99 == null ? "none" : p99.toMillis() + "ms");
    }
}
