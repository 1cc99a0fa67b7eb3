package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Puts together the lines up to a blank one, in whatever pieces they come. For one event loop. */
final class Section {
    private static final int BLANK_LINE = 2;

    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf held;

    Section(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * Reads on.
     *
     * @param in is left behind the blank line
     * @return all lines and the blank one, the caller's; null if that has not come
     */
    @Nullable
    ByteBuf read(ByteBuf in) {
        var whole = held == null ? allocator.buffer(in.readableBytes()) : held;
        held = whole;
        while (in.isReadable()) {
            int lf = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            if (lf < 0) {
                whole.writeBytes(in);
                return null;
            }
            int lineStart = 1 + whole.indexOf(whole.writerIndex(), whole.readerIndex(), (byte) '\n');
            whole.writeBytes(in, lf + 1 - in.readerIndex());
            if (whole.writerIndex() - Math.max(lineStart, whole.readerIndex()) == BLANK_LINE) {
                held = null;
                return whole;
            }
        }
        return null;
    }

    /** Lets go of what it holds. */
    void release() {
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
