package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.health.HealthChecks;
import io.tickstorm.proxy.health.Prober;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who serves a backend: what discovery says, what is drained by hand, and the checks that follow from both. Changed on the
 * control thread.
 */
final class Roster {
    private final Rotations rotations;
    private final Judges judges;
    private final Ticker ticker;
    private final Timers timers;
    private final RandomGenerator random;
    private final Prober prober;
    private final Map<EndpointId, Member> byId = new LinkedHashMap<>();
    private final List<Consumer<Upstream>> removalListeners = new CopyOnWriteArrayList<>();
    private LimitSettings limits;
    private @Nullable HealthCheckSettings checked;
    // Read by any thread.
    private volatile @Nullable HealthChecks checks;
    private volatile boolean discovered;

    Roster(
            BackendSettings settings,
            Rotations rotations,
            Judges judges,
            Ticker ticker,
            Timers timers,
            RandomGenerator random,
            Prober prober) {
        this.rotations = rotations;
        this.judges = judges;
        this.ticker = ticker;
        this.timers = timers;
        this.random = random;
        this.prober = prober;
        this.limits = settings.limits();
        this.checked = settings.healthCheck();
        this.checks = checks(checked);
    }

    /** Whether discovery has spoken at all; an empty set counts. */
    boolean discovered() {
        return discovered;
    }

    /** Told of each upstream whose idle connections are of no use, see {@link Backend#onRemoved}. */
    void onRemoved(Consumer<Upstream> listener) {
        removalListeners.add(listener);
    }

    /** Takes over what discovery says. */
    void update(EndpointSet set) {
        var present = new LinkedHashMap<EndpointId, Member>();
        var leaving = new ArrayList<Upstream>();
        for (var endpoint : set.endpoints()) {
            var known = byId.remove(endpoint.id());
            if (known != null && refresh(known, endpoint)) {
                leaving.add(known.upstream());
            }
            present.put(endpoint.id(), known != null ? known : member(endpoint));
        }
        for (var gone : byId.values()) {
            gone.retire();
            leaving.add(gone.upstream());
        }
        byId.clear();
        byId.putAll(present);
        rotations.replace(List.copyOf(present.values()));
        discovered = true;
        follow();
        leaving.forEach(this::tell);
    }

    private Member member(Endpoint endpoint) {
        var upstream = new Upstream(endpoint, ticker.nanos());
        limits.apply(upstream);
        var member = judges.member(upstream);
        // The first set is warm: it has served all the time, it is only us who begin.
        if (discovered && member.active()) {
            judges.begins(member);
        }
        return member;
    }

    /** True if it turned DRAINING. */
    private boolean refresh(Member member, Endpoint latest) {
        var before = member.upstream().endpoint();
        if (before.equals(latest)) {
            return false;
        }
        member.upstream().update(latest, ticker.nanos());
        if (before.condition() == Condition.NOT_READY && latest.condition() == Condition.ACTIVE) {
            member.renew();
            judges.begins(member);
        } else {
            member.forgive();
        }
        member.publish();
        if (latest.condition() == Condition.ACTIVE) {
            return false;
        }
        // It is not asked any more, so an old verdict must not stay.
        member.upstream().lift(HoldReason.FAILED_CHECK);
        return latest.condition() == Condition.DRAINING && before.condition() != Condition.DRAINING;
    }

    /** Drains an upstream by hand, or does not any more; false if there is none of this id. */
    boolean drain(EndpointId id, boolean byHand) {
        var member = byId.get(id);
        if (member == null) {
            return false;
        }
        boolean drained = member.draining();
        member.upstream().drain(byHand, ticker.nanos());
        rotations.refresh();
        if (!drained && member.draining()) {
            tell(member.upstream());
        }
        return true;
    }

    /** Limits and asks by other settings. What is known of the upstreams holds until they have been asked anew. */
    void change(BackendSettings changed) {
        limits = changed.limits();
        byId.values().forEach(member -> limits.apply(member.upstream()));
        if (!Objects.equals(checked, changed.healthCheck())) {
            checked = changed.healthCheck();
            closeChecks();
            checks = checks(checked);
            follow();
        }
    }

    /** Connections that are idle are of no use any more. */
    void reconnect() {
        byId.values().forEach(member -> tell(member.upstream()));
    }

    void close() {
        closeChecks();
        byId.values().forEach(Member::retire);
    }

    private void closeChecks() {
        var old = checks;
        if (old != null) {
            old.close();
        }
    }

    private @Nullable HealthChecks checks(@Nullable HealthCheckSettings settings) {
        return settings == null ? null : new HealthChecks(settings, prober, timers, random, this::judged);
    }

    private void follow() {
        var now = checks;
        if (now != null) {
            now.follow(byId.values().stream()
                    .map(Member::upstream)
                    .filter(upstream -> upstream.endpoint().condition() == Condition.ACTIVE)
                    .toList());
        } else {
            byId.values().forEach(member -> unheld(member.upstream()));
        }
    }

    private void judged(Upstream upstream, boolean healthy, String reason) {
        judges.checked(upstream, healthy, reason);
        if (checks == null) {
            unheld(upstream);
        }
    }

    /** Nobody asks any more, so nobody would ever take it back. */
    private void unheld(Upstream upstream) {
        if (upstream.lift(HoldReason.FAILED_CHECK)) {
            rotations.refresh();
        }
    }

    private void tell(Upstream upstream) {
        removalListeners.forEach(listener -> listener.accept(upstream));
    }
}
