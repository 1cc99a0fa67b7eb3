package io.tickstorm.proxy.http;

import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.backend.Retry;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.http1.ResponseHead;
import io.tickstorm.proxy.retry.WireState;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How an exchange comes to an attempt that could not begin at once. For one event loop.
 *
 * <ul>
 *   <li>Nobody has room: it stands {@link InLine}.
 *   <li>An attempt has failed: a pause, leave by the rule and the budget, and the line if the budget does not pay yet.
 *   <li>An answer is a failure that another upstream may make good: it is put aside while all this happens, but nobody stands
 *       in line for it, for the answer is better than one of ours.
 *   <li>The upstream is silent: the attempt goes on, and so does the wait for another one; whichever comes first decides.
 * </ul>
 */
final class NextAttempt {
    private final Exchange exchange;
    private final Worker worker;
    private final Backend backend;
    private final Attempts attempts;
    private final OutgoingRequest request;
    private @Nullable InLine line;
    private @Nullable Future<?> pause;
    private @Nullable Failure failure;
    private boolean rests;
    private long restsUntil;

    /** Why the latest attempt failed, while the next one has to wait. */
    private record Failure(FailureKind kind, WireState wire, String reason) {}

    NextAttempt(Exchange exchange, Worker worker, Backend backend, Attempts attempts) {
        this.exchange = exchange;
        this.worker = worker;
        this.backend = backend;
        this.attempts = attempts;
        this.request = exchange.request();
    }

    // The line

    /** @param paid whether the budget has to pay for what comes */
    void await(boolean paid) {
        worker.counters().hold();
        exchange.account().waits();
        if (standInLine(paid)) {
            exchange.client().updateReading();
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
        proceed(next);
    }

    void queueTimedOut() {
        line = null;
        if (exchange.attempt() == null) { // else its upstream is silent, and all others are busy: it waits on
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
            exchange.answer(Answer.UNAVAILABLE, Termination.NO_UPSTREAM, "");
        } else {
            exchange.answer(own, why, "");
        }
    }

    private void proceed(Lease next) {
        failure = null;
        if (attempts.made() > 1) {
            worker.counters().retry();
        }
        var silent = exchange.attempt();
        if (silent != null) {
            silent.give(new Outcome.Failure(FailureKind.SILENT));
        }
        exchange.proceed(next);
    }

    // After a failure

    /** The attempt has failed, and the client has seen nothing of an answer. */
    void failed(FailureKind kind, WireState wire, String reason) {
        var failed = new Failure(kind, wire, reason);
        failure = failed;
        if (line != null) {
            exchange.account().waits(); // it stood in line already, for its upstream was silent
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
        switch (lease(failed.kind(), failed.wire())) {
            case Lease next -> proceed(next);
            case Retry.Denied denied -> {
                switch (denied) {
                    case BY_RULE -> giveUp(failed);
                    case BY_BUDGET, NO_UPSTREAM -> await(attempts.pays());
                }
            }
        }
    }

    private void giveUp(Failure failed) {
        worker.counters().failure(failed.kind());
        exchange.answer(
                failed.kind() == FailureKind.TIMEOUT ? Answer.GATEWAY_TIMEOUT : Answer.badGateway(failed.reason()),
                Termination.of(failed.kind()),
                failed.reason());
    }

    private boolean allows(FailureKind kind, WireState wire) {
        return backend.retries().allows(kind, wire, request.repeatable(), request.replayable(), attempts.made());
    }

    private Retry lease(FailureKind kind, WireState wire) {
        return backend.retry(attempts, kind, wire, request.repeatable(), request.replayable());
    }

    private void pauseThen(FailureKind kind, WireState wire, Runnable next) {
        var delay = backend.retries().delay(kind, wire, attempts.made());
        if (delay.isZero()) {
            next.run();
        } else {
            exchange.account().waits();
            pause = worker.loop().schedule(next, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    // In place of an answer

    /** Whether a failing answer with this head is to be put aside, for another upstream may do better. */
    boolean inPlaceOf(ResponseHead head) {
        var rest = head.retryAfter(worker.listening().surroundings().clock().instant());
        if (rest != null) {
            rests = true;
            restsUntil = worker.nanos() + rest.toNanos();
        }
        return allows(FailureKind.STATUS_5XX, WireState.SENT) && backend.another(attempts);
    }

    /** The answer of an attempt is put aside. */
    void inPlaceOf(Attempt parked) {
        pauseThen(FailureKind.STATUS_5XX, WireState.SENT, () -> decide(parked));
    }

    private void decide(Attempt parked) {
        pause = null;
        if (backend.another(attempts) && lease(FailureKind.STATUS_5XX, WireState.SENT) instanceof Lease next) {
            parked.discard();
            proceed(next);
        } else {
            exchange.account().proceeds();
            parked.resume(); // the last real answer is better than one of ours
        }
    }

    /** Whether whoever is left to be asked wants to be left alone. */
    private boolean allRest() {
        return rests && worker.nanos() - restsUntil < 0 && !backend.another(attempts);
    }

    // In place of silence

    /** Nothing is heard of the upstream on which the exchange waits: it goes elsewhere if it may be sent twice. */
    void inPlaceOfSilence() {
        if (line != null || !allows(FailureKind.SILENT, WireState.SENT) || !backend.another(attempts)) {
            return;
        }
        switch (lease(FailureKind.SILENT, WireState.SENT)) {
            case Lease next -> proceed(next);
            case Retry.Denied denied -> {
                if (denied != Retry.Denied.BY_RULE) {
                    standInLine(attempts.pays());
                }
            }
        }
    }

    // Ends

    /** Nobody else is wanted: an answer has begun, or the exchange is over. */
    void cancel() {
        if (line != null) {
            line.leave();
            line = null;
        }
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
    }

    /** For the log. */
    String awaited() {
        return failure == null ? "an upstream" : "another attempt after " + failure.kind();
    }
}
