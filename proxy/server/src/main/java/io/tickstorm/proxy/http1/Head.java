package io.tickstorm.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What heads of requests and answers have in common: a first line, fields, a judgement, and an assembly for the other side.
 *
 * <p>Scratch of one event loop, used for one head after the other: what is needed later must be taken out before the next
 * {@link #parse}.
 */
public abstract sealed class Head permits RequestHead, ResponseHead {
    final byte[] bytes;
    final Fields fields;
    final Assembly out;
    final Framing framing = new Framing();
    final ConnectionField connection = new ConnectionField();

    private int length;
    private @Nullable Flaw flaw;

    /** @param ownLines room for the lines of our own, so that the assembly does not grow */
    Head(HeadLimits limits, int ownLines) {
        bytes = new byte[limits.bytes()];
        fields = new Fields(bytes, limits.fields());
        out = new Assembly(limits.bytes() + ownLines);
    }

    /** Scans the first line; returns as {@link Fields#scan} does. */
    abstract int scanLine(int limit);

    /** What is wrong with the first line, if {@link #scanLine} found so. */
    abstract @Nullable Flaw lineFlaw();

    /** Takes in what the fields mean; returns what is wrong with them. */
    abstract @Nullable Flaw judge();

    /** What is wrong with a head that has filled its room and not ended. */
    abstract Flaw tooLarge();

    /** Parses the head that begins at {@code in}'s reader index; reads none of it: see {@link #length()}. */
    public final Parse parse(ByteBuf in) {
        int limit = Math.min(in.readableBytes(), bytes.length);
        in.getBytes(in.readerIndex(), bytes, 0, limit);
        flaw = null;
        fields.clear();
        int end = scan(limit);
        if (end == Fields.FLAWED) {
            return Parse.FLAWED;
        }
        if (end != Fields.INCOMPLETE) {
            length = end;
            flaw = judge();
            return flaw == null ? Parse.COMPLETE : Parse.FLAWED;
        }
        if (in.readableBytes() < bytes.length) {
            return Parse.INCOMPLETE;
        }
        flaw = tooLarge();
        return Parse.FLAWED;
    }

    private int scan(int limit) {
        int end = scanLine(limit);
        if (end == Fields.FLAWED) {
            flaw = lineFlaw();
        }
        if (end <= 0) {
            return end;
        }
        end = fields.scan(end, limit);
        if (end == Fields.FLAWED) {
            flaw = fields.flaw();
        }
        return end;
    }

    /** Bytes of the head with its blank line, once {@link Parse#COMPLETE}. */
    public final int length() {
        return length;
    }

    /** What is wrong, once {@link Parse#FLAWED}. */
    public final @Nullable Flaw flaw() {
        return flaw;
    }

    /**
     * The value of the first field of this name, as its sender wrote it, also of one that is not passed on. It may be empty.
     *
     * @param name letters are compared without case
     * @return null if there is none; good until the next {@link #parse}
     */
    public final @Nullable Text field(String name) {
        int field = fields.named(name);
        return field < 0 ? null : fields.value(field);
    }

    /** What was assembled, in a buffer of its own, which is the caller's. */
    final ByteBuf assembled(ByteBufAllocator allocator) {
        return allocator.directBuffer(out.length()).writeBytes(out.bytes(), 0, out.length());
    }
}
