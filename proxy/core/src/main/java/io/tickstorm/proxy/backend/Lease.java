package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.endpoint.Upstream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The right to make one attempt on an upstream. Whoever has it ends it exactly once, however the attempt ends; until then
 * it counts as in flight. Any thread may end it.
 */
public final class Lease implements Retry {
    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(Lease.class, "ended", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Backend backend;
    private final Member member;
    private final boolean probe;
    private final boolean budgeted;

    @SuppressWarnings("unused") // through ENDED
    private volatile boolean ended;

    Lease(Backend backend, Member member, boolean probe, boolean budgeted) {
        this.backend = backend;
        this.member = member;
        this.probe = probe;
        this.budgeted = budgeted;
    }

    public Upstream upstream() {
        return member.upstream();
    }

    /**
     * The attempt is over.
     *
     * @throws IllegalStateException if it was ended before
     */
    public void end(Outcome outcome) {
        if (!ENDED.compareAndSet(this, false, true)) {
            throw new IllegalStateException("lease on " + upstream() + " ended twice, now with " + outcome);
        }
        backend.ended(this, outcome);
    }

    Member member() {
        return member;
    }

    /** Whether it is the one attempt by which a circuit breaker finds out. */
    boolean probe() {
        return probe;
    }

    /** Whether it is a retry that the budget paid. */
    boolean budgeted() {
        return budgeted;
    }
}
