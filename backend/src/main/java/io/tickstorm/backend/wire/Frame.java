package io.tickstorm.backend.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tickstorm.backend.protocol.ErrorCode;
import io.tickstorm.backend.protocol.MessageType;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * One frame.
 *
 * @param type any type but {@code UNSPECIFIED} and {@code UNRECOGNIZED}
 * @param payload a protobuf message, at most {@link #MAX_PAYLOAD} bytes
 */
public record Frame(MessageType type, ByteString payload) {
    /** {@code F5 7D}. */
    public static final int MAGIC = 0xF57D;

    public static final int VERSION = 1;

    /** Magic, version, type, and payload length: 2 + 1 + 1 + 4. */
    public static final int HEADER_BYTES = 8;

    public static final int CHECKSUM_BYTES = 4;

    public static final int MAX_PAYLOAD = 65_536;

    public Frame {
        if (type == MessageType.MESSAGE_TYPE_UNSPECIFIED || type == MessageType.UNRECOGNIZED) {
            throw new IllegalArgumentException("type: " + type + " (expected: AUTH to PONG)");
        }
        requirePayload(payload.size());
    }

    public static Frame of(MessageType type, MessageLite message) {
        return new Frame(type, message.toByteString());
    }

    /** A buffer with the one frame of {@code message}; the caller owns it. */
    public static ByteBuf encode(ByteBufAllocator allocator, MessageType type, MessageLite message) {
        var length = message.getSerializedSize();
        requirePayload(length);
        var frame = allocator.buffer(HEADER_BYTES + length + CHECKSUM_BYTES);
        writeHeader(frame, type, length);
        try {
            var out = CodedOutputStream.newInstance(frame.nioBuffer(frame.writerIndex(), length));
            message.writeTo(out);
            out.flush();
        } catch (IOException e) {
            frame.release();
            throw new UncheckedIOException("a message wrote more than its size of " + length, e);
        }
        frame.writerIndex(frame.writerIndex() + length);
        return frame.writeInt(Crc32c.of(frame, frame.readerIndex(), frame.readableBytes()));
    }

    /** Appends this frame to {@code out}. */
    public void encode(ByteBuf out) {
        var start = out.writerIndex();
        out.ensureWritable(HEADER_BYTES + payload.size() + CHECKSUM_BYTES);
        writeHeader(out, type, payload.size());
        for (var part : payload.asReadOnlyByteBufferList()) {
            out.writeBytes(part);
        }
        out.writeInt(Crc32c.of(out, start, out.writerIndex() - start));
    }

    /** Appends magic, version, type and the length of the payload that follows. */
    public static void writeHeader(ByteBuf out, MessageType type, int payloadLength) {
        out.writeShort(MAGIC).writeByte(VERSION).writeByte(type.getNumber()).writeInt(payloadLength);
    }

    /**
     * Reads the next frame of {@code in}; reads nothing unless the whole frame is there.
     *
     * @return null if {@code in} ends before the frame does
     * @throws FrameFault as soon as the bytes that are there cannot begin a frame; nothing was read then
     */
    public static @Nullable Frame decode(ByteBuf in) throws FrameFault {
        var start = in.readerIndex();
        var available = in.readableBytes();
        if (available < HEADER_BYTES) {
            return null;
        }
        var type = type(in, start);
        // As unsigned: a length of 2 GiB and more must not become negative.
        var length = in.getUnsignedInt(start + 4);
        if (length > MAX_PAYLOAD) {
            throw new FrameFault(
                    ErrorCode.ERROR_CODE_MESSAGE_TOO_LARGE,
                    "payload length: " + length + " (expected: 0.." + MAX_PAYLOAD + ")");
        }
        var checked = HEADER_BYTES + (int) length;
        if (available < checked + CHECKSUM_BYTES) {
            return null;
        }
        var expected = Crc32c.of(in, start, checked);
        var found = in.getInt(start + checked);
        if (found != expected) {
            throw new FrameFault(
                    ErrorCode.ERROR_CODE_CHECKSUM_FAILED, "checksum: %08x (expected: %08x)".formatted(found, expected));
        }
        in.skipBytes(HEADER_BYTES);
        var payload = new byte[(int) length];
        in.readBytes(payload).skipBytes(CHECKSUM_BYTES);
        return new Frame(type, ByteString.copyFrom(payload));
    }

    private static MessageType type(ByteBuf in, int start) throws FrameFault {
        var magic = in.getUnsignedShort(start);
        if (magic != MAGIC) {
            throw new FrameFault(
                    ErrorCode.ERROR_CODE_INVALID_MESSAGE, "magic: %04x (expected: %04x)".formatted(magic, MAGIC));
        }
        var version = in.getUnsignedByte(start + 2);
        if (version != VERSION) {
            throw new FrameFault(
                    ErrorCode.ERROR_CODE_PROTOCOL_VERSION, "version: " + version + " (expected: " + VERSION + ")");
        }
        var number = in.getUnsignedByte(start + 3);
        var type = MessageType.forNumber(number);
        if (type == null || type == MessageType.MESSAGE_TYPE_UNSPECIFIED) {
            throw new FrameFault(ErrorCode.ERROR_CODE_INVALID_MESSAGE, "type: " + number + " (expected: 1..7)");
        }
        return type;
    }

    private static void requirePayload(int length) {
        if (length > MAX_PAYLOAD) {
            throw new IllegalArgumentException("payload length: " + length + " (expected: 0.." + MAX_PAYLOAD + ")");
        }
    }
}
