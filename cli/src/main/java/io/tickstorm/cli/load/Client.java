package io.tickstorm.cli.load;

import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends one request at a time on one keep-alive connection and never retries. A connection that the server
 * has announced to close, or has closed while no request was on it, is replaced with the next request. One event loop.
 */
final class Client {
    private final HttpRun run;
    private @Nullable Connection connection;
    private @Nullable Shot shot;
    private @Nullable ScheduledFuture<?> timeout;

    Client(HttpRun run) {
        this.run = run;
    }

    void send(Shot next) {
        shot = next;
        timeout = run.loop().schedule(() -> fail(Failure.TIMEOUT), run.nanosLeft(next), TimeUnit.NANOSECONDS);
        if (connection == null) {
            connect(next);
        } else {
            connection.send(run.requests(), next);
        }
    }

    void close() {
        var closing = connection;
        connection = null;
        if (closing != null) {
            closing.close();
        }
    }

    private void connect(Shot next) {
        var made = new Connection(this);
        run.bootstrap(new HttpResponseDecoder(), made).connect().addListener(attempt -> {
            if (shot != next) {
                made.close(); // too late: the request has timed out
            } else if (attempt.isSuccess()) {
                run.tally().connected();
                connection = made;
                made.send(run.requests(), next);
            } else {
                fail(Failure.ofConnect(attempt.cause()));
            }
        });
    }

    /** The answer on {@code from} is complete. */
    void answered(Connection from, int status, @Nullable String server, boolean keepAlive) {
        if (from != connection) {
            return;
        }
        var answered = shot;
        if (!keepAlive) {
            close();
        }
        if (answered != null) {
            ready();
            run.answered(this, answered, status, server);
        }
    }

    /** {@code from} cannot carry on, with or without a request on it. */
    void lost(Connection from, Failure failure) {
        if (from == connection) {
            fail(failure);
        }
    }

    /** Bytes on {@code from} that answer nothing: it cannot be trusted any more. */
    void stray(Connection from) {
        if (from == connection) {
            run.tally().stray();
            close();
        }
    }

    private void fail(Failure failure) {
        var failed = shot;
        close();
        if (failed != null) {
            ready();
            run.failed(this, failed, failure);
        }
    }

    private void ready() {
        shot = null;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
