package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.breaker.Admission;
import io.tickstorm.proxy.retry.RetryBudget;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Gives the leases of a backend: to those who ask, if nobody waits, and to those who wait, when there is room again. Any
 * thread; no lock.
 */
final class Leasing {
    private final Backend backend;
    private final Rotations rotations;
    private final RetryBudget budget;
    private final Line line = new Line(place -> reserve(place.attempts(), place.pays()));
    private final LongAdder panics = new LongAdder();
    private volatile Stickiness stickiness;

    Leasing(Backend backend, Rotations rotations, RetryBudget budget, Stickiness stickiness) {
        this.backend = backend;
        this.rotations = rotations;
        this.budget = budget;
        this.stickiness = stickiness;
    }

    Stickiness stickiness() {
        return stickiness;
    }

    void change(Stickiness changed) {
        stickiness = changed;
    }

    int queued() {
        return line.length();
    }

    /** Leases that were given in {@link Mode#PANIC}. */
    long panics() {
        return panics.sum();
    }

    /** There may be room, or budget, that was not there before: to be called after each such change. */
    void serve() {
        line.serve();
    }

    /** A lease if there is room and nobody waits for it. */
    Retry take(Attempts attempts, boolean pays) {
        if (line.queued()) {
            return Retry.Denied.NO_UPSTREAM;
        }
        var taken = reserve(attempts, pays);
        if (taken instanceof Lease lease) {
            lease.begin(attempts);
        }
        // What runs has become more, so the budget may have, too; or some of it was taken and given back.
        line.serve();
        return taken;
    }

    @Nullable
    Place await(Attempts attempts, boolean pays, Waiter waiter, int size) {
        return line.enter(attempts, pays, waiter, size);
    }

    /** A lease that has not begun. */
    private Retry reserve(Attempts attempts, boolean pays) {
        if (pays && !budget.tryWithdraw()) {
            return Retry.Denied.BY_BUDGET;
        }
        var lease = place(attempts, pays);
        if (lease != null) {
            if (!pays) {
                budget.deposit();
            }
            return lease;
        }
        if (pays) {
            budget.refund();
        }
        return Retry.Denied.NO_UPSTREAM;
    }

    private @Nullable Lease place(Attempts attempts, boolean paid) {
        while (true) {
            var now = rotations.current();
            var home = home(attempts, now);
            var member =
                    home != null && attempts.made() == 0 && !home.upstream().full() ? home : now.pick(attempts);
            if (member == null) {
                return null;
            }
            if (!member.upstream().tryReserve()) {
                continue; // someone was faster: the next turn meets someone else
            }
            var admission = member.admit();
            if (admission == Admission.REFUSED && now.mode() == Mode.PANIC) {
                admission = Admission.FREE;
            }
            if (admission != Admission.FREE) {
                // Others have taken the probe, or we have: either way this member is out of the rotation now. Should
                // another thread not have said so yet, we do; so the next turn meets someone else.
                backend.changed(member);
            }
            if (admission == Admission.REFUSED) {
                member.upstream().end();
                continue;
            }
            if (now.mode() == Mode.PANIC) {
                panics.increment();
            }
            stickiness.placed(attempts, home == null ? member : home);
            return new Lease(backend, member, admission, paid, home != null);
        }
    }

    /** Where the client belongs; null if nowhere, or if that one gets no work. */
    private @Nullable Member home(Attempts attempts, Rotation now) {
        var home = stickiness.home(attempts, rotations.members());
        return home != null && now.serves(home) ? home : null;
    }
}
