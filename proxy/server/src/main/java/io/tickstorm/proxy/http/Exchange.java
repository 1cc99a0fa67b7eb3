package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.backend.UpstreamProtocol;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.ProxyProtocol;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.http1.Asked;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.ResponseHead;
import io.tickstorm.proxy.retry.WireState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, over as many attempts as it takes. The package says in which order things happen and why.
 *
 * <p>Lives on one event loop, from the head of the request to the end of the answer. At any time an {@link Attempt} runs, or a
 * {@link NextAttempt} is awaited; in two cases both.
 */
final class Exchange {
    private static final Outcome CANCELLED = new Outcome.Cancelled();
    private static final int SWITCHED = 101;

    private final ClientConnection client;
    private final Worker worker;
    private final Backend backend;
    private final Attempts attempts;
    private final OutgoingRequest request;
    private final RelayedAnswer answer;

    private @Nullable Attempt attempt;
    private @Nullable Attempt last;
    private @Nullable NextAttempt next;
    private @Nullable Asked asked;
    private @Nullable Deadline limit;

    /**
     * @param backend who answers
     * @param from who asks
     * @param head what is sent to the upstream; taken over
     */
    Exchange(ClientConnection client, Worker worker, Backend backend, Peer from, RequestHead request, ByteBuf head) {
        this.client = client;
        this.worker = worker;
        this.backend = backend;
        this.attempts = Affinities.attempts(backend, request, from);
        var retries = backend.retries();
        boolean keyed = retries.settings().idempotencyKey() && request.idempotencyKey();
        boolean repeatable = retries.repeatable(request.safe(), keyed);
        this.request = new OutgoingRequest(head, repeatable, !request.hasBody());
        this.answer = new RelayedAnswer(client, worker, request);
    }

    Backend backend() {
        return backend;
    }

    ClientConnection client() {
        return client;
    }

    /** The one that runs; null while there is none. */
    @Nullable
    Attempt attempt() {
        return attempt;
    }

    OutgoingRequest request() {
        return request;
    }

    RelayedAnswer answer() {
        return answer;
    }

    Account account() {
        return client.account();
    }

    /** What is spoken with upstreams. */
    UpstreamProtocol protocol() {
        return backend.protocol();
    }

    /** Bytes of a body that are kept for another attempt. */
    long bodyLimit() {
        return backend.retries().settings().bodyLimit();
    }

    /** For one attempt, until the head of its answer; zero = none of its own. */
    Duration perTryTimeout() {
        return backend.retries().settings().perTryTimeout();
    }

    /** How new connections to its upstreams begin. */
    ProxyProtocol proxyProtocol() {
        return backend.proxyProtocol();
    }

    /** Field lines that the answer of this attempt gets from us. */
    byte[] ownLines(Lease lease) {
        return Affinities.ownLines(backend, lease);
    }

    // Acquire

    void start() {
        worker.counters().request();
        var time = worker.requestTimeout();
        if (!time.isZero()) {
            limit = new Deadline(this::timedOut);
            limit.arm(worker.within(time));
        }
        var first = backend.acquire(attempts);
        if (first == null) {
            next().await(false);
        } else {
            attempt(first);
        }
    }

    private NextAttempt next() {
        if (next == null) {
            next = new NextAttempt(this, worker, backend, attempts);
        }
        return next;
    }

    // Attempt

    private void attempt(Lease lease) {
        var begun = new Attempt(this, worker, lease);
        attempt = begun;
        begun.start();
    }

    /** Makes an attempt on behalf of nobody who would flush or read on afterwards. */
    void proceed(Lease lease) {
        account().proceeds();
        attempt(lease);
        flush();
        client.updateReading();
    }

    // Send

    /** Takes a part of the body. */
    void part(ByteBuf part) {
        if (attempt == null) {
            request.part(part, null, WireState.NOTHING_SENT, bodyLimit());
        } else {
            attempt.part(part);
        }
    }

    /** The whole request has come. */
    void requestEnded() {
        request.end();
        if (attempt != null) {
            attempt.requestEnded();
        }
    }

    /** Whether more of the body can be taken now. */
    boolean takesMore() {
        var connection = connection();
        return connection == null ? request.takesMore() : connection.writable();
    }

    void flush() {
        if (attempt != null) {
            attempt.flush();
        }
    }

    /** The client can take more, or less: the upstream is read at the client's pace. */
    void clientWritable(boolean writable) {
        var connection = connection();
        if (connection != null) {
            connection.reading(writable);
        }
    }

    private @Nullable UpstreamConnection connection() {
        return attempt == null ? null : attempt.connection();
    }

    // What attempts come to

    /** The first bytes of an answer have come: nobody else is wanted. */
    void heard() {
        if (next != null) {
            next.cancel();
        }
    }

    /** The attempt has ended its lease. */
    void settled(Attempt ended, Outcome outcome) {
        last = null;
        if (outcome instanceof Outcome.Failure failed) {
            account().tried(ended.told(failed.kind()));
        } else {
            last = ended;
        }
    }

    /** The attempt is over; what that means is told next. */
    void attemptEnded() {
        attempt = null;
    }

    /** The client has got an answer whole. */
    void answered() {
        end(Termination.COMPLETE, answer.status(), "");
        client.answered(answer.closes());
    }

    /** The connection is a tunnel from now on; nothing is sent twice any more. */
    void switched() {
        asked = request.asked();
        release();
    }

    /** The tunnel has ended. */
    void tunnelEnded() {
        end(client.aborted() ? Termination.PROXY_DRAINED : Termination.COMPLETE, SWITCHED, "");
    }

    /** The attempt has failed. */
    void failed(FailureKind kind, WireState wire, String reason) {
        if (answer.begun()) {
            worker.counters().cutOff();
            end(Termination.TRUNCATED, answer.status(), reason);
            client.reset();
        } else {
            next().failed(kind, wire, reason);
        }
    }

    /** Whether an answer with this head is a failure that another upstream may make good: then it is {@link #parked}. */
    boolean mayGoElsewhere(ResponseHead head) {
        return backend.retries().fails(head.status()) && next().inPlaceOf(head);
    }

    /** The answer of an attempt is put aside. */
    void parked(Attempt from) {
        next().inPlaceOf(from);
    }

    /** Nothing is heard of this upstream. */
    void silent(Upstream upstream) {
        var at = attempt;
        if (at != null && at.upstream() == upstream && at.wire() == WireState.SENT) {
            next().inPlaceOfSilence();
        }
    }

    // Ends

    /** Gives an answer of our own. */
    void answer(Answer own, Termination why, String detail) {
        client.answer(own, answer.toHead());
        end(why, own.status(), detail);
    }

    /** The upstream has not answered in time. */
    void responseTimedOut() {
        if (attempt != null) {
            attempt.timedOut();
        }
    }

    /** The request as a whole took too long. */
    private void timedOut() {
        worker.counters().failure(FailureKind.TIMEOUT);
        give(new Outcome.Failure(FailureKind.TIMEOUT));
        if (answer.begun()) {
            worker.counters().cutOff();
            end(Termination.REQUEST_TIMEOUT, answer.status(), "");
            client.reset();
        } else {
            answer(Answer.GATEWAY_TIMEOUT, Termination.REQUEST_TIMEOUT, "");
        }
    }

    /**
     * The client is gone, or sent what cannot be passed on: the work is given up, and nobody is to blame.
     *
     * @param ownStatus of the answer that we give if none has begun; 0 = none
     */
    void cancel(Termination why, int ownStatus, String detail) {
        give(CANCELLED);
        end(why, answer.begun() ? answer.status() : ownStatus, detail);
    }

    private void give(Outcome outcome) {
        if (next != null) {
            next.cancel();
        }
        if (attempt != null) {
            attempt.give(outcome);
        }
    }

    /** Tells of it, and lets go of all it has. */
    private void end(Termination why, int status, String detail) {
        var account = account();
        if (account.wanted(why, status, attempts.made())) {
            if (last != null) {
                account.tried(last.told(null));
            }
            account.tell(backend.name(), why, status, asked == null ? request.asked() : asked, detail);
        }
        release();
    }

    /** Lets go of what only attempts to come would need. */
    private void release() {
        client.awaitNoAnswer();
        if (limit != null) {
            limit.cancel();
        }
        request.release();
        answer.release();
    }

    /** For the log: how far it has come. */
    String progress() {
        var at = attempt;
        var place = at == null
                ? "waits for " + (next == null ? "an upstream" : next.awaited())
                : (answer.begun() ? "answered by " : "sent to ") + at.upstream() + ", attempt " + attempts.made();
        return place + ", " + Duration.ofNanos(account().since(worker.nanos())).toSeconds() + " s";
    }
}
