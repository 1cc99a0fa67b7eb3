package io.tickstorm.operator.rollout;

import static java.util.Objects.requireNonNullElse;

import io.tickstorm.operator.crd.RolloutSpec;
import io.tickstorm.operator.crd.RolloutSpec.Strategy;
import io.tickstorm.operator.desired.Version;
import io.tickstorm.operator.rollout.Decision.Happening;
import io.tickstorm.operator.rollout.Decision.Phase;
import io.tickstorm.operator.rollout.Memory.Aborted;
import io.tickstorm.operator.rollout.Memory.Kept;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of versions: one step for one look, from what is remembered and what is seen. The same look at the same time gives the same decision. */
public final class Course {
    /** When nothing but time can change anything, and time will not soon. */
    private static final Duration REST = Duration.ofSeconds(120);

    /** Proxies are asked this often while one is waited for; a scrape of each is what it costs. */
    private static final Duration ASK = Duration.ofSeconds(1);

    /** While too few requests come to judge by. */
    private static final Duration GLANCE = Duration.ofSeconds(5);

    /**
     * How long proxies that do not answer keep a version that is being taken out. Then its pods go, and proxies whose shares are old find no endpoint of it, which sends
     * its share to the other one; that is why it holds only where the other one had a share.
     */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int ALL = 100;

    private final Facts facts;
    private final RolloutSpec rollout;
    private final Stages stages;
    private final Instant now;
    private final List<Happening> happenings = new ArrayList<>();
    private Memory memory;
    private boolean measureAnew;

    private Course(Memory memory, Facts facts, Instant now) {
        this.memory = memory;
        this.facts = facts;
        this.rollout = facts.rollout();
        this.stages = Stages.of(rollout);
        this.now = now;
    }

    /** @param facts of the time when the memory was what it is; the memory of the decision is to be acted on before it is decided upon again */
    public static Decision decide(Memory memory, Facts facts, Instant now) {
        return new Course(memory, facts, now).decide();
    }

    private Decision decide() {
        var aim = Aim.of(memory, facts, now);
        memory = aim.memory();
        var target = aim.target();
        var trial = memory.trial();
        if (trial == null) {
            return target.is(memory.stable()) ? rest() : begin(target);
        }
        return trial.withdrawal() == null ? goOn(trial, target) : withdraw(trial, trial.withdrawal());
    }

    private Decision rest() {
        var stable = memory.stable().revision();
        var kept = memory.kept();
        var left = REST;
        var text = stable + " has all the traffic";
        if (kept != null) {
            var end = kept.since().plus(Stages.judged(rollout.keepPrevious()));
            if (now.isBefore(end)) {
                left = until(end);
                text += "; " + kept.version().revision() + " runs on until " + time(end);
            } else {
                memory = memory.withoutKept();
            }
        }
        var aborted = memory.aborted();
        if (aborted != null) {
            return decision(Phase.ABORTED, aborted.revision() + " was given up: " + aborted.why() + "; " + text, left);
        }
        if (stable.equals(rollout.abort())) {
            text += "; it cannot be aborted any more, because no other version runs: change spec.backend";
        }
        return decision(memory.kept() == null ? Phase.STABLE : Phase.KEPT, text, left);
    }

    private Decision begin(Version target) {
        var kept = memory.kept();
        var revision = target.revision();
        if (kept != null && target.is(kept.version())) {
            memory = memory.with(Trial.back(kept, stages, facts.replicas()));
            happen("RolloutBack", revision + " still runs and gets all the traffic again");
            return decision(Phase.PROMOTING, "back to " + revision, Duration.ZERO);
        }
        if (rollout.strategy() == Strategy.ROLLING_UPDATE || facts.replicas() == 0) {
            happen("RolloutStarted", revision + " replaces " + memory.stable().revision() + " pod by pod");
            memory = memory.in(target);
            return decision(Phase.STABLE, "pods of " + revision + " take over one by one", Duration.ZERO);
        }
        if (!facts.proxies().acknowledged()) {
            // One of them may still give a share to what ran in the slot before.
            return decision(Phase.STARTING, revision + " waits, " + proxies(), ASK);
        }
        happen(
                "RolloutStarted",
                rollout.strategy().word() + ": " + revision + " starts beside "
                        + memory.stable().revision());
        memory = memory.withoutKept().with(Trial.begin(target, stages.key(), facts.replicas(), now));
        return decision(Phase.STARTING, "pods of " + revision + " start", Duration.ZERO);
    }

    private Decision goOn(Trial before, Version target) {
        var revision = before.version().revision();
        if (!before.version().is(target)) {
            var aborted = memory.aborted();
            return aborted != null && aborted.revision().equals(revision)
                    ? takeOut(before, true, aborted.why())
                    : takeOut(before, false, "the specification asks for " + target.revision());
        }
        if (rollout.strategy() == Strategy.ROLLING_UPDATE && !committed(before)) {
            return takeOut(before, false, "the strategy is RollingUpdate now");
        }
        var trial = before.stages().equals(stages.key())
                ? before
                : before.at(committed(before) ? stages.count() : stages.from(before.weight()), stages.key());
        if (facts.replicas() == 0) {
            memory = memory.with(trial.shortSince(null));
            return decision(waiting(trial), revision + " goes on when there are to be pods again", REST);
        }
        return counted(trial);
    }

    /** Whether it is on its way to all the traffic whatever the steps are. */
    private static boolean committed(Trial trial) {
        return trial.weight() == ALL || trial.back() > 0;
    }

    /** Looks at its pods before its traffic. */
    private Decision counted(Trial given) {
        var needed = needed(given);
        var available = facts.available(memory.idle(), given.version());
        var enough = available >= needed;
        var trial = given.shortSince(enough ? null : requireNonNullElse(given.shortSince(), now));
        var pods = available + " of " + needed + " pods of " + trial.version().revision() + " are ready";
        var left = REST;
        if (trial.shortSince() != null) {
            var deadline = trial.shortSince().plus(Stages.judged(rollout.progressDeadline()));
            if (!now.isBefore(deadline)) {
                return takeOut(trial, true, pods + " after " + rollout.progressDeadline());
            }
            left = until(deadline);
        }
        var stage = stages.at(trial.step());
        if (stage.weight() < trial.weight()) {
            // other steps than before: less needs no pods
            return give(trial, stage.weight());
        }
        if (!enough) {
            memory = memory.with(trial);
            return decision(waiting(trial), pods, left);
        }
        return trial.weight() == stage.weight() ? weighted(trial) : give(trial, stage.weight());
    }

    private Decision give(Trial trial, int weight) {
        memory = memory.with(trial.given(weight));
        var text = trial.version().revision() + " gets " + weight + " percent of the traffic";
        happen("RolloutStep", text);
        return decision(waiting(trial), text + ", " + proxies(), ASK);
    }

    private Decision weighted(Trial trial) {
        if (trial.settled() == null) {
            if (!facts.proxies().acknowledged()) {
                memory = memory.with(trial);
                return decision(waiting(trial), share(trial) + ", " + proxies(), ASK);
            }
            if (stages.promotion(trial.step())) {
                return promote(trial);
            }
            memory = memory.with(trial.settled(now));
            measureAnew = true;
            return decision(waiting(trial), share(trial), Duration.ZERO);
        }
        return stages.analysis() == null ? paused(trial, trial.settled(), null, true) : judged(trial, trial.settled());
    }

    private Decision judged(Trial trial, Instant settled) {
        var analysis = stages.analysis();
        var window = facts.window();
        if (analysis == null || window == null || window.since().isBefore(settled)) {
            measureAnew = true;
            return paused(trial, settled, null, trial.good());
        }
        var verdict = Verdict.of(analysis, window.trial(), window.stable());
        var due = !now.isBefore(window.since().plus(Stages.judged(analysis.interval())));
        if (!due) {
            return paused(trial, settled, verdict, trial.good());
        }
        return switch (verdict.kind()) {
            case BAD -> {
                var bad = trial.bad() + 1;
                if (bad >= analysis.failures()) {
                    yield takeOut(trial, true, verdict.why());
                }
                measureAnew = true;
                yield paused(trial.judged(bad), settled, verdict, false);
            }
            case GOOD -> {
                measureAnew = true;
                yield paused(trial.judged(0), settled, verdict, true);
            }
            case IDLE -> paused(trial, settled, verdict, trial.good() || approved(trial));
            case UNDECIDED -> paused(trial, settled, verdict, false);
        };
    }

    /** @param fit whether nothing but time keeps it from its next step */
    private Decision paused(Trial trial, Instant settled, @Nullable Verdict verdict, boolean fit) {
        if (fit && over(trial, settled)) {
            memory = memory.with(trial.at(trial.step() + 1, stages.key()));
            return decision(waiting(trial), share(trial) + " is over", Duration.ZERO, verdict);
        }
        memory = memory.with(trial);
        var pause = stages.at(trial.step()).pause();
        var end = pause == null ? null : settled.plus(pause);
        var text = share(trial)
                + (over(trial, settled)
                        ? ""
                        : end == null
                                ? " until spec.backend.rollout.promote is "
                                        + trial.version().revision()
                                : " until " + time(end))
                + (verdict == null ? "" : "; " + verdict.why());
        var left = end == null || !now.isBefore(end) ? REST : until(end);
        return decision(waiting(trial), text, least(left, measuring()), verdict);
    }

    /** Until there may be a verdict. */
    private Duration measuring() {
        var analysis = stages.analysis();
        var window = facts.window();
        if (analysis == null) {
            return REST;
        }
        var interval = Stages.judged(analysis.interval());
        if (window == null || measureAnew) {
            return interval;
        }
        var due = window.since().plus(interval);
        return now.isBefore(due) ? until(due) : GLANCE;
    }

    private boolean over(Trial trial, Instant settled) {
        var pause = stages.at(trial.step()).pause();
        if (pause == null || rollout.strategy() == Strategy.BLUE_GREEN) {
            return approved(trial) || (pause != null && !now.isBefore(settled.plus(pause)));
        }
        return !now.isBefore(settled.plus(pause));
    }

    private boolean approved(Trial trial) {
        return trial.version().revision().equals(rollout.promote());
    }

    private Decision promote(Trial trial) {
        var former = memory.stable();
        var revision = trial.version().revision();
        memory = new Memory(
                memory.idle(), trial.version(), null, new Kept(former, facts.replicas(), now), memory.aborted());
        var text = revision + " has all the traffic instead of " + former.revision();
        happen("RolloutPromoted", text);
        return decision(Phase.KEPT, text, Duration.ZERO);
    }

    private Decision takeOut(Trial trial, boolean failed, String why) {
        var revision = trial.version().revision();
        memory = memory.with(trial.withdrawn(failed, why, now));
        happenings.add(new Happening(
                failed,
                failed ? "RolloutAborted" : "RolloutWithdrawn",
                revision + " gets no traffic any more: " + why));
        return decision(Phase.WITHDRAWING, revision + " is taken out: " + why + "; " + proxies(), ASK);
    }

    private Decision withdraw(Trial trial, Trial.Withdrawal withdrawal) {
        var revision = trial.version().revision();
        var text = revision + " is taken out: " + withdrawal.why();
        var waited = !now.isBefore(withdrawal.since().plus(PATIENCE)) && withdrawal.from() < ALL;
        if (!facts.proxies().acknowledged() && !waited) {
            return decision(Phase.WITHDRAWING, text + "; " + proxies(), ASK);
        }
        memory = memory.with((Trial) null);
        if (withdrawal.failed() && memory.aborted() == null) {
            memory = memory.with(new Aborted(revision, withdrawal.why(), now));
        }
        return decision(withdrawal.failed() ? Phase.ABORTED : Phase.STABLE, text, Duration.ZERO);
    }

    private int needed(Trial trial) {
        var wanted = Plan.replicas(trial, stages, facts.replicas());
        return trial.back() > 0 ? Math.min(trial.back(), wanted) : wanted;
    }

    private Phase waiting(Trial trial) {
        if (stages.promotion(trial.step())) {
            return Phase.PROMOTING;
        }
        if (trial.settled() != null && trial.weight() == 0) {
            return Phase.WAITING;
        }
        return trial.weight() > 0 ? Phase.STEP : Phase.STARTING;
    }

    private String share(Trial trial) {
        return trial.version().revision() + " has " + trial.weight() + " percent of the traffic";
    }

    private String proxies() {
        var proxies = facts.proxies();
        return proxies.all() == 0
                ? "no proxy is ready"
                : proxies.words() + " proxies have the configuration"
                        + (proxies.without().isEmpty() ? "" : ", not yet: " + String.join(", ", proxies.without()));
    }

    private void happen(String reason, String message) {
        happenings.add(new Happening(false, reason, message));
    }

    private Duration until(Instant end) {
        return Duration.between(now, end);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private Decision decision(Phase phase, String message, Duration again) {
        return decision(phase, message, again, null);
    }

    private Decision decision(Phase phase, String message, Duration again, @Nullable Verdict verdict) {
        return new Decision(
                memory,
                phase,
                verdict == null ? null : verdict.kind().word(),
                message,
                happenings,
                least(again, REST),
                measureAnew);
    }
}
