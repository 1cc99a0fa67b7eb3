package io.tickstorm.proxy.health;

import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Asks each upstream of a backend at its interval. The first check of each comes at a random moment within one interval,
 * so that neither the upstreams of one proxy nor many proxies on one upstream are asked all at once.
 *
 * <p>{@link #follow} and {@link #close} are for the control thread; results may come on any.
 */
public final class HealthChecks {
    private final HealthCheckSettings settings;
    private final Prober prober;
    private final Timers timers;
    private final RandomGenerator random;
    private final Verdicts verdicts;
    private final Map<Upstream, Check> checks = new IdentityHashMap<>();

    /** Hears when an upstream turns healthy or unhealthy; not called for one that stays as it is. */
    @FunctionalInterface
    public interface Verdicts {
        /** @param reason what the last check saw, for people */
        void changed(Upstream upstream, boolean healthy, String reason);
    }

    public HealthChecks(
            HealthCheckSettings settings, Prober prober, Timers timers, RandomGenerator random, Verdicts verdicts) {
        this.settings = settings;
        this.prober = prober;
        this.timers = timers;
        this.random = random;
        this.verdicts = verdicts;
    }

    /**
     * Asks exactly these from now on: starts with those that are new, goes on with those it asks already, and stops for
     * all others, whose verdicts are not heard any more.
     */
    public void follow(Collection<Upstream> upstreams) {
        var wanted = new HashSet<>(upstreams);
        checks.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                entry.getValue().stop();
            }
            return gone;
        });
        for (var upstream : upstreams) {
            checks.computeIfAbsent(upstream, this::begin);
        }
    }

    /** Stops asking. */
    public void close() {
        checks.values().forEach(Check::stop);
        checks.clear();
    }

    private Check begin(Upstream upstream) {
        var check = new Check(upstream, settings, prober, timers, verdicts);
        check.start(Duration.ofNanos(random.nextLong(settings.interval().toNanos())));
        return check;
    }
}
