package io.tickstorm.cli.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/** The requests of a plan as bytes. All that does not change from one to the next is made once. */
final class RequestBytes {
    private final byte[] get;
    private final byte[] postHead;
    private final byte[] postTail;
    private final String runId;

    RequestBytes(LoadPlan plan, String runId) {
        this.runId = runId;
        var common = new StringBuilder(plan.target().path())
                .append(" HTTP/1.1\r\nHost: ")
                .append(plan.target().authority())
                .append("\r\nUser-Agent: tickstorm-load\r\n");
        plan.headers()
                .forEach((name, value) ->
                        common.append(name).append(": ").append(value).append("\r\n"));
        get = ("GET " + common + "\r\n").getBytes(ISO_8859_1);
        postHead = ("POST " + common + "Content-Type: application/octet-stream\r\nContent-Length: " + plan.bodySize()
                        + "\r\nX-Load-Id: ")
                .getBytes(ISO_8859_1);
        var body = new byte[plan.bodySize()];
        Arrays.fill(body, (byte) 'x');
        postTail = ("\r\n\r\n" + new String(body, ISO_8859_1)).getBytes(ISO_8859_1);
    }

    ByteBuf of(Shot shot, ByteBufAllocator allocator) {
        if (!shot.post()) {
            return allocator.buffer(get.length).writeBytes(get);
        }
        var id = (runId + '-' + shot.number()).getBytes(ISO_8859_1);
        return allocator
                .buffer(postHead.length + id.length + postTail.length)
                .writeBytes(postHead)
                .writeBytes(id)
                .writeBytes(postTail);
    }
}
