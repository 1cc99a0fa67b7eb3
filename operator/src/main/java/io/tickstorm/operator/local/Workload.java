package io.tickstorm.operator.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** The replicas of one Deployment, on their way to what is wanted. Control thread only. */
final class Workload {
    private final LocalSettings settings;
    private final ScheduledExecutorService control;
    private final Runnable changed;
    private final List<Replica> replicas = new ArrayList<>();
    private Launch wanted;
    private int started;

    Workload(Launch wanted, LocalSettings settings, ScheduledExecutorService control, Runnable changed) {
        this.wanted = wanted;
        this.settings = settings;
        this.control = control;
        this.changed = changed;
    }

    void want(Launch launch) {
        if (!launch.revision().equals(wanted.revision())) {
            settings.events().accept(launch.deployment() + " is rolled to revision " + launch.revision());
            replicas.forEach(Replica::outdated);
        }
        wanted = launch;
    }

    /** Does all that can be done now. */
    void reconcile() {
        replicas.removeIf(Replica::gone);
        while (step()) {
            replicas.removeIf(Replica::gone);
        }
    }

    private boolean step() {
        var staying =
                replicas.stream().filter(replica -> !replica.phase().leaving()).toList();
        return switch (Rollover.next(wanted.replicas(), staying)) {
            case Rollover.Step.Start<Replica>() -> {
                var name = wanted.deployment() + "-" + wanted.revision().substring(0, 4) + "-" + ++started;
                var replica = new Replica(wanted, name, settings, control, changed);
                replicas.add(replica);
                replica.start();
                yield true;
            }
            case Rollover.Step.Retire<Replica>(var replica) -> {
                replica.retire();
                yield true;
            }
            case Rollover.Step.Wait<Replica>() -> false;
        };
    }

    List<Replica> replicas() {
        return replicas;
    }

    Launch wanted() {
        return wanted;
    }
}
