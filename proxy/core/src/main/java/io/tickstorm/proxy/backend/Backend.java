package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.Policies;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.ProxyProtocol;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.health.Prober;
import io.tickstorm.proxy.retry.RetryBudget;
import io.tickstorm.proxy.retry.RetryPolicy;
import io.tickstorm.proxy.retry.WireState;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final String name;
    private final Ticker ticker;
    private final Latencies latencies;
    private final RandomGenerator random;
    private final @Nullable String zone;
    private final Rotations rotations;
    private final Judges judges;
    private final RetryBudget budget;
    private final Leasing leasing;
    private final Roster roster;
    private final List<Consumer<BackendEvent>> eventListeners = new CopyOnWriteArrayList<>();
    private volatile boolean live;
    private volatile BackendSettings settings;
    // Of the settings; read for every request.
    private volatile Affinity affinity;
    private volatile RetryPolicy retries;

    /**
     * A backend without upstreams.
     *
     * @param zone where this proxy runs, if known
     * @param random safe for use by any thread
     * @param prober used only if the settings ask for health checks
     * @throws IllegalArgumentException if the secrets of a sticky cookie cannot be had
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
        this.affinity = Affinity.of(settings);
        this.zone = zone;
        this.ticker = ticker;
        this.latencies = new Latencies(ticker);
        this.random = random;
        this.rotations = new Rotations(rule(settings), this::tell, this::refreshed);
        this.judges = new Judges(settings, ticker, timers, random, rotations, this::tell);
        this.budget = new RetryBudget(settings.retries().budget(), this::inFlight, ticker);
        this.retries = new RetryPolicy(settings.retries(), budget, random);
        this.leasing = new Leasing(this, rotations, budget, Stickiness.of(settings.stickiness(), ticker));
        this.roster = new Roster(settings, rotations, judges, ticker, timers, random, prober);
    }

    public String name() {
        return name;
    }

    public RetryPolicy retries() {
        return retries;
    }

    /** How new connections to its upstreams begin. */
    public ProxyProtocol proxyProtocol() {
        return settings.proxyProtocol();
    }

    /** How long a request may wait in {@link #await}; zero = it must not. */
    public Duration queueTimeout() {
        return settings.limits().queue().timeout();
    }

    /** Requests that wait now. */
    public int queued() {
        return leasing.queued();
    }

    /** What the keys of {@link Attempts} are to be computed from. */
    public Affinity affinity() {
        return affinity;
    }

    /** Names and recognises the upstream that a client goes to; null if this backend has no such cookie. */
    public @Nullable StickyCookie stickyCookie() {
        return leasing.stickiness() instanceof Stickiness.ByCookie by ? by.cookie() : null;
    }

    /** All upstreams that discovery names, in its order. */
    public List<Upstream> upstreams() {
        return rotations.members().stream().map(Member::upstream).toList();
    }

    /** Whether discovery has spoken at all; an empty set counts. */
    public boolean discovered() {
        return roster.discovered();
    }

    /** Whether an upstream gets work that is not known to be ill. */
    boolean live() {
        return live;
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
        return rotations.current().groups().getFirst().members().stream()
                .map(Member::upstream)
                .toList();
    }

    /** What is spoken with its upstreams from the next connection on. Any thread. */
    public UpstreamProtocol protocol() {
        return settings.protocol();
    }

    /** Attempts that went out in {@link Mode#PANIC}. */
    public long panics() {
        return leasing.panics();
    }

    /**
     * Calls a listener for each upstream whose idle connections are of no use any more: it left or turned DRAINING, after it gets
     * no more work, for the latter again when it leaves ({@link Upstream#removed()}); or its connections are to be secured in
     * another way. On the control thread.
     */
    public void onRemoved(Consumer<Upstream> listener) {
        roster.onRemoved(listener);
    }

    /** Tells a listener of what happens from now on, on whichever thread that is, event loops included: never block. */
    public void onEvent(Consumer<BackendEvent> listener) {
        eventListeners.add(listener);
    }

    /**
     * Calls a listener when an upstream has fallen silent: answers are awaited, nothing has been heard of it for far longer
     * than is usual, and it gets no more work. What waits for it had better go elsewhere, if it may be sent twice. Called
     * again, ever more rarely, as long as answers are awaited of it. On whichever thread that is: never block.
     */
    public void onSilent(Consumer<Upstream> listener) {
        judges.onSilent(listener);
    }

    /**
     * Takes over what discovery says. An endpoint with a known id keeps its upstream; one that is not in the set any more
     * loses it, while its work runs on. When this returns, no attempt goes to what is DRAINING or gone (unless nothing
     * else is left, see the package).
     */
    public void update(EndpointSet set) {
        roster.update(set);
    }

    /**
     * Takes over new settings. Upstreams stay, with all that runs on them and was learnt about them, and whoever waits
     * waits on. For the control thread.
     *
     * @throws IllegalArgumentException if the secrets of a sticky cookie cannot be had; then nothing has changed
     */
    public void change(BackendSettings changed) {
        var before = settings;
        if (!Objects.equals(before.stickiness(), changed.stickiness())) {
            leasing.change(Stickiness.of(changed.stickiness(), ticker));
        }
        settings = changed;
        affinity = Affinity.of(changed);
        if (!before.retries().equals(changed.retries())) {
            budget.change(changed.retries().budget());
            retries = new RetryPolicy(changed.retries(), budget, random);
        }
        roster.change(changed);
        if (!Objects.equals(before.tls(), changed.tls())) {
            roster.reconnect();
        }
        if (!before.balancing().equals(changed.balancing())) {
            rotations.replace(rule(changed));
        }
        judges.change(changed);
        leasing.serve();
    }

    /**
     * Takes an upstream out by hand, as if it were terminating: it finishes what runs, and gets work only if no other is
     * there. It stays so whatever discovery says, until {@link #resume} or its removal. For the control thread.
     *
     * @return false if there is no such upstream
     */
    public boolean drain(EndpointId id) {
        return roster.drain(id, true);
    }

    /** Undoes {@link #drain}; false if there is no such upstream. For the control thread. */
    public boolean resume(EndpointId id) {
        return roster.drain(id, false);
    }

    /**
     * The right to make an attempt, on an upstream that these attempts have not been to while another with room is left;
     * null if there is no upstream, all are full, or others wait already. Whoever gets one ends it, exactly once; whoever
     * gets none may {@link #await} one.
     */
    public @Nullable Lease acquire(Attempts attempts) {
        return leasing.take(attempts, false) instanceof Lease lease ? lease : null;
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
        return leasing.take(attempts, !free);
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
        return leasing.await(attempts, paid, waiter, settings.limits().queue().size());
    }

    /** Stops asking and waiting; leases that run may still end. */
    public void close() {
        roster.close();
        judges.close();
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
            case Outcome.Success success ->
                judges.success(member, lease.admission(), lease.awaited() ? success.latencyNanos() : -1);
            case Outcome.Failure failure -> judges.failure(member, failure.kind(), lease.admission());
            case Outcome.Cancelled cancelled -> judges.cancelled(member, lease.admission());
        }
        leasing.serve();
    }

    /** It is the upstream's turn to say something. */
    void awaits(Lease lease) {
        lease.upstream().replies().await();
        judges.awaited();
    }

    private Rotation.Rule rule(BackendSettings wanted) {
        return Rotation.Rule.of(wanted.balancing(), Policies.of(wanted.balancing(), ticker, random), zone, random);
    }

    /** A judge of this member has changed its mind. */
    void changed(Member member) {
        judges.changed(member);
    }

    private void refreshed() {
        boolean now;
        do {
            now = rotations.current().live();
            live = now;
            // Of two threads at once, the later one to write may have read the older rotation.
        } while (now != rotations.current().live());
        leasing.serve();
    }

    private void tell(BackendEvent event) {
        for (var listener : eventListeners) {
            listener.accept(event);
        }
    }
}
