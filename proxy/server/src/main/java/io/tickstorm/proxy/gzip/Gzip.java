package io.tickstorm.proxy.gzip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * One body in the gzip format (RFC 1952), made part by part: what was put in can be read from what came out so far, so that a
 * stream is not held up. For one event loop. {@link #release} gives back native memory.
 */
public final class Gzip {
    /** Magic number, deflate, no flags, no time, no hints, system unknown: RFC 1952 section 2.3. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** Room for a step: the Deflater says that it has more by filling it. Less than an empty block would make it go on for ever. */
    private static final int ROOM = 4096;

    private static final int TRAILER = 8;

    private final Deflaters deflaters;
    private final int level;
    private final Deflater deflater;
    private final CRC32 check = new CRC32();
    private boolean begun;
    private boolean released;

    /** @param level 1..9 */
    public Gzip(Deflaters deflaters, int level) {
        this.deflaters = deflaters;
        this.level = level;
        this.deflater = deflaters.take(level);
    }

    /**
     * Takes in a part.
     *
     * @param part taken over
     * @return the caller's; empty if the part is
     */
    public ByteBuf part(ByteBuf part, ByteBufAllocator allocator) {
        if (!part.isReadable()) {
            return part;
        }
        try {
            var bytes = part.nioBuffer();
            check.update(bytes.duplicate());
            deflater.setInput(bytes);
            return deflate(allocator.directBuffer(ROOM), Deflater.SYNC_FLUSH);
        } finally {
            part.release();
        }
    }

    /** The rest, after the last part; the caller's. */
    public ByteBuf end(ByteBufAllocator allocator) {
        deflater.finish();
        long length = deflater.getBytesRead();
        return deflate(allocator.directBuffer(ROOM), Deflater.NO_FLUSH)
                .ensureWritable(TRAILER)
                .writeIntLE((int) check.getValue())
                .writeIntLE((int) length);
    }

    private ByteBuf deflate(ByteBuf out, int flush) {
        if (!begun) {
            begun = true;
            out.writeBytes(HEADER);
        }
        boolean more = true;
        while (more) {
            out.ensureWritable(ROOM);
            var room = out.nioBuffer(out.writerIndex(), out.writableBytes());
            out.writerIndex(out.writerIndex() + deflater.deflate(room, flush));
            more = !room.hasRemaining();
        }
        return out;
    }

    /** Lets go of native memory; may be called again. */
    public void release() {
        if (!released) {
            released = true;
            deflaters.give(deflater, level);
        }
    }
}
