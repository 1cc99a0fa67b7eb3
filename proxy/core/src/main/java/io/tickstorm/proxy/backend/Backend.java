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
    private final Ticker ticker;
    private final Timers timers;
    private final Latencies latencies;
    private final RandomGenerator random;
    private final Rotations rotations;
    private final RetryBudget budget;
    private final Line line = new Line(place -> take(place.attempts(), place.pays()));
    private final @Nullable HealthChecks checks;
    private final List<Consumer<Upstream>> removalListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Upstream>> silenceListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<BackendEvent>> eventListeners = new CopyOnWriteArrayList<>();
    private final LongAdder panics = new LongAdder();
    // Control thread only.
    private final Map<EndpointId, Member> byId = new LinkedHashMap<>();
    private volatile boolean discovered;
    private volatile BackendSettings settings;
    private volatile RetryPolicy retries;

    /**
     * A backend without upstreams.
     *
     * @param zone where this proxy runs, if known
     * @param random safe for use by any thread
     * @param prober used only if the settings ask for health checks
     */
    @SuppressWarnings("unused") // zone: for zone hints
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
        this.random = random;
        this.rotations = new Rotations(Policies.of(settings.balancing(), ticker, random), this::tell, line::serve);
        this.budget = new RetryBudget(settings.retries().budget(), this::inFlight);
        this.retries = new RetryPolicy(settings.retries(), budget, random);
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

    /** How long a request may wait in {@link #await}; zero = it must not. */
    public Duration queueTimeout() {
        return settings.limits().queue().timeout();
    }

    /** Requests that wait now. */
    public int queued() {
        return line.length();
    }

    /** What the keys of {@link Attempts} are to be computed from. */
    public Affinity affinity() {
        return settings.stickiness() instanceof StickinessSettings.SourceIp
                ? new Affinity.ClientIp()
                : new Affinity.None();
    }

    /** Names and recognises the upstream that a client goes to; null if this backend has no such cookie. */
    public @Nullable StickyCookie stickyCookie() {
        return null;
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

    /** The upstreams that new work goes to now, on the ground that {@link #mode} names. */
    public List<Upstream> serving() {
        return rotations.current().members().stream().map(Member::upstream).toList();
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
     * Takes over new settings. Upstreams stay, with all that runs on them and was learnt about them, and whoever waits
     * waits on. For the control thread.
     */
    public void change(BackendSettings changed) {
        var before = settings;
        settings = changed;
        if (!before.retries().equals(changed.retries())) {
            budget.change(changed.retries().budget());
            retries = new RetryPolicy(changed.retries(), budget, random);
        }
        if (!before.balancing().equals(changed.balancing())) {
            rotations.replace(Policies.of(changed.balancing(), ticker, random));
        }
        line.serve();
    }

    /**
     * Takes an upstream out by hand, as if it were terminating: it finishes what runs. It stays so whatever discovery says,
     * until {@link #resume} or its removal. For the control thread.
     *
     * @return false if there is no such upstream
     */
    public boolean drain(EndpointId id) {
        return byId.containsKey(id);
    }

    /** Undoes {@link #drain}; false if there is no such upstream. For the control thread. */
    public boolean resume(EndpointId id) {
        return byId.containsKey(id);
    }

    /**
     * The right to make an attempt, on an upstream that these attempts have not been to while another with room is left;
     * null if there is no upstream, all are full, or others wait already. Whoever gets one ends it, exactly once; whoever
     * gets none may {@link #await} one.
     */
    public @Nullable Lease acquire(Attempts attempts) {
        return begin(attempts, false) instanceof Lease lease ? lease : null;
    }

    /**
     * As {@link #acquire}, for another attempt after a failed one, if the rule and the budget allow it. The first retry of
     * what was never sent is free, all others are paid from the budget until their lease ends. To be asked once for each
     * failure, after {@link RetryPolicy#delay}; the failed attempt was ended before, unless its answer passes to the client
     * if this is denied. The parameters are those of {@link RetryPolicy#allows}.
     */
    public Retry retry(
            Attempts attempts, FailureKind kind, WireState wire, boolean repeatable, boolean bodyReplayable) {
        var rule = retries;
        if (!rule.allows(kind, wire, repeatable, bodyReplayable, attempts.made())) {
            return Retry.Denied.BY_RULE;
        }
        boolean free = wire == WireState.NOTHING_SENT && attempts.takeFreeRetry();
        if (!free && rule.settings().budget().none()) {
            return Retry.Denied.BY_RULE;
        }
        attempts.pays(!free);
        return begin(attempts, !free);
    }

    /** Whether another attempt would go to an upstream that these have not been to; a glance, for it may change at once. */
    public boolean another(Attempts attempts) {
        return rotations.current().another(attempts);
    }

    /**
     * Waits for what {@link #acquire} or {@link #retry} did not give, behind those who came before. There is no time limit
     * here: whoever waits leaves after {@link #queueTimeout}.
     *
     * @param paid whether the budget has to pay: {@link Attempts#pays}
     * @param waiter gets the lease, maybe within this call
     * @return null if as many wait already as may
     */
    public @Nullable Place await(Attempts attempts, boolean paid, Waiter waiter) {
        return line.enter(attempts, paid, waiter, settings.limits().queue().size());
    }

    /** Stops asking and waiting; leases that run may still end. */
    public void close() {
        if (checks != null) {
            checks.close();
        }
        rotations.members().forEach(Member::retire);
    }

    private Retry begin(Attempts attempts, boolean pays) {
        if (line.queued()) {
            return Retry.Denied.NO_UPSTREAM;
        }
        var taken = take(attempts, pays);
        if (taken instanceof Lease lease) {
            lease.begin(attempts);
        }
        // What runs has become more, so the budget may have, too; or it was taken and given back.
        line.serve();
        return taken;
    }

    /** A lease that has not begun. */
    private Retry take(Attempts attempts, boolean pays) {
        if (pays && !budget.tryWithdraw()) {
            return Retry.Denied.BY_BUDGET;
        }
        var lease = reserve(attempts, pays);
        if (lease != null) {
            return lease;
        }
        if (pays) {
            budget.settle();
        }
        return Retry.Denied.NO_UPSTREAM;
    }

    private @Nullable Lease reserve(Attempts attempts, boolean paid) {
        while (true) {
            var now = rotations.current();
            var member = now.pick(attempts);
            if (member == null) {
                return null;
            }
            if (!member.upstream().tryReserve()) {
                continue; // someone was faster: the next turn meets someone else
            }
            var admission = now.mode().heedsBreakers() ? member.breaker().admit() : CircuitBreaker.Admission.FREE;
            if (admission != CircuitBreaker.Admission.FREE) {
                // Others have taken the probe, or we have: either way this member is out of the rotation now. Should
                // another thread not have said so yet, we do; so the next turn meets someone else.
                changed(member);
            }
            if (admission == CircuitBreaker.Admission.REFUSED) {
                member.upstream().end();
                continue;
            }
            if (now.mode() == Mode.PANIC) {
                panics.increment();
            }
            return new Lease(this, member, admission == CircuitBreaker.Admission.PROBE, paid, true);
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
            budget.settle();
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
        line.serve();
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
