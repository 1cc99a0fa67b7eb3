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
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.http1.Asked;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.ResponseHead;
import io.tickstorm.proxy.retry.WireState;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, over as many attempts as it takes. The package says in which order things happen and why.
 *
 * <p>Lives on one event loop, from the head of the request to the end of the answer. At any time an {@link Attempt} runs, or it
 * stands {@link InLine}, or it pauses before a retry. While an attempt runs it may also stand in line, because its upstream
 * is silent, or pause, because its answer is put aside: then whichever comes first decides.
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
    private @Nullable InLine line;
    private @Nullable Future<?> pause;
    private @Nullable Failure failure;
    private @Nullable Asked asked;
    private boolean rests;
    private long restsUntil;

    /** Why the latest attempt failed, while the next one has to wait. */
    private record Failure(FailureKind kind, WireState wire, String reason) {}

    /** @param head what is sent to the upstream; taken over */
    Exchange(ClientConnection client, Worker worker, RequestHead request, ByteBuf head) {
        this.client = client;
        this.worker = worker;
        this.backend = worker.listening().backend();
        this.attempts = Affinities.attempts(backend, request, client.peer());
        boolean repeatable = backend.retries().repeatable(request.safe(), request.idempotencyKey());
        this.request = new OutgoingRequest(head, repeatable, !request.hasBody());
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

    /** For one attempt, until the head of its answer; zero = none of its own. */
    Duration perTryTimeout() {
        return backend.retries().settings().perTryTimeout();
    }

    /** Field lines that the answer of this attempt gets from us. */
    byte[] ownLines(Lease lease) {
        return Affinities.ownLines(backend, lease);
    }

    // Acquire

    void start() {
        worker.counters().request();
        client.requestDeadline().arm(worker.timeouts().request());
        var first = backend.acquire(attempts);
        if (first == null) {
            await(false);
        } else {
            attempt(first);
        }
    }

    /** @param paid whether the budget has to pay for what comes */
    private void await(boolean paid) {
        worker.counters().hold();
        account().waits();
        if (standInLine(paid)) {
            client.updateReading();
        } else {
            unserved(Answer.LINE_FULL, Termination.QUEUE_FULL);
        }
    }

    private boolean standInLine(boolean paid) {
        var place = new InLine(this, worker);
        line = place; // before it enters: its turn may come at once
        if (place.enter(backend, attempts, paid)) {
            return true;
        }
        line = null;
        return false;
    }

    /** Its turn has come. */
    void granted(Lease next) {
        line = null;
        if (attempts.made() > 1) {
            worker.counters().retry();
        }
        if (attempt != null) {
            attempt.give(new Outcome.Failure(FailureKind.SILENT));
        }
        proceed(next);
    }

    void queueTimedOut() {
        line = null;
        if (attempt == null) { // else its upstream is silent, and all others are busy: it waits on
            unserved(Answer.BUSY, Termination.QUEUE_TIMEOUT);
        }
    }

    private void unserved(Answer own, Termination why) {
        if (failure != null) {
            giveUp(failure);
            return;
        }
        worker.counters().unservedRequest();
        if (backend.mode() == Mode.EMPTY) {
            answer(Answer.UNAVAILABLE, Termination.NO_UPSTREAM, "");
        } else {
            answer(own, why, "");
        }
    }

    // Attempt

    private void attempt(Lease lease) {
        var next = new Attempt(this, worker, lease);
        attempt = next;
        next.start();
    }

    /** Makes an attempt on behalf of nobody who would flush or read on afterwards. */
    private void proceed(Lease next) {
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

    /** The first bytes of an answer have come: nobody else is wanted. */
    void heard() {
        leaveLine();
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

    // Retry

    /** The attempt has failed. */
    void failed(FailureKind kind, WireState wire, String reason) {
        if (answer.begun()) {
            worker.counters().cutOff();
            end(Termination.TRUNCATED, answer.status(), reason);
            client.reset();
            return;
        }
        var failed = new Failure(kind, wire, reason);
        failure = failed;
        if (line != null) {
            account().waits(); // it stood in line already, for its upstream was silent
        } else if (allows(kind, wire) && !allRest()) {
            pauseThen(kind, wire, this::retry);
        } else if (wire == WireState.NOTHING_SENT && backend.mode() == Mode.EMPTY) {
            failure = null;
            await(false); // the last upstream has left, the next one is on its way
        } else {
            giveUp(failed);
        }
    }

    private void retry() {
        pause = null;
        var failed = failure;
        if (failed == null) {
            return;
        }
        switch (again(failed.kind(), failed.wire())) {
            case Lease next -> {
                worker.counters().retry();
                proceed(next);
            }
            case Retry.Denied denied -> {
                switch (denied) {
                    case BY_RULE -> giveUp(failed);
                    case BY_BUDGET, NO_UPSTREAM -> await(attempts.pays());
                }
            }
        }
    }

    private boolean allows(FailureKind kind, WireState wire) {
        return backend.retries().allows(kind, wire, request.repeatable(), request.replayable(), attempts.made());
    }

    private Retry again(FailureKind kind, WireState wire) {
        return backend.retry(attempts, kind, wire, request.repeatable(), request.replayable());
    }

    private void pauseThen(FailureKind kind, WireState wire, Runnable next) {
        var delay = backend.retries().delay(kind, wire, attempts.made());
        if (delay.isZero()) {
            next.run();
        } else {
            account().waits();
            pause = worker.loop().schedule(next, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void giveUp(Failure failed) {
        worker.counters().failure(failed.kind());
        answer(
                failed.kind() == FailureKind.TIMEOUT ? Answer.GATEWAY_TIMEOUT : Answer.badGateway(failed.reason()),
                Termination.of(failed.kind()),
                failed.reason());
    }

    // Retry in place of an answer

    /** Whether an answer with this head is a failure that another upstream may make good. */
    boolean mayGoElsewhere(ResponseHead head) {
        if (!backend.retries().fails(head.status())) {
            return false;
        }
        var rest = head.retryAfter(worker.listening().surroundings().clock().instant());
        if (rest != null) {
            rests = true;
            restsUntil = worker.nanos() + rest.toNanos();
        }
        return allows(FailureKind.STATUS_5XX, WireState.SENT) && backend.another(attempts);
    }

    /** The answer of an attempt is put aside. */
    void parked(Attempt from) {
        pauseThen(FailureKind.STATUS_5XX, WireState.SENT, () -> insteadOf(from));
    }

    private void insteadOf(Attempt from) {
        pause = null;
        if (backend.another(attempts) && again(FailureKind.STATUS_5XX, WireState.SENT) instanceof Lease next) {
            worker.counters().retry();
            from.discard();
            proceed(next);
        } else {
            account().proceeds();
            from.resume(); // the last real answer is better than one of ours
        }
    }

    /** Whether whoever is left to be asked wants to be left alone. */
    private boolean allRest() {
        return rests && worker.nanos() - restsUntil < 0 && !backend.another(attempts);
    }

    // Retry in place of silence

    /** Nothing is heard of this upstream: what waits for it goes elsewhere if it may be sent twice. */
    void silent(Upstream upstream) {
        var at = attempt;
        boolean waits = at != null && at.upstream() == upstream && at.wire() == WireState.SENT;
        if (at == null || !waits || line != null || !allows(FailureKind.SILENT, WireState.SENT)) {
            return;
        }
        if (!backend.another(attempts)) {
            return;
        }
        switch (again(FailureKind.SILENT, WireState.SENT)) {
            case Lease next -> {
                worker.counters().retry();
                at.give(new Outcome.Failure(FailureKind.SILENT));
                proceed(next);
            }
            case Retry.Denied denied -> {
                // Whichever comes first: an answer, or leave to go elsewhere.
                if (denied != Retry.Denied.BY_RULE) {
                    standInLine(attempts.pays());
                }
            }
        }
    }

    // Ends

    private void answer(Answer own, Termination why, String detail) {
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
        leaveLine();
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
        if (attempt != null) {
            attempt.give(outcome);
        }
    }

    private void leaveLine() {
        if (line != null) {
            line.leave();
            line = null;
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
