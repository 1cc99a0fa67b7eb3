package io.tickstorm.proxy.fuzz;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tickstorm.proxy.http1.BodyReader;
import io.tickstorm.proxy.http1.HeadLimits;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.Via;
import java.util.List;
import java.util.Random;

/** Requests: the same whatever pieces they come in, as Netty reads them or refused for a known reason, and sound when forwarded. */
public final class RequestTarget {
    /** Lines of our own come on top of what a client may send. */
    private static final HeadLimits FORWARDED = new HeadLimits(2 * Ours.LIMITS.bytes(), 2 * Ours.LIMITS.fields());

    private static final Via VIA = new Via("10.1.2.3", "http", "10.0.0.1:8080");

    private RequestTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var ours = new Ours.Requests(Ours.LIMITS).read(input, Math.max(1, input.length));
        Check.same(ours, new Ours.Requests(Ours.LIMITS).read(input, 1), "in pieces of one byte");
        Difference.explain(ours, Nettys.requests(input));
        if (ours.whole() > 0) {
            forward(input, ours.messages().getFirst());
        }
    }

    /** What goes to a server is one request, which everybody reads as we did. */
    private static void forward(byte[] input, Message first) {
        var in = Unpooled.wrappedBuffer(input);
        var head = new RequestHead(Ours.LIMITS);
        head.parse(in);
        if (head.asksProxy()) {
            return;
        }
        in.skipBytes(head.length());
        var out = head.forward(VIA, new Random(1), ByteBufAllocator.DEFAULT);
        var body = new BodyReader();
        head.startBody(body);
        for (int count = body.next(in); count != 0; count = body.next(in)) {
            if (count > 0) {
                out.writeBytes(in, count);
            } else {
                in.skipBytes(-count);
            }
        }
        var forwarded = ByteBufUtil.getBytes(out);
        out.release();
        var again = new Ours.Requests(FORWARDED).read(forwarded, forwarded.length);
        Check.that(again.messages().equals(List.of(first)), () -> first + " became " + again);
        var netty = Nettys.requests(forwarded);
        Check.that(netty.messages().equals(List.of(first)), () -> first + " is for Netty " + netty);
    }
}
