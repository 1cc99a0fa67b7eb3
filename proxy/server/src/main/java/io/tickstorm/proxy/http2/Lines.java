package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * The lines of a head, or of a trailer section, of HTTP/1.1. They were written by this proxy, so their grammar is known to be
 * right. For one thread.
 */
final class Lines {
    /** What is done with a field; its name is in lower case. */
    interface Fields {
        void field(AsciiString name, AsciiString value);
    }

    private final AsciiString text;
    private int at;

    /** @param in up to the blank line; is read and released */
    Lines(ByteBuf in) {
        var bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        in.release();
        text = new AsciiString(bytes, false);
    }

    /** @param in a trailer section, the blank line included; is read and released */
    static Http2Headers trailers(ByteBuf in) {
        var trailers = new DefaultHttp2Headers(false);
        new Lines(in).fields((name, value) -> {
            if (!FieldRules.ofConnection(name)) {
                trailers.add(name, value);
            }
        });
        return trailers;
    }

    /** The next line without its end; empty if it is the blank one. */
    AsciiString next() {
        int end = text.indexOf("\r\n", at);
        var line = text.subSequence(at, end, false);
        at = end + 2;
        return line;
    }

    /** Reads field lines up to the blank one. */
    void fields(Fields to) {
        for (var line = next(); !line.isEmpty(); line = next()) {
            int colon = line.indexOf(":");
            to.field(
                    line.subSequence(0, colon, false).toLowerCase(),
                    line.subSequence(colon + 1, line.length(), false).trim());
        }
    }
}
