package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.http.ClientConnection.State;
import io.tickstorm.proxy.http1.BodyReader;
import io.tickstorm.proxy.http1.Flaw;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.route.Choice;
import org.jspecify.annotations.Nullable;

/**
 * Finds the requests in what a client sends: heads, bodies, and what came too early, which waits as bytes. Each that is sound,
 * and within what the client may ask, begins an {@link Exchange}. The state of the {@link ClientConnection} says what is
 * expected next.
 */
final class RequestReader {
    private final ClientConnection client;
    private final Worker worker;
    private final BodyReader body = new BodyReader();
    private @Nullable ByteBuf held;
    private boolean headBegan;
    private boolean first = true;

    RequestReader(ClientConnection client, Worker worker) {
        this.client = client;
        this.worker = worker;
    }

    /** Bytes that wait: part of a head, or a request that came before its turn. */
    int held() {
        return held == null ? 0 : held.readableBytes();
    }

    /** Takes what waits; null if nothing does. */
    @Nullable
    ByteBuf take() {
        var taken = held;
        held = null;
        return taken;
    }

    void release() {
        var left = take();
        if (left != null) {
            left.release();
        }
    }

    /** Reads what waited for its turn. */
    void resume() {
        var next = take();
        if (next != null) {
            process(next);
        }
    }

    /** Reads what has come; takes the buffer. */
    void read(ByteBufAllocator allocator, ByteBuf in) {
        var before = take();
        process(before == null ? in : Buffers.join(allocator, before, in));
    }

    private void process(ByteBuf in) {
        @Nullable ByteBuf left = in;
        while (left != null) {
            left = switch (client.state()) {
                case HEAD -> head(left);
                case BODY -> body(left);
                case RESPONSE -> hold(left);
                case LINGER, TUNNEL, CLOSED -> drop(left);
            };
        }
    }

    /** Each of these takes the buffer and gives back what is left of it for the next state; null if that is nothing now. */
    private @Nullable ByteBuf head(ByteBuf in) {
        if (!in.isReadable()) {
            return drop(in);
        }
        if (!headBegan) {
            headBegan = true;
            client.account().begin();
            if (!first) { // for the first one the time has run since the accept
                client.readDeadline().arm(worker.timeouts().header());
            }
            first = false;
        }
        var head = worker.request();
        return switch (head.parse(in)) {
            case INCOMPLETE -> hold(in);
            case FLAWED -> {
                in.release();
                refuse(head.flaw());
                yield null;
            }
            case COMPLETE -> {
                in.skipBytes(head.length());
                headBegan = false;
                head.startBody(body);
                client.readDeadline().cancel();
                begin(head);
                yield in;
            }
        };
    }

    private void refuse(@Nullable Flaw flaw) {
        var found = flaw == null ? Flaw.REQUEST_LINE : flaw;
        worker.counters().flaw(found);
        client.answer(
                Answer.of(found), Termination.REQUEST_REFUSED, worker.request().asked(), found.reason());
    }

    private void begin(RequestHead head) {
        var from = client.peer().asking(head);
        client.account().from(from);
        long wait = worker.listening().clients().tryRequest(from.client());
        if (wait > 0) {
            own(head, Answer.tooManyRequests(wait), Termination.RATE_LIMITED);
            return;
        }
        if (head.asksProxy()) {
            client.answer(Answer.OPTIONS, Termination.COMPLETE, head.asked(), "");
            return;
        }
        switch (worker.listening().route(head)) {
            case Choice.Found<Split>(var split) -> begin(head, from, split.pick());
            case Choice.Nowhere<Split> none -> {
                worker.counters().unroutedRequest();
                own(head, Answer.NO_ROUTE, Termination.NO_ROUTE);
            }
            case Choice.Ambiguous<Split> ambiguous -> refuse(Flaw.PATH_AMBIGUOUS);
        }
    }

    private void begin(RequestHead head, Peer from, Backend backend) {
        var random = worker.listening().surroundings().random();
        var forwarded = head.forward(from.via(), random, client.allocator());
        var exchange = new Exchange(client, worker, backend, from, head, forwarded);
        client.begin(exchange, body.ended() ? State.RESPONSE : State.BODY);
        if (!body.ended()) {
            client.readDeadline().arm(worker.timeouts().stall());
        }
        exchange.start();
    }

    /**
     * Answers a request that is not passed on. Goes on with the next one where nothing of this one is still to come, and the
     * client takes its answers.
     */
    private void own(RequestHead head, Answer answer, Termination why) {
        boolean closes = !body.ended()
                || !head.persistent()
                || head.http10()
                || !client.writable()
                || worker.listening().closing();
        if (closes) {
            client.answer(answer, head.head());
        } else {
            client.answerAndGoOn(answer, head.head());
        }
        client.account().end(why, answer.status(), head.asked(), "");
    }

    private @Nullable ByteBuf body(ByteBuf in) {
        int count = body.next(in);
        if (count == BodyReader.MALFORMED) {
            in.release();
            worker.counters().flaw(Flaw.CHUNK);
            client.cancel(Answer.of(Flaw.CHUNK), Termination.REQUEST_REFUSED, Flaw.CHUNK.reason());
            return null;
        }
        boolean rest = Math.abs(count) < in.readableBytes();
        if (count < 0) {
            in.skipBytes(-count);
        } else if (count > 0) {
            part(rest ? in.readRetainedSlice(count) : in);
        }
        bodyCame();
        if (count > 0 && !rest) {
            return null;
        }
        if (count == 0 && client.state() == State.BODY) {
            return hold(in);
        }
        return in.isReadable() ? in : drop(in);
    }

    private void part(ByteBuf part) {
        client.account().in(part.readableBytes());
        var exchange = client.exchange();
        if (exchange == null) {
            part.release();
        } else {
            exchange.part(part);
        }
    }

    /** A part of the body has come, or only its framing. */
    private void bodyCame() {
        var exchange = client.exchange();
        if (exchange == null) {
            return;
        }
        if (body.ended()) {
            client.requestEnded();
            client.readDeadline().cancel();
            exchange.requestEnded();
        } else {
            client.readDeadline().arm(worker.timeouts().stall());
            client.updateReading();
        }
    }

    private @Nullable ByteBuf hold(ByteBuf in) {
        if (!in.isReadable()) {
            return drop(in);
        }
        held = in;
        client.updateReading();
        return null;
    }

    private static @Nullable ByteBuf drop(ByteBuf in) {
        in.release();
        return null;
    }
}
