package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.Policies;
import io.tickstorm.proxy.breaker.CircuitBreaker;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.health.HealthChecks;
import io.tickstorm.proxy.health.Prober;
import io.tickstorm.proxy.retry.RetryBudget;
import io.tickstorm.proxy.retry.RetryPolicy;
import io.tickstorm.proxy.retry.WireState;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One named backend: who serves it, and who of those gets the next attempt.
 *
 * <p>{@link #update} and {@link #close} are for the control thread, all else for any. {@link #acquire} and {@link
 * Lease#end} take no lock and allocate nothing but the lease; they do more only when an upstream's standing changes.
 */
public final class Backend {
    // Discovery names a pod that is gone within about this time; a container that restarts in place takes longer, and
    // then costs one attempt a second, which goes elsewhere.
    private static final Duration UNREACHABLE_TIME = Duration.ofSeconds(1);

    private final String name;
    private final BackendSettings settings;
    private final Ticker ticker;
    private final Timers timers;
    private final Latencies latencies;
    private final Rotations rotations;
    private final RetryPolicy retries;
    private final @Nullable HealthChecks checks;
    private final List<Consumer<Upstream>> removalListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Upstream>> silenceListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<BackendEvent>> eventListeners = new CopyOnWriteArrayList<>();
    private final LongAdder panics = new LongAdder();
    // Control thread only.
    private final Map<EndpointId, Member> byId = new LinkedHashMap<>();
    private volatile boolean discovered;

    /**
     * A backend without upstreams.
     *
     * @param zone where this proxy runs, if known
     * @param random safe for use by any thread
     * @param prober used only if the settings ask for health checks
     */
    public Backend(
            String name,
            BackendSettings settings,
            @Nullable String zone,
            Ticker ticker,
            Timers timers,
            RandomGenerator random,
            Prober prober) {
        this.name = name;
        this.settings = settings;
        this.ticker = ticker;
        this.timers = timers;
        this.latencies = new Latencies(ticker);
        this.rotations = new Rotations(Policies.of(settings.balancing(), ticker, random), this::tell);
        this.retries = new RetryPolicy(
                settings.retries(), new RetryBudget(settings.retries().budget(), this::inFlight));
        this.checks = settings.healthCheck() == null
                ? null
                : new HealthChecks(settings.healthCheck(), prober, timers, random, this::judged);
    }

    public String name() {
        return name;
    }

    public RetryPolicy retries() {
        return retries;
    }

    /** All upstreams that discovery names, in its order. */
    public List<Upstream> upstreams() {
        return rotations.members().stream().map(Member::upstream).toList();
    }

    /** Whether discovery has spoken at all; an empty set counts. */
    public boolean discovered() {
        return discovered;
    }

    /** Attempts that run now, on upstreams that discovery names. */
    public int inFlight() {
        int sum = 0;
        for (var member : rotations.members()) {
            sum += member.upstream().inFlight();
        }
        return sum;
    }

    /** On what ground upstreams get work now. */
    public Mode mode() {
        return rotations.current().mode();
    }

    /** Attempts that went out in {@link Mode#PANIC}. */
    public long panics() {
        return panics.sum();
    }

    /**
     * Calls a listener for each upstream that left, and for each that turned DRAINING, after it gets no more work; for the
     * latter again when it leaves ({@link Upstream#removed()}). On the control thread.
     */
    public void onRemoved(Consumer<Upstream> listener) {
        removalListeners.add(listener);
    }

    /** Tells a listener of what happens from now on, on whichever thread that is, event loops included: never block. */
    public void onEvent(Consumer<BackendEvent> listener) {
        eventListeners.add(listener);
    }

    /**
     * Calls a listener when an upstream has fallen silent: answers are awaited, nothing has been heard of it for far longer
     * than is usual, and it gets no more work. What waits for it had better go elsewhere, if it may be sent twice. On
     * whichever thread that is: never block.
     */
    public void onSilent(Consumer<Upstream> listener) {
        silenceListeners.add(listener);
    }

    /**
     * Takes over what discovery says. An endpoint with a known id keeps its upstream; one that is not in the set any more
     * loses it, while its work runs on. When this returns, no attempt goes to what is DRAINING or gone (unless nothing
     * else is left, see the package).
     */
    public void update(EndpointSet set) {
        var present = new LinkedHashMap<EndpointId, Member>();
        var leaving = new ArrayList<Upstream>();
        for (var endpoint : set.endpoints()) {
            var known = byId.remove(endpoint.id());
            if (known != null && refresh(known, endpoint)) {
                leaving.add(known.upstream());
            }
            present.put(
                    endpoint.id(),
                    known != null
                            ? known
                            : new Member(
                                    new Upstream(endpoint, ticker.nanos()),
                                    ticker,
                                    new CircuitBreaker(settings.circuitBreaker())));
        }
        for (var gone : byId.values()) {
            gone.retire();
            leaving.add(gone.upstream());
        }
        byId.clear();
        byId.putAll(present);
        rotations.replace(List.copyOf(present.values()));
        discovered = true;
        if (checks != null) {
            checks.follow(present.values().stream()
                    .filter(Member::active)
                    .map(Member::upstream)
                    .toList());
        }
        for (var upstream : leaving) {
            removalListeners.forEach(listener -> listener.accept(upstream));
        }
    }

    /**
     * The right to make an attempt, on an upstream that these attempts have not been to while another is left; null if
     * there is no upstream at all. Whoever gets one ends it, exactly once.
     */
    public @Nullable Lease acquire(Attempts attempts) {
        return acquire(attempts, false);
    }

    /**
     * As {@link #acquire}, for another attempt after a failed one (which was ended before), if the rule and the budget
     * allow it. The first retry of what was never sent is free, all others are paid from the budget until their lease
     * ends. May be asked again for the same failure, if the answer was not {@link Retry.Denied#BY_RULE}. The parameters
     * are those of {@link RetryPolicy#allows}.
     */
    public Retry retry(
            Attempts attempts, FailureKind kind, WireState wire, boolean safeMethod, boolean bodyReplayable) {
        if (!retries.allows(kind, wire, safeMethod, bodyReplayable, attempts.made())) {
            return Retry.Denied.BY_RULE;
        }
        if (wire == WireState.NOTHING_SENT && attempts.takeFreeRetry()) {
            var free = acquire(attempts, false);
            return free == null ? Retry.Denied.NO_UPSTREAM : free;
        }
        if (!retries.budget().tryWithdraw()) {
            return settings.retries().budget().none() ? Retry.Denied.BY_RULE : Retry.Denied.BY_BUDGET;
        }
        var paid = acquire(attempts, true);
        if (paid == null) {
            retries.budget().settle();
            return Retry.Denied.NO_UPSTREAM;
        }
        return paid;
    }

    /** Stops asking and waiting; leases that run may still end. */
    public void close() {
        if (checks != null) {
            checks.close();
        }
        rotations.members().forEach(Member::retire);
    }

    private @Nullable Lease acquire(Attempts attempts, boolean budgeted) {
        while (true) {
            var now = rotations.current();
            var member = now.pick(attempts);
            if (member == null) {
                return null;
            }
            var admission = now.mode().heedsBreakers() ? member.breaker().admit() : CircuitBreaker.Admission.FREE;
            if (admission != CircuitBreaker.Admission.FREE) {
                // Others have taken the probe, or we have: either way this member is out of the rotation now. Should
                // another thread not have said so yet, we do; so the next turn meets someone else.
                changed(member);
            }
            if (admission == CircuitBreaker.Admission.REFUSED) {
                continue;
            }
            if (now.mode() == Mode.PANIC) {
                panics.increment();
            }
            member.upstream().begin(attempts.made() > 0);
            attempts.add(member.upstream());
            return new Lease(this, member, admission == CircuitBreaker.Admission.PROBE, budgeted);
        }
    }

    void ended(Lease lease, Outcome outcome) {
        var member = lease.member();
        // Before it counts as ended: whoever chooses by latency must not take it for idle and not know it yet.
        switch (outcome) {
            case Outcome.Success success -> latencies.success(member.upstream(), success.latencyNanos());
            case Outcome.Failure failure -> latencies.failure(member.upstream());
            case Outcome.Cancelled cancelled -> {}
        }
        member.upstream().end();
        if (lease.budgeted()) {
            retries.budget().settle();
        }
        switch (outcome) {
            case Outcome.Success success -> {
                if (member.breaker().success(lease.probe())) {
                    changed(member);
                    tell(new BackendEvent.CircuitClosed(member.upstream()));
                }
            }
            case Outcome.Failure failure -> failed(member, failure.kind(), lease.probe());
            case Outcome.Cancelled cancelled -> {
                if (member.breaker().cancelled(lease.probe())) {
                    changed(member);
                }
            }
        }
    }

    private void failed(Member member, FailureKind kind, boolean probe) {
        var upstream = member.upstream();
        upstream.count(kind);
        boolean unreachable = kind.connecting() && member.unreachable(UNREACHABLE_TIME, timers, () -> changed(member));
        var openTime = member.breaker().failure(probe);
        if (openTime != null) {
            member.opened(openTime, timers, () -> changed(member));
        }
        if (unreachable || openTime != null) {
            changed(member);
        }
        if (unreachable) {
            tell(new BackendEvent.Unreachable(upstream, kind));
        }
        if (openTime != null) {
            tell(new BackendEvent.CircuitOpened(upstream, kind, openTime));
        }
    }

    /** True if it turned DRAINING. */
    private boolean refresh(Member member, Endpoint latest) {
        var before = member.upstream().endpoint();
        if (before.equals(latest)) {
            return false;
        }
        member.upstream().update(latest, ticker.nanos());
        member.forgive();
        member.publish();
        if (latest.condition() == Condition.ACTIVE) {
            return false;
        }
        // It is not asked any more, so an old verdict must not stay.
        member.upstream().lift(HoldReason.FAILED_CHECK);
        return latest.condition() == Condition.DRAINING && before.condition() != Condition.DRAINING;
    }

    private void judged(Upstream upstream, boolean healthy, String reason) {
        if (healthy
                ? upstream.lift(HoldReason.FAILED_CHECK)
                : upstream.hold(HoldReason.FAILED_CHECK, reason, ticker.nanos())) {
            rotations.refresh();
            tell(healthy ? new BackendEvent.CheckPassed(upstream) : new BackendEvent.CheckFailed(upstream, reason));
        }
    }

    private void changed(Member member) {
        member.publish();
        rotations.refresh();
    }

    private void tell(BackendEvent event) {
        for (var listener : eventListeners) {
            listener.accept(event);
        }
    }
}
