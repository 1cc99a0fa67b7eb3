package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.breaker.Admission;
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
    private final Admission admission;
    private final boolean budgeted;
    private final boolean keptTarget;
    private boolean awaited;
    private boolean awaiting;

    @SuppressWarnings("unused") // through ENDED
    private volatile boolean ended;

    Lease(Backend backend, Member member, Admission admission, boolean budgeted, boolean keptTarget) {
        this.backend = backend;
        this.member = member;
        this.admission = admission;
        this.budgeted = budgeted;
        this.keptTarget = keptTarget;
    }

    public Upstream upstream() {
        return member.upstream();
    }

    /**
     * Whether the client stays with the upstream that its sticky cookie names. If not, and the backend has a {@link
     * Backend#stickyCookie}, the answer carries a new one. A target that is merely full for the moment is kept, though this
     * attempt goes elsewhere.
     */
    public boolean keptTarget() {
        return keptTarget;
    }

    /**
     * All that the client has sent so far, to its end, is with this attempt: from now on it is the upstream's turn to say
     * something, and its silence counts against it. For HTTP, when the request is complete or as soon as the attempt
     * begins if it was complete before. To be called by the event loop that has the lease, as {@link #heard}.
     */
    public void awaits() {
        if (!awaited) {
            awaited = true;
            awaiting = true;
            backend.awaits(this);
        }
    }

    /** The first bytes of an answer have come; what follows may take as long as it likes. */
    public void heard() {
        upstream().replies().heard();
        settle();
    }

    private void settle() {
        if (awaiting) {
            awaiting = false;
            upstream().replies().settle();
        }
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
        settle();
        backend.ended(this, outcome);
    }

    /** The attempt begins: from here on it counts. */
    void begin(Attempts attempts) {
        upstream().tally().begin(attempts.made() > 0);
        attempts.add(upstream());
    }

    /** Instead of {@link #begin}: nobody wants it any more. */
    void giveBack() {
        backend.ended(this, new Outcome.Cancelled());
    }

    /** Whether it ever was the upstream's turn. */
    boolean awaited() {
        return awaited;
    }

    Member member() {
        return member;
    }

    /** What the judges said: free, or the one attempt by which they find out. */
    Admission admission() {
        return admission;
    }

    /** Whether it is a retry that the budget paid. */
    boolean budgeted() {
        return budgeted;
    }
}
