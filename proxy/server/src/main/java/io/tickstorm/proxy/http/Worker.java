package io.tickstorm.proxy.http;

import io.netty.channel.EventLoop;
import io.tickstorm.proxy.gzip.Deflaters;
import io.tickstorm.proxy.http1.HeadLimits;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.ResponseHead;
import io.tickstorm.proxy.listener.ListenerLimits;
import java.time.Duration;

/** What the connections of one listener on one event loop share; only that loop touches it. */
final class Worker {
    /** Answers may carry a cookie each for a few dozen applications behind one host; requests carry them in one field. */
    private static final int RESPONSE_FIELDS = 2 * HeadLimits.DEFAULT_FIELDS;

    private final Listening listening;
    private final EventLoop loop;
    private final Deadlines deadlines;
    private final UpstreamPool pool;
    private final DateLine date;
    private final Deflaters deflaters = new Deflaters();
    private ListenerLimits.Http limits;
    private RequestHead request;
    private ResponseHead response;
    private Timeouts timeouts;

    /** The queues of the deadlines that the limits name. */
    record Timeouts(
            Deadlines.Queue header,
            Deadlines.Queue idle,
            Deadlines.Queue response,
            Deadlines.Queue stall,
            Deadlines.Queue linger) {}

    Worker(Listening listening, EventLoop loop) {
        var surroundings = listening.surroundings();
        this.listening = listening;
        this.loop = loop;
        deadlines = new Deadlines(loop, surroundings.ticker());
        pool = new UpstreamPool(this, loop, surroundings.ticker());
        date = new DateLine(surroundings.clock());
        limits = listening.limits();
        request = requestHead(limits);
        response = responseHead(limits);
        timeouts = timeouts(limits);
    }

    /** Follows a change of the limits; connections ask here for each request. */
    private void refresh() {
        var latest = listening.limits();
        if (latest != limits) {
            if (latest.maxHeaderSize() != limits.maxHeaderSize()) {
                request = requestHead(latest);
                response = responseHead(latest);
            }
            timeouts = timeouts(latest);
            limits = latest;
        }
    }

    private static RequestHead requestHead(ListenerLimits.Http limits) {
        return new RequestHead(new HeadLimits(limits.maxHeaderSize(), HeadLimits.DEFAULT_FIELDS));
    }

    private static ResponseHead responseHead(ListenerLimits.Http limits) {
        return new ResponseHead(new HeadLimits(limits.maxHeaderSize(), RESPONSE_FIELDS));
    }

    private Timeouts timeouts(ListenerLimits.Http limits) {
        return new Timeouts(
                deadlines.queue(limits.headerTimeout()),
                deadlines.queue(limits.idleTimeout()),
                deadlines.queue(limits.responseTimeout()),
                deadlines.queue(ClientConnection.STALL),
                deadlines.queue(Ending.LINGER));
    }

    Listening listening() {
        return listening;
    }

    HttpCounters counters() {
        return listening.counters();
    }

    EventLoop loop() {
        return loop;
    }

    UpstreamPool pool() {
        return pool;
    }

    /** The queue of deadlines of this length, which the configuration names. */
    Deadlines.Queue within(Duration length) {
        return deadlines.queue(length);
    }

    RequestHead request() {
        refresh();
        return request;
    }

    ResponseHead response() {
        return response;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /** For a request with all its attempts; zero = as long as it takes. */
    Duration requestTimeout() {
        return limits.requestTimeout();
    }

    Duration connectTimeout() {
        return limits.connectTimeout();
    }

    int maxHeaderSize() {
        return limits.maxHeaderSize();
    }

    Deflaters deflaters() {
        return deflaters;
    }

    byte[] dateLine() {
        return date.now();
    }

    long nanos() {
        return listening.surroundings().ticker().nanos();
    }
}
