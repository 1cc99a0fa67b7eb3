package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * The head of an answer as fields of HTTP/2 (RFC 9113 section 8.3.2): lower case, without what is about a connection.
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

    /** @param in from the status line to the blank line; is read and released */
    static AnswerFields of(ByteBuf in) {
        var answer = new AnswerFields();
        answer.read(new Lines(in));
        return answer;
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

    private void read(Lines lines) {
        var digits = lines.next().subSequence(STATUS_START, STATUS_START + STATUS_DIGITS);
        status = digits.parseInt();
        fields.add(STATUS, digits);
        lines.fields(this::field);
    }

    private void field(AsciiString name, AsciiString value) {
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
