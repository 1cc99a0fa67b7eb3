package io.tickstorm.proxy.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Knows where the frames of one direction of a WebSocket begin and end (RFC 6455 section 5.2), from their heads, as bytes pass.
 * Payload is skipped unread; nothing is kept or copied, and what extensions do to payload does not matter.
 *
 * <p>It is strict, since nobody may write between frames of what are none: a reserved opcode or bit, a mask where none may be, a
 * length in more bytes than it takes, or a fragment of no message, and it has lost its way for good. For one event loop.
 */
public final class FrameTracker {
    private static final int FIN = 0x80;
    /** RSV2 and RSV3, which no registered extension uses; RSV1 is a compressed message. */
    private static final int RESERVED = 0x30;

    private static final int CONTINUATION = 0x0;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PONG = 0xa;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int MASK_LENGTH = 4;

    private static final int IN_TWO_BYTES = 126;
    private static final int IN_EIGHT_BYTES = 127;

    /** What the next byte is. */
    private enum Next {
        FIRST,
        LENGTH,
        MORE_LENGTH,
        MASK_OR_PAYLOAD,
        /** Of nobody: a Close frame has passed. */
        NOTHING,
        LOST
    }

    private final boolean masked;
    private Next next = Next.FIRST;
    private boolean control;
    private boolean close;
    private boolean inMessage;
    private int lengthBytes;
    private long shortest;
    private long left;

    private FrameTracker(boolean masked) {
        this.masked = masked;
    }

    /** Of what a client sends, which is masked. */
    public static FrameTracker ofClient() {
        return new FrameTracker(true);
    }

    /** Of what a server sends, which is not. */
    public static FrameTracker ofServer() {
        return new FrameTracker(false);
    }

    /** Whether a frame may be put in here: every frame that has begun is whole, and none of them was a Close. */
    public boolean betweenFrames() {
        return next == Next.FIRST;
    }

    /** Whether a Close frame has passed whole. */
    public boolean closed() {
        return next == Next.NOTHING;
    }

    /** Whether what passed are no frames. */
    public boolean lost() {
        return next == Next.LOST;
    }

    /** All readable bytes of a buffer pass; its indices stay as they are. */
    public void pass(ByteBuf in) {
        walk(in, false);
    }

    /**
     * The readable bytes of a buffer pass up to the end of the frame that is under way.
     *
     * @return how many those are: all of them, unless it is now {@link #betweenFrames}
     */
    public int passFrame(ByteBuf in) {
        return walk(in, true);
    }

    private int walk(ByteBuf in, boolean toEndOfFrame) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end && !(toEndOfFrame && next == Next.FIRST)) {
            switch (next) {
                case FIRST -> first(in.getByte(at++));
                case LENGTH -> length(in.getByte(at++));
                case MORE_LENGTH -> moreLength(in.getUnsignedByte(at++));
                case MASK_OR_PAYLOAD -> {
                    int skipped = (int) Math.min(left, end - at);
                    at += skipped;
                    skip(left - skipped);
                }
                case NOTHING, LOST -> at = end;
            }
        }
        return at - in.readerIndex();
    }

    private void first(int b) {
        int opcode = b & 0xf;
        boolean last = (b & FIN) != 0;
        control = opcode >= CLOSE;
        close = opcode == CLOSE;
        boolean allowed = control ? last && opcode <= PONG : opcode <= BINARY && inMessage == (opcode == CONTINUATION);
        if (!allowed || (b & RESERVED) != 0) {
            next = Next.LOST;
            return;
        }
        if (!control) {
            inMessage = !last;
        }
        next = Next.LENGTH;
    }

    private void length(int b) {
        int length = b & LENGTH;
        if (masked != ((b & MASKED) != 0) || control && length >= IN_TWO_BYTES) {
            next = Next.LOST;
        } else if (length < IN_TWO_BYTES) {
            payload(length);
        } else {
            lengthBytes = length == IN_EIGHT_BYTES ? Long.BYTES : Short.BYTES;
            shortest = length == IN_EIGHT_BYTES ? 1 << Short.SIZE : IN_TWO_BYTES;
            left = 0;
            next = Next.MORE_LENGTH;
        }
    }

    private void moreLength(int b) {
        left = left << Byte.SIZE | b;
        if (--lengthBytes > 0) {
            return;
        }
        if (left < shortest || left > Long.MAX_VALUE - MASK_LENGTH) { // one of 64 bits is negative here
            next = Next.LOST;
        } else {
            payload(left);
        }
    }

    private void payload(long length) {
        next = Next.MASK_OR_PAYLOAD;
        skip(length + (masked ? MASK_LENGTH : 0));
    }

    private void skip(long rest) {
        left = rest;
        if (rest == 0) {
            next = close ? Next.NOTHING : Next.FIRST;
        }
    }
}
