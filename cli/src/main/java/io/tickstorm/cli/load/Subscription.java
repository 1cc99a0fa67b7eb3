package io.tickstorm.cli.load;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One subscription that is kept going: a connection that ends is followed by the next one, after a short jittered delay
 * that doubles while nobody answers. One event loop.
 */
final class Subscription {
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);

    private final StreamRun run;
    private final String clientId;
    private @Nullable StreamSession session;
    private @Nullable ScheduledFuture<?> overdue;
    private Duration delay = FIRST_DELAY;
    private boolean over;

    /** When the last batch came; means something once {@code begun}. */
    private long lastBatchNanos;

    private boolean begun;
    private boolean live;

    Subscription(StreamRun run, int number) {
        this.run = run;
        this.clientId = "tickstorm-load-" + number;
    }

    void begin() {
        if (over) {
            return;
        }
        if (overdue == null) {
            overdue = run.loop()
                    .schedule(run.tally()::unanswered, run.plan().timeout().toNanos(), TimeUnit.NANOSECONDS);
        }
        session = new StreamSession(run, this, clientId);
        run.connect(session);
    }

    void end() {
        over = true;
        answered();
        if (session != null) {
            session.close();
        }
    }

    boolean live() {
        return live;
    }

    void batch(String server, int ticks) {
        if (over) {
            return;
        }
        if (begun && !live) {
            run.tally().resumed(run.nanos() - lastBatchNanos);
        }
        begun = true;
        live = true;
        delay = FIRST_DELAY;
        lastBatchNanos = run.nanos();
        answered();
        run.tally().batch(server, ticks);
    }

    /** The connection is over, or there was none. */
    void ended(String how) {
        if (over) {
            return;
        }
        live = false;
        run.tally().ended(how);
        run.loop().schedule(this::begin, run.jittered(delay), TimeUnit.NANOSECONDS);
        delay = delay.multipliedBy(2).compareTo(LONGEST_DELAY) < 0 ? delay.multipliedBy(2) : LONGEST_DELAY;
    }

    private void answered() {
        if (overdue != null) {
            overdue.cancel(false);
            overdue = null;
        }
    }
}
