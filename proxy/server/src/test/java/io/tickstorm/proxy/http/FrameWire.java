package io.tickstorm.proxy.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames of HTTP/2 as bytes (RFC 9113 section 4.1), for servers that do what no library does. */
final class FrameWire {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    /** {@code :status: 200} of the static table: RFC 7541 appendix A. */
    static final byte[] STATUS_200 = {(byte) 0x88};

    private static final String FIRST_LINE = "PRI * HTTP/2.0\r\n\r\n";
    private static final String SECOND_LINE = "SM\r\n\r\n";

    private final Wire wire;

    /** A frame that has come. */
    record Frame(int type, int flags, int stream, byte[] payload) {}

    private FrameWire(Wire wire) {
        this.wire = wire;
    }

    /** The server's side of a connection whose beginning has been exchanged. */
    static FrameWire accept(Wire wire) throws IOException {
        wire.read(FIRST_LINE.length());
        return behindItsFirstLine(wire);
    }

    /** The same where the request line of the preface and its blank line are read already. */
    static FrameWire behindItsFirstLine(Wire wire) throws IOException {
        wire.read(SECOND_LINE.length());
        wire.send(frame(SETTINGS, 0, 0));
        return new FrameWire(wire);
    }

    Wire wire() {
        return wire;
    }

    FrameWire send(byte[]... frames) {
        var all = new ByteArrayOutputStream();
        for (var frame : frames) {
            all.writeBytes(frame);
        }
        wire.send(all.toByteArray());
        return this;
    }

    Frame read() throws IOException {
        var head = ByteBuffer.wrap(wire.read(9));
        int length = (head.get() & 0xff) << 16 | head.getShort() & 0xffff;
        int type = head.get();
        int flags = head.get();
        int stream = head.getInt();
        return new Frame(type, flags, stream, wire.read(length));
    }

    /** The next frame of this type; what comes before it is dropped, settings are acknowledged. */
    Frame await(int type) throws IOException {
        while (true) {
            var frame = read();
            if (frame.type() == SETTINGS && (frame.flags() & ACK) == 0) {
                send(frame(SETTINGS, ACK, 0));
            }
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    static byte[] data(int flags, int stream, String text) {
        return frame(DATA, flags, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A field that is not indexed: RFC 7541 section 6.2.2; name and value of under 127 bytes. */
    static byte[] field(String name, String value) {
        var out = new ByteArrayOutputStream();
        out.write(0);
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
