package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.backend.Retry;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.http1.Asked;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.retry.WireState;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, over as many attempts as it takes. The package says in which order things happen and why.
 *
 * <p>Lives on one event loop, from the head of the request to the end of the answer. At any time an {@link Attempt} runs, or it
 * waits for an upstream or for leave to try another one.
 */
final class Exchange {
    private static final Outcome CANCELLED = new Outcome.Cancelled();
    private static final int SWITCHED = 101;

    private final ClientConnection client;
    private final Worker worker;
    private final Backend backend;
    private final Attempts attempts = new Attempts();
    private final OutgoingRequest request;
    private final RelayedAnswer answer;

    private @Nullable Attempt attempt;
    private @Nullable Attempt last;
    private @Nullable Asked asked;
    private boolean waiting;
    private @Nullable Failure failure;
    private long waitsUntil;

    /** Why the latest attempt failed, while the next one has to wait. */
    private record Failure(FailureKind kind, WireState wire, String reason) {}

    /** @param head what is sent to the upstream; taken over */
    Exchange(ClientConnection client, Worker worker, RequestHead request, ByteBuf head) {
        this.client = client;
        this.worker = worker;
        this.backend = worker.listening().backend();
        this.request = new OutgoingRequest(head, request.safe(), !request.hasBody());
        this.answer = new RelayedAnswer(client, worker, request);
    }

    ClientConnection client() {
        return client;
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

    /** Bytes of a body that are kept for another attempt. */
    long bodyLimit() {
        return backend.retries().settings().bodyLimit();
    }

    // Acquire

    void start() {
        worker.counters().request();
        client.requestDeadline().arm(worker.timeouts().request());
        var first = backend.acquire(attempts);
        if (first == null) {
            await();
        } else {
            attempt(first);
        }
    }

    private void await() {
        worker.counters().hold();
        account().waits();
        waiting = true;
        waitsUntil = worker.nanos() + worker.connectTimeout().toNanos();
        worker.waiting().add(this);
        client.updateReading();
    }

    /** Looks again for what it waits for; true if there is nothing to wait for any more. */
    boolean tryAgain() {
        if (!waiting) {
            return true;
        }
        var failed = failure;
        if (failed == null ? tryFirst() : tryNext(failed)) {
            return true;
        }
        if (worker.nanos() - waitsUntil < 0) {
            return false;
        }
        waiting = false;
        if (failed == null) {
            worker.counters().unservedRequest();
            answer(Answer.UNAVAILABLE, Termination.NO_UPSTREAM, "");
        } else {
            giveUp(failed.kind(), failed.reason());
        }
        return true;
    }

    private boolean tryFirst() {
        var found = backend.acquire(attempts);
        if (found == null) {
            return false;
        }
        proceed(found);
        return true;
    }

    private boolean tryNext(Failure failed) {
        if (retry(failed.kind(), failed.wire()) instanceof Lease next) {
            worker.counters().retry();
            proceed(next);
            return true;
        }
        return false;
    }

    private Retry retry(FailureKind kind, WireState wire) {
        return backend.retry(attempts, kind, wire, request.safe(), request.replayable());
    }

    // Attempt

    private void attempt(Lease lease) {
        var next = new Attempt(this, worker, lease);
        attempt = next;
        next.start();
    }

    /** Makes an attempt on behalf of nobody who would flush or read on afterwards. */
    private void proceed(Lease next) {
        waiting = false;
        failure = null;
        account().proceeds();
        attempt(next);
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

    /** The attempt has ended its lease; what that means is told next. */
    void attemptEnded(Attempt ended, Outcome outcome) {
        attempt = null;
        last = null;
        if (outcome instanceof Outcome.Failure failed) {
            account().tried(ended.told(failed.kind(), answer.status()));
        } else {
            last = ended;
        }
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
            return;
        }
        switch (retry(kind, wire)) {
            case Lease next -> {
                worker.counters().retry();
                proceed(next);
            }
            case Retry.Denied denied -> {
                if (wire == WireState.NOTHING_SENT && backend.mode() == Mode.EMPTY) {
                    await(); // the last upstream has left, the next one is on its way
                } else if (denied == Retry.Denied.BY_BUDGET) {
                    failure = new Failure(kind, wire, reason);
                    await();
                } else {
                    giveUp(kind, reason);
                }
            }
        }
    }

    private void giveUp(FailureKind kind, String reason) {
        worker.counters().failure(kind);
        answer(
                kind == FailureKind.TIMEOUT ? Answer.GATEWAY_TIMEOUT : Answer.badGateway(reason),
                Termination.of(kind),
                reason);
    }

    private void answer(Answer own, Termination why, String detail) {
        client.answer(own, answer.toHead());
        end(why, own.status(), detail);
    }

    // Ends

    /** The upstream has not answered in time. */
    void responseTimedOut() {
        if (attempt != null) {
            attempt.responseTimedOut();
        }
    }

    /** The request as a whole took too long. */
    void requestTimedOut() {
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
        waiting = false;
        if (attempt != null) {
            attempt.give(outcome);
        }
    }

    /** Tells of it, and lets go of all it has. */
    private void end(Termination why, int status, String detail) {
        var account = account();
        if (account.wanted(why, status, attempts.made())) {
            if (last != null) {
                account.tried(last.told(null, status));
            }
            account.tell(backend.name(), why, status, asked == null ? request.asked() : asked, detail);
        }
        release();
    }

    /** Lets go of what only attempts to come would need. */
    private void release() {
        client.responseDeadline().cancel();
        client.requestDeadline().cancel();
        request.release();
    }

    /** For the log: how far it has come. */
    String progress() {
        var at = attempt;
        return at == null
                ? "waits for " + (failure == null ? "an upstream" : "another attempt after " + failure.kind())
                : (answer.begun() ? "answered by " : "sent to ") + at.upstream() + ", attempt " + attempts.made();
    }
}
