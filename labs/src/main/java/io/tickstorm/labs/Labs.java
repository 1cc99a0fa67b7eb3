package io.tickstorm.labs;

import io.tickstorm.labs.lab.BalancingBalancers;
import io.tickstorm.labs.lab.CircuitBreakers;
import io.tickstorm.labs.lab.ConnectionTracking;
import io.tickstorm.labs.lab.Failover;
import io.tickstorm.labs.lab.GracefulShutdown;
import io.tickstorm.labs.lab.HealthChecks;
import io.tickstorm.labs.lab.HundredThousand;
import io.tickstorm.labs.lab.LongLived;
import io.tickstorm.labs.lab.NewVersions;
import io.tickstorm.labs.lab.Replicas;
import io.tickstorm.labs.lab.Retries;
import io.tickstorm.labs.lab.RollingRestart;
import io.tickstorm.labs.lab.Scaling;
import io.tickstorm.labs.lab.SlowStart;
import io.tickstorm.labs.lab.Smuggling;
import io.tickstorm.labs.lab.StickySessions;
import java.util.List;

/** All labs, in the order in which they are best read. */
public final class Labs {
    public static final List<Lab> ALL = List.of(
            new LongLived(),
            new BalancingBalancers(),
            new Replicas(),
            new RollingRestart(),
            new Retries(),
            new CircuitBreakers(),
            new ConnectionTracking(),
            new GracefulShutdown(),
            new SlowStart(),
            new StickySessions(),
            new HealthChecks(),
            new HundredThousand(),
            new Failover(),
            new Scaling(),
            new NewVersions(),
            new Smuggling());

    private Labs() {}
}
