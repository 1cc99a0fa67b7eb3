package io.tickstorm.proxy.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tickstorm.proxy.http1.BodyReader;
import io.tickstorm.proxy.http1.BodyReader.Chunks;
import io.tickstorm.proxy.http1.Flaw;
import io.tickstorm.proxy.http1.Head;
import io.tickstorm.proxy.http1.HeadLimits;
import io.tickstorm.proxy.http1.Parse;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream of requests or responses as our codec reads it. */
abstract class Ours {
    /** What a response begins with behind which the bytes are of another protocol. */
    static final String SWITCHED = "101";

    static final HeadLimits LIMITS = new HeadLimits(2048, 32);

    private final List<Message> messages = new ArrayList<>();
    private final BodyReader body = new BodyReader();
    private final StringBuilder data = new StringBuilder();
    private final ByteBuf held = Unpooled.buffer();
    private String start = "";
    private boolean inBody;
    private @Nullable Flaw flaw;

    abstract Head head();

    /** Begins the body of the head that was parsed; returns what the message begins with. */
    abstract String begin(BodyReader body);

    /** Takes the bytes in pieces of this size. */
    final Reading read(byte[] input, int piece) {
        for (int from = 0; from < input.length && flaw == null; from += piece) {
            held.writeBytes(input, from, Math.min(piece, input.length - from));
            go();
        }
        if (inBody && flaw == null) {
            messages.add(new Message(start, data.toString(), false));
        }
        return new Reading(List.copyOf(messages), flaw == null ? "" : flaw.name());
    }

    private void go() {
        while (flaw == null && !start.equals(SWITCHED) && (inBody ? body() : parse())) {
            if (inBody && body.ended()) {
                messages.add(new Message(start, data.toString(), true));
                inBody = false;
            }
        }
    }

    private boolean parse() {
        if (!held.isReadable()) {
            return false;
        }
        var parsed = head().parse(held);
        if (parsed == Parse.FLAWED) {
            flaw = head().flaw();
        }
        if (parsed != Parse.COMPLETE) {
            return false;
        }
        held.skipBytes(head().length());
        data.setLength(0);
        start = begin(body);
        inBody = true;
        return true;
    }

    private boolean body() {
        int count = body.next(held);
        if (count == BodyReader.MALFORMED) {
            flaw = Flaw.CHUNK;
            return false;
        }
        if (count > 0) {
            data.append(held.readCharSequence(count, StandardCharsets.ISO_8859_1));
        } else {
            held.skipBytes(-count);
        }
        return count != 0;
    }

    static final class Requests extends Ours {
        private final RequestHead head;

        Requests(HeadLimits limits) {
            head = new RequestHead(limits);
        }

        @Override
        RequestHead head() {
            return head;
        }

        @Override
        String begin(BodyReader body) {
            if (head.bodyLength() < 0) {
                body.startChunked(Chunks.UNWRAPPED);
            } else {
                body.startLength(head.bodyLength());
            }
            var asked = head.asked();
            return asked.method() + ' ' + asked.target();
        }
    }

    static final class Responses extends Ours {
        private final ResponseHead head;

        Responses(HeadLimits limits) {
            head = new ResponseHead(limits);
        }

        @Override
        ResponseHead head() {
            return head;
        }

        @Override
        String begin(BodyReader body) {
            head.startBody(body, false, Chunks.UNWRAPPED);
            return String.valueOf(head.status());
        }
    }
}
