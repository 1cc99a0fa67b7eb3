package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Looks at the nine bytes that each frame begins with before Netty reads it: counts what is of no use, and refuses what Netty
 * would take on a stream that is closed (RFC 9113 section 5.1). For one event loop.
 */
final class FrameGuard implements Http2FrameReader {
    /** What a request, an answer or a part of one pays for: a client acknowledges DATA of both flow-control windows. */
    private static final int EARNED = 10;

    private final Http2FrameReader next;
    private final Http2Connection connection;
    private final StreamNumbers numbers;
    private final Allowance idle;
    private final Allowance resets;
    private int cancelled;
    private boolean inHead;
    private boolean headBegun;

    FrameGuard(
            Http2FrameReader next,
            Http2Connection connection,
            StreamNumbers numbers,
            Allowance idle,
            Allowance resets) {
        this.next = next;
        this.connection = connection;
        this.numbers = numbers;
        this.idle = idle;
        this.resets = resets;
    }

    /** Whether a head has begun to come and is not whole. */
    boolean inHead() {
        return headBegun || inHead;
    }

    /** Whether the client's reset of this stream is dealt with now. */
    boolean cancels(int stream) {
        return cancelled == stream;
    }

    /** A part of an answer goes to the client. */
    void answering() {
        idle.earn(EARNED);
    }

    @Override
    public void readFrame(ChannelHandlerContext context, ByteBuf in, Http2FrameListener listener)
            throws Http2Exception {
        headBegun = false;
        while (in.readableBytes() >= Http2CodecUtil.FRAME_HEADER_LENGTH) {
            int start = in.readerIndex();
            int length = in.getUnsignedMedium(start);
            byte type = in.getByte(start + 3);
            // one that is too long is refused by its first bytes
            boolean tooLong = length > next.configuration().frameSizePolicy().maxFrameSize();
            int size = Http2CodecUtil.FRAME_HEADER_LENGTH + (tooLong ? 0 : length);
            if (in.readableBytes() < size) {
                headBegun = type == Http2FrameTypes.HEADERS;
                return;
            }
            if (!tooLong) {
                judge(type, new Http2Flags(in.getUnsignedByte(start + 4)), in.getInt(start + 5) & 0x7fffffff, length);
            }
            next.readFrame(context, in.readSlice(size), listener);
            cancelled = 0;
        }
    }

    private void judge(byte type, Http2Flags flags, int stream, int length) throws Http2Exception {
        switch (type) {
            case Http2FrameTypes.DATA -> data(flags, stream, length);
            case Http2FrameTypes.HEADERS -> headers(flags, stream);
            case Http2FrameTypes.CONTINUATION -> inHead = inHead && !flags.endOfHeaders();
            case Http2FrameTypes.RST_STREAM -> reset(stream);
            default -> spend();
        }
    }

    private void data(Http2Flags flags, int stream, int length) throws Http2Exception {
        if (flags.endOfStream()) {
            numbers.end(stream);
        } else if (length == 0 || flags.paddingPresent() && length == 1) {
            spend();
        } else {
            idle.earn(EARNED);
        }
    }

    private void headers(Http2Flags flags, int stream) throws Http2Exception {
        inHead = !flags.endOfHeaders();
        if (stream % 2 == 0) {
            return; // Netty's to refuse, as are frames on streams that it knows
        }
        if (numbers.isNew(stream)) {
            numbers.open(stream);
            idle.earn(EARNED);
        } else if (numbers.state(stream) == StreamNumbers.State.ENDED) {
            throw Http2Exception.connectionError(
                    Http2Error.STREAM_CLOSED, "HEADERS on stream %d, which the client ended", stream);
        } else if (numbers.state(stream) == StreamNumbers.State.UNKNOWN && connection.stream(stream) == null) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "stream %d is no new one", stream);
        } else if (!flags.endOfStream()) {
            spend();
        }
        if (flags.endOfStream()) {
            numbers.end(stream);
        }
    }

    private void reset(int stream) throws AbuseException {
        numbers.end(stream);
        cancelled = stream;
        if (!resets.spend()) {
            throw new AbuseException(Abuse.RESETS_BY_CLIENT);
        }
    }

    private void spend() throws AbuseException {
        if (!idle.spend()) {
            throw new AbuseException(Abuse.IDLE_FRAMES);
        }
    }

    @Override
    public Configuration configuration() {
        return next.configuration();
    }

    @Override
    public void close() {
        next.close();
    }
}
