package io.tickstorm.proxy.http;

import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.access.Try;
import io.tickstorm.proxy.http1.Asked;
import io.tickstorm.proxy.listener.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a request when it has ended. There is one for each client connection, used for one request after the other,
 * so that a request that nobody asks about costs a few stores. For one event loop.
 */
final class Account {
    private final Worker worker;
    private final Peer peer;
    private final Outflow out;
    private final AccessLog log;

    private Peer from;
    private long began;
    private long bytesIn;
    private long bytesOutBefore;
    private long waitsSince;
    private long waited;
    private boolean waits;
    private @Nullable List<Try> tries;

    Account(Worker worker, Peer peer, Outflow out) {
        this.worker = worker;
        this.peer = peer;
        this.from = peer;
        this.out = out;
        this.log = worker.listening().surroundings().access();
    }

    /** The first byte of a request has come. */
    void begin() {
        from = peer;
        began = worker.nanos();
        bytesIn = 0;
        bytesOutBefore = out.bytes();
        waited = 0;
        waits = false;
        tries = null;
    }

    /** Who asks for it, if it is not the peer. */
    void from(Peer asking) {
        from = asking;
    }

    /** Nanoseconds from the beginning of the request to a reading of the clock. */
    long since(long nanos) {
        return nanos - began;
    }

    void in(int bytes) {
        bytesIn += bytes;
    }

    /** The request begins to wait; once it waits that changes nothing. */
    void waits() {
        if (!waits) {
            waits = true;
            waitsSince = worker.nanos();
        }
    }

    /** Its wait, if it had to, is over. */
    void proceeds() {
        if (waits) {
            waits = false;
            waited += worker.nanos() - waitsSince;
        }
    }

    /** Remembers an attempt that did not serve. */
    void tried(Try one) {
        if (tries == null) {
            tries = new ArrayList<>(2);
        }
        tries.add(one);
    }

    /** Whether somebody wants to hear of it. */
    boolean wanted(Termination termination, int status, int attempts) {
        return log.wants(Entry.failed(termination, status, attempts));
    }

    /** The end of a request that was not passed on. */
    void end(Termination termination, int status, @Nullable Asked asked, String detail) {
        if (wanted(termination, status, 0)) {
            tell("", termination, status, asked, detail);
        }
    }

    /** The end of a request that somebody wants to hear of. */
    void tell(String backend, Termination termination, int status, @Nullable Asked asked, String detail) {
        proceeds();
        log.ended(new Entry(
                worker.listening().name(),
                backend,
                from.address(),
                Protocol.HTTP,
                from.via().protocol(asked != null && asked.http10()),
                asked == null ? null : request(asked),
                status,
                bytesIn,
                out.bytes() - bytesOutBefore,
                waited,
                since(worker.nanos()),
                tries == null ? List.of() : tries,
                termination,
                detail));
    }

    private static Entry.Request request(Asked asked) {
        int query = asked.target().indexOf('?');
        var path = query < 0 ? asked.target() : asked.target().substring(0, query);
        return new Entry.Request(asked.requestId(), asked.method(), asked.host(), path);
    }
}
