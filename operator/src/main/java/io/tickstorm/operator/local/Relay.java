package io.tickstorm.operator.local;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Two connections whose bytes go over from one to the other. The end of one direction leaves the other open; a reset ends both. */
final class Relay {
    private static final int BUFFER = 32 * 1024;

    private final SocketChannel client;
    private final SocketChannel proxy;

    Relay(SocketChannel client, SocketChannel proxy) {
        this.client = client;
        this.proxy = proxy;
    }

    /** Returns when both directions have ended. */
    void run() {
        var back = Thread.ofVirtual().start(() -> copy(proxy, client));
        copy(client, proxy);
        try {
            back.join();
            client.close();
            proxy.close();
        } catch (IOException | InterruptedException e) {
            abort();
        }
    }

    void abort() {
        reset(client);
        reset(proxy);
    }

    /** Closes so that the peer sees a failure rather than an orderly end. */
    static void reset(SocketChannel channel) {
        try (channel) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // Closed already.
        }
    }

    private void copy(SocketChannel from, SocketChannel to) {
        var buffer = ByteBuffer.allocateDirect(BUFFER);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            abort();
        }
    }
}
