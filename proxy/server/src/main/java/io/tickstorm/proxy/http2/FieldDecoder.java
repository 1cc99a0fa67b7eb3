package io.tickstorm.proxy.http2;

import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Unpacks heads, and judges none: that is done where a flaw can be answered and told of. A head that is somewhat larger than
 * allowed is unpacked for the same reason.
 */
final class FieldDecoder extends DefaultHttp2HeadersDecoder {
    private static final int ROOM = 4;

    /** @param maxHeaderSize bytes of a head; a head of four times as much ends the connection */
    FieldDecoder(int maxHeaderSize) {
        super(false, false, (long) ROOM * maxHeaderSize);
    }

    /** Netty would set what the client was told, and answer what is larger by itself. */
    @Override
    public void maxHeaderListSize(long max, long goAwayMax) {}

    @Override
    protected Http2Headers newHeaders() {
        return new RequestFields(numberOfHeadersGuess());
    }
}
