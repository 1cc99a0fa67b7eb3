package io.tickstorm.proxy.tcp;

import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.access.Try;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.listener.Protocol;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of a session when it has ended. For one event loop. */
final class Account {
    private final Sessions sessions;
    private final InetSocketAddress client;
    private final long began;
    private long waitsSince;
    private long waited;
    private boolean waits;
    private @Nullable List<Try> tries;

    /** @param began when the client came */
    Account(Sessions sessions, InetSocketAddress client, long began) {
        this.sessions = sessions;
        this.client = client;
        this.began = began;
    }

    /** The session begins to wait for an upstream. */
    void waits() {
        waits = true;
        waitsSince = sessions.ticker.nanos();
    }

    /** Its wait, if it had to, is over. */
    void proceeds() {
        if (waits) {
            waits = false;
            waited += sessions.ticker.nanos() - waitsSince;
        }
    }

    /** An attempt that began then has failed to connect. */
    void tried(Upstream upstream, long at, FailureKind failure) {
        tried(upstream, at, Try.NEVER, Try.NEVER, failure);
    }

    /**
     * An attempt that began at a time has ended.
     *
     * @param connectNanos what connecting took
     * @param firstByteNanos from its beginning to the first byte from the upstream, {@link Try#NEVER} if there was none
     */
    void tried(Upstream upstream, long at, long connectNanos, long firstByteNanos, @Nullable FailureKind failure) {
        if (tries == null) {
            tries = new ArrayList<>(2);
        }
        tries.add(new Try(
                upstream.endpoint().name(),
                upstream.id().address(),
                at - began,
                connectNanos,
                firstByteNanos,
                sessions.ticker.nanos() - at,
                false,
                failure,
                0));
    }

    /** Whether somebody wants to hear of a session that ends so. */
    boolean wanted(Termination termination, int attempts) {
        return sessions.access.wants(Entry.failed(termination, 0, attempts));
    }

    /** @param backend empty if none was chosen */
    void tell(String backend, long bytesIn, long bytesOut, Termination termination, String detail) {
        proceeds();
        sessions.access.ended(new Entry(
                sessions.listener,
                backend,
                address(client),
                Protocol.TCP,
                "",
                null,
                0,
                bytesIn,
                bytesOut,
                waited,
                sessions.ticker.nanos() - began,
                tries == null ? List.of() : tries,
                termination,
                detail));
    }

    private static String address(InetSocketAddress address) {
        var host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
