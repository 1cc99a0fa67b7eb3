package io.tickstorm.backend.stream;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tickstorm.backend.protocol.AuthRequest;
import io.tickstorm.backend.protocol.DataBatch;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.protocol.SubscribeRequest;
import io.tickstorm.backend.protocol.SubscriptionMode;
import io.tickstorm.backend.wire.Frame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/** A blocking client on a real socket. */
public final class TickClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final ByteBuf received = Unpooled.buffer();

    public TickClient(int port) throws IOException {
        // Small, so that a client that does not read is soon noticed.
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
    }

    public static TickClient subscribed(int port, List<String> symbols) throws Exception {
        var client = new TickClient(port);
        client.send(
                MessageType.MESSAGE_TYPE_AUTH,
                AuthRequest.newBuilder()
                        .setUsername("storm")
                        .setPassword("secret")
                        .build());
        client.expect(MessageType.MESSAGE_TYPE_ACK);
        client.send(
                MessageType.MESSAGE_TYPE_SUBSCRIBE,
                SubscribeRequest.newBuilder()
                        .setMode(SubscriptionMode.SUBSCRIPTION_MODE_SECOND)
                        .addAllSymbols(symbols)
                        .build());
        client.expect(MessageType.MESSAGE_TYPE_ACK);
        return client;
    }

    public void send(MessageType type, MessageLite message) throws IOException {
        var bytes = Unpooled.buffer();
        Frame.of(type, message).encode(bytes);
        send(bytes);
    }

    void send(ByteBuf bytes) throws IOException {
        bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
    }

    public DataBatch batch() throws Exception {
        return DataBatch.parseFrom(expect(MessageType.MESSAGE_TYPE_DATA_BATCH).payload());
    }

    Frame expect(MessageType type) throws Exception {
        var frame = next();
        if (frame == null || frame.type() != type) {
            throw new AssertionError("received: " + frame + " (expected: " + type + ")");
        }
        return frame;
    }

    /** The next frame, or null at the end of the stream, which must not be within a frame. */
    public Frame next() throws Exception {
        while (true) {
            var frame = Frame.decode(received);
            if (frame != null) {
                received.discardSomeReadBytes();
                return frame;
            }
            if (received.writeBytes(socket.getInputStream(), 8192) < 0) {
                if (received.isReadable()) {
                    throw new AssertionError("the stream ends within a frame");
                }
                return null;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
