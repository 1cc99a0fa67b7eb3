package io.tickstorm.proxy.probing;

import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.tickstorm.proxy.health.ProbeResult;
import io.tickstorm.proxy.settings.Durations;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a check comes to: told once, and then its connection is closed. On the event loop of the connection. */
final class Verdict {
    private final Consumer<ProbeResult> result;
    private @Nullable Channel channel;
    private @Nullable Future<?> deadline;
    private String seen = "";
    private boolean told;

    Verdict(Consumer<ProbeResult> result) {
        this.result = result;
    }

    /** The deadline is absolute: an endpoint that trickles does not win time. */
    void within(Duration timeout, Channel connection, EventLoop loop) {
        channel = connection;
        deadline = loop.schedule(
                () -> failed((seen.isEmpty() ? "no answer" : seen) + " within " + Durations.format(timeout)),
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
        if (told) {
            end();
        }
    }

    /** What there is to tell if no more comes in time. */
    void soFar(String what) {
        seen = what;
    }

    void passed() {
        tell(new ProbeResult.Passed());
    }

    /** @param reason what was seen, for people */
    void failed(String reason) {
        tell(new ProbeResult.Failed(reason));
    }

    /** The connection could not be made, or broke. */
    void broken(Throwable cause) {
        failed(
                switch (cause) {
                    case ConnectTimeoutException timeout -> "no connection in time";
                    case ConnectException refused -> "connection refused";
                    default -> String.valueOf(cause.getMessage());
                });
    }

    private void tell(ProbeResult outcome) {
        if (!told) {
            told = true;
            end();
            result.accept(outcome);
        }
    }

    private void end() {
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (channel != null) {
            channel.close();
        }
    }
}
