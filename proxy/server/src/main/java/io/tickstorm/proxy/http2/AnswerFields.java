package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * The head of an answer, or its trailer section, as fields of HTTP/2: lower case, without what is about a connection. The bytes
 * were written by this proxy, so their grammar is known to be right.
 */
final class AnswerFields {
    private static final AsciiString STATUS = AsciiString.cached(":status");
    private static final int STATUS_START = "HTTP/1.1 ".length();
    private static final int STATUS_DIGITS = 3;

    private final Http2Headers fields = new DefaultHttp2Headers(false);
    private int status;
    private boolean chunked;
    private long length = -1;

    private AnswerFields() {}

    /** @param head from the status line to the blank line; its readable bytes are read */
    static AnswerFields ofHead(ByteBuf head) {
        var answer = new AnswerFields();
        var line = line(head);
        var digits = line.subSequence(STATUS_START, STATUS_START + STATUS_DIGITS);
        answer.status = digits.parseInt();
        answer.fields.add(STATUS, digits);
        answer.lines(head);
        return answer;
    }

    /** @param lines field lines, the blank line included */
    static Http2Headers ofTrailers(ByteBuf lines) {
        var trailers = new AnswerFields();
        trailers.lines(lines);
        return trailers.fields;
    }

    Http2Headers fields() {
        return fields;
    }

    int status() {
        return status;
    }

    /** Whether the body comes in chunks. */
    boolean chunked() {
        return chunked;
    }

    /** Bytes of the body; -1 if it is not said. */
    long length() {
        return length;
    }

    private void lines(ByteBuf in) {
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(":");
            var name = line.subSequence(0, colon).toLowerCase();
            var value = line.subSequence(colon + 1).trim();
            if (name.contentEquals("transfer-encoding")) {
                chunked = true;
            } else if (!FieldRules.ofConnection(name)) {
                if (name.contentEquals("content-length")) {
                    length = value.parseLong();
                }
                fields.add(name, value);
            }
        }
    }

    /** The next line without its end. */
    private static AsciiString line(ByteBuf in) {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        var bytes = new byte[end - 1 - in.readerIndex()];
        in.readBytes(bytes);
        in.skipBytes(2);
        return new AsciiString(bytes, false);
    }
}
