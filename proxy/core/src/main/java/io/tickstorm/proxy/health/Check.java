package io.tickstorm.proxy.health;

import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Asks one upstream, round after round.
 *
 * <pre>
 *   begin --+-- prober's answer --+
 *           +-- timeout ----------+- the first one decides --+-- in doubt: the fast interval is over --+
 *           +-- interval is over ----------------------------+- both: begins the next round -----------+- or this
 * </pre>
 */
final class Check {
    /**
     * What is beyond the timeout: a prober gives up in time by itself, and knows more about what went wrong. This is for
     * one that never comes back.
     */
    private static final Duration GRACE = Duration.ofMillis(100);

    private final Upstream upstream;
    private final HealthCheckSettings settings;
    private final Prober prober;
    private final Timers timers;
    private final HealthChecks.Verdicts verdicts;
    // Touched only by whoever decides a round. A round begins after the one before was decided, so these never meet.
    private final HealthJudge judge;
    private volatile boolean stopped;
    private volatile Timers.@Nullable Timer start;
    private volatile @Nullable Round current;

    Check(
            Upstream upstream,
            HealthCheckSettings settings,
            Prober prober,
            Timers timers,
            HealthChecks.Verdicts verdicts) {
        this.upstream = upstream;
        this.settings = settings;
        this.prober = prober;
        this.timers = timers;
        this.verdicts = verdicts;
        this.judge = new HealthJudge(settings, !upstream.heldBy(HoldReason.FAILED_CHECK));
    }

    void start(Duration delay) {
        start = timers.after(delay, () -> new Round().begin());
    }

    /** No timer is left behind, and no verdict is heard any more. */
    void stop() {
        stopped = true;
        cancel(start);
        var round = current;
        if (round != null) {
            round.cancel();
        }
    }

    private static void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    private final class Round {
        private final AtomicBoolean decided = new AtomicBoolean();
        private final AtomicBoolean halfOver = new AtomicBoolean();
        private volatile Timers.@Nullable Timer deadline;
        private volatile Timers.@Nullable Timer interval;
        private volatile Timers.@Nullable Timer fast;
        private final AtomicBoolean over = new AtomicBoolean();

        void begin() {
            if (stopped) {
                return;
            }
            current = this;
            deadline = timers.after(settings.timeout().plus(GRACE), this::late);
            interval = timers.after(settings.interval(), this::half);
            // stop() may have come between the look above and the timers: it has then not seen them.
            if (stopped) {
                cancel();
                return;
            }
            prober.probe(upstream.endpoint(), settings, this::decide);
        }

        void cancel() {
            Check.cancel(deadline);
            Check.cancel(interval);
            Check.cancel(fast);
        }

        private void late() {
            decide(new ProbeResult.Failed("no answer within " + Durations.format(settings.timeout())));
        }

        private void decide(ProbeResult result) {
            if (stopped || !decided.compareAndSet(false, true)) {
                return;
            }
            Check.cancel(deadline);
            if (judge.judge(result instanceof ProbeResult.Passed)) {
                verdicts.changed(upstream, judge.healthy(), reason(result));
            }
            if (judge.doubts()) {
                fast = timers.after(settings.fastInterval(), this::next);
            }
            half();
            if (stopped || over.get()) {
                // Neither stop() nor the next round may have seen the timer.
                Check.cancel(fast);
            }
        }

        private String reason(ProbeResult result) {
            int count = judge.decidedBy();
            return switch (result) {
                case ProbeResult.Passed passed ->
                    count == 1 ? "the last check passed" : count + " checks in a row passed";
                case ProbeResult.Failed failed ->
                    (count == 1 ? "the last check failed: " : count + " checks in a row failed: ") + failed.reason();
            };
        }

        private void half() {
            if (halfOver.getAndSet(true)) {
                next();
            }
        }

        private void next() {
            if (!over.getAndSet(true)) {
                cancel();
                new Round().begin();
            }
        }
    }
}
