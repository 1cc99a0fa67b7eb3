package io.tickstorm.proxy.http;

import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.http1.Flaw;
import io.tickstorm.proxy.http2.Abuse;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What a listener has done since it started. Any thread. */
public final class HttpCounters {
    private static final int CLASSES = 6;

    private final LongAdder requests = new LongAdder();
    private final LongAdder[] responses = adders(CLASSES);
    private final LongAdder[] flaws = adders(Flaw.values().length);
    private final LongAdder[] failures = adders(FailureKind.values().length);
    private final LongAdder retries = new LongAdder();
    private final LongAdder held = new LongAdder();
    private final LongAdder unserved = new LongAdder();
    private final LongAdder unrouted = new LongAdder();
    private final LongAdder headersRefused = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder cut = new LongAdder();
    private final LongAdder upgraded = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private final LongAdder http2Connections = new LongAdder();
    private final LongAdder[] abuses = adders(Abuse.values().length);
    private final LongAdder connects = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    HttpCounters() {}

    private static LongAdder[] adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    }

    /** Requests whose head was accepted. */
    public long requests() {
        return requests.sum();
    }

    /** Responses to clients, our own included, by the first digit of the status: 1..5. */
    public long responses(int firstDigit) {
        return responses[firstDigit].sum();
    }

    /** Requests refused, and answers of upstreams not passed on, for this flaw. */
    public long flaws(Flaw flaw) {
        return flaws[flaw.ordinal()].sum();
    }

    /** Requests refused and upstream answers not passed on, for any flaw. */
    public long flaws() {
        return Arrays.stream(flaws).mapToLong(LongAdder::sum).sum();
    }

    /** Requests that we answered with 502 or 504, by the failure of the last attempt. */
    public long failures(FailureKind kind) {
        return failures[kind.ordinal()].sum();
    }

    /** Connections that were closed because their PROXY protocol header was missing or wrong, or their peer not trusted. */
    public long headersRefused() {
        return headersRefused.sum();
    }

    void headerRefused() {
        headersRefused.increment();
    }

    /** Attempts after the first one of a request. */
    public long retries() {
        return retries.sum();
    }

    /** Waits of requests: for an upstream to appear, or for the budget to pay for a retry. */
    public long held() {
        return held.sum();
    }

    /** Requests that no route took. */
    public long unrouted() {
        return unrouted.sum();
    }

    /** Requests answered with 503, because no upstream appeared. */
    public long unserved() {
        return unserved.sum();
    }

    /** Requests whose client left before the answer was complete. */
    public long cancelled() {
        return cancelled.sum();
    }

    /** Answers cut off because the upstream's ended early; the client's connection was reset. */
    public long cut() {
        return cut.sum();
    }

    /** Connections that became WebSockets. */
    public long upgraded() {
        return upgraded.sum();
    }

    /** Client connections that were closed, or answered with 408, because the client took too long. */
    public long timeouts() {
        return timeouts.sum();
    }

    /** Client connections that speak HTTP/2. */
    public long http2Connections() {
        return http2Connections.sum();
    }

    /** Connections that were ended because the client abused HTTP/2 in this way. */
    public long abuses(Abuse abuse) {
        return abuses[abuse.ordinal()].sum();
    }

    /** Connections opened to upstreams. */
    public long connects() {
        return connects.sum();
    }

    /** Bytes that came from clients. */
    public long bytesIn() {
        return bytesIn.sum();
    }

    /** Bytes handed to clients' connections. */
    public long bytesOut() {
        return bytesOut.sum();
    }

    void request() {
        requests.increment();
    }

    void response(int status) {
        responses[status / 100].increment();
    }

    void flaw(Flaw flaw) {
        flaws[flaw.ordinal()].increment();
    }

    void failure(FailureKind kind) {
        failures[kind.ordinal()].increment();
    }

    void retry() {
        retries.increment();
    }

    void hold() {
        held.increment();
    }

    void unroutedRequest() {
        unrouted.increment();
    }

    void unservedRequest() {
        unserved.increment();
    }

    void cancel() {
        cancelled.increment();
    }

    void cutOff() {
        cut.increment();
    }

    void upgrade() {
        upgraded.increment();
    }

    void timeout() {
        timeouts.increment();
    }

    void http2Connection() {
        http2Connections.increment();
    }

    void abuse(Abuse abuse) {
        abuses[abuse.ordinal()].increment();
    }

    void connect() {
        connects.increment();
    }

    void in(int bytes) {
        bytesIn.add(bytes);
    }

    void out(int bytes) {
        bytesOut.add(bytes);
    }
}
