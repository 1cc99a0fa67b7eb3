package io.tickstorm.proxy.sim;

import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.backend.Retry;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.retry.WireState;
import io.tickstorm.proxy.time.Timers;
import org.jspecify.annotations.Nullable;

/** One GET on its way through a balancer: what the data path does, without the bytes. */
final class Call {
    private final World world;
    private final Backend backend;
    private final Attempts attempts;
    private final long demand;
    private final long began;
    private Timers.@Nullable Timer waiting;

    Call(World world, Backend backend, long key, long demand) {
        this.world = world;
        this.backend = backend;
        this.attempts = new Attempts(key, null);
        this.demand = demand;
        this.began = world.time().nanos();
    }

    void begin() {
        var lease = backend.acquire(attempts);
        if (lease != null) {
            attempt(lease);
        } else {
            await(false);
        }
    }

    private void attempt(Lease lease) {
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
        lease.awaits();
        var server = world.server(lease.upstream().id());
        world.tally().attempt(server, world.inService());
        server.serve(demand, new Try(lease));
    }

    private void failed(FailureKind kind, WireState wire) {
        if (!backend.retries().allows(kind, wire, true, true, attempts.made())) {
            world.tally().failed();
            return;
        }
        world.time().after(backend.retries().delay(kind, wire, attempts.made()), () -> again(kind, wire));
    }

    private void again(FailureKind kind, WireState wire) {
        switch (backend.retry(attempts, kind, wire, true, true)) {
            case Lease lease -> attempt(lease);
            case Retry.Denied denied -> {
                if (denied == Retry.Denied.BY_RULE) {
                    world.tally().failed();
                } else {
                    await(attempts.pays());
                }
            }
        }
    }

    private void await(boolean paid) {
        var granted = new boolean[1];
        var place = backend.await(attempts, paid, lease -> {
            granted[0] = true;
            attempt(lease);
        });
        if (place == null) {
            world.tally().failed();
        } else if (!granted[0]) {
            waiting = world.time().after(backend.queueTimeout(), () -> {
                if (place.leave()) {
                    world.tally().failed();
                }
            });
        }
    }

    /** One attempt. */
    private final class Try implements Server.Reply {
        private final Lease lease;
        private final long sent = world.time().nanos();

        private Try(Lease lease) {
            this.lease = lease;
        }

        @Override
        public void answered(int status) {
            lease.heard();
            if (backend.retries().fails(status)) {
                end(FailureKind.STATUS_5XX, WireState.SENT);
                return;
            }
            lease.end(new Outcome.Success(world.time().nanos() - sent));
            world.tally().answered(world.time().nanos() - began);
        }

        @Override
        public void refused() {
            end(FailureKind.CONNECT_REFUSED, WireState.NOTHING_SENT);
        }

        @Override
        public void reset() {
            end(FailureKind.RESET, WireState.SENT);
        }

        private void end(FailureKind kind, WireState wire) {
            lease.end(new Outcome.Failure(kind));
            failed(kind, wire);
        }
    }
}
