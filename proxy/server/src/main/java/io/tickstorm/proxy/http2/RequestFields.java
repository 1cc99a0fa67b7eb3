package io.tickstorm.proxy.http2;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** The fields of a request in Netty's form, which sorts pseudo-header fields to the front; remembers whether they came there. */
final class RequestFields extends DefaultHttp2Headers {
    private boolean regular;
    private boolean misplaced;

    RequestFields(int sizeHint) {
        super(false, sizeHint);
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (!name.isEmpty() && name.charAt(0) == ':') {
            misplaced |= regular;
        } else {
            regular = true;
        }
        return super.add(name, value);
    }

    /** Whether a pseudo-header field came after a regular one: RFC 9113 section 8.3. */
    boolean misplaced() {
        return misplaced;
    }
}
