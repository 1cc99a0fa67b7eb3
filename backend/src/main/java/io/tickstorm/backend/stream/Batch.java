package io.tickstorm.backend.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.tickstorm.backend.protocol.DataBatch;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.protocol.Tick;
import io.tickstorm.backend.wire.Crc32c;
import io.tickstorm.backend.wire.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One DATA_BATCH for many sessions. One event loop.
 *
 * <p>Only {@code batch_sequence} and the checksum differ from session to session. Fields of a protobuf message may come in
 * any order, so the sequence comes last; everything before it is encoded and summed once and written as a duplicate, and a
 * session adds ten bytes at most. The length in the header counts the sequence, whose varint has 1 to 5 bytes: there is one
 * shared part per size, made when a session needs it.
 */
final class Batch {
    /** Field 3, wire type 0 (varint). */
    private static final int SEQUENCE_TAG = 3 << 3;

    private static final int LONGEST_VARINT = 5;

    private final ByteBufAllocator allocator;
    private final byte[] body;
    private final @Nullable Shared[] bySize = new @Nullable Shared[LONGEST_VARINT + 1];

    private record Shared(ByteBuf bytes, int checksum) {}

    Batch(ByteBufAllocator allocator, List<Tick> ticks, long nowMillis) {
        this.allocator = allocator;
        this.body = DataBatch.newBuilder()
                .addAllTicks(ticks)
                .setBatchTimestampMs(nowMillis)
                .build()
                .toByteArray();
    }

    /** Writes, without a flush, the frame for the session whose {@code sequence}-th batch (unsigned) this is. */
    void write(Channel channel, int sequence) {
        var size = varintSize(sequence);
        var shared = shared(size);
        var own = allocator.buffer(1 + size + Frame.CHECKSUM_BYTES);
        own.writeByte(SEQUENCE_TAG);
        writeVarint(own, sequence);
        own.writeInt(Crc32c.extend(shared.checksum, own, own.readerIndex(), own.readableBytes()));
        channel.write(shared.bytes.retainedDuplicate(), channel.voidPromise());
        channel.write(own, channel.voidPromise());
    }

    /** To be called once, after the last {@link #write}. */
    void release() {
        for (var shared : bySize) {
            if (shared != null) {
                shared.bytes.release();
            }
        }
    }

    private Shared shared(int varintSize) {
        var known = bySize[varintSize];
        if (known != null) {
            return known;
        }
        var bytes = allocator.buffer(Frame.HEADER_BYTES + body.length);
        Frame.writeHeader(bytes, MessageType.MESSAGE_TYPE_DATA_BATCH, body.length + 1 + varintSize);
        bytes.writeBytes(body);
        var made = new Shared(bytes, Crc32c.of(bytes, bytes.readerIndex(), bytes.readableBytes()));
        bySize[varintSize] = made;
        return made;
    }

    private static int varintSize(int value) {
        // 7 bits a byte; zero has one byte too.
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    private static void writeVarint(ByteBuf out, int value) {
        var rest = value;
        while ((rest & ~0x7F) != 0) {
            out.writeByte(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
