package io.tickstorm.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.admission.Parting;
import io.tickstorm.proxy.endpoint.Upstream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A socket that was accepted. What is spoken on it may not be known yet: then nothing runs. On its event loop. */
final class Accepted {
    private final SocketChannel channel;
    private volatile @Nullable Session session; // read by any thread

    Accepted(SocketChannel channel) {
        this.channel = channel;
    }

    SocketChannel channel() {
        return channel;
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    /** What is spoken from now on. */
    void speaks(Session chosen) {
        session = chosen;
    }

    void silent(Upstream upstream) {
        var current = session;
        if (current != null) {
            current.silent(upstream);
        }
    }

    void announceClose() {
        var current = session;
        if (current != null) {
            current.announceClose();
        }
    }

    void closeIfIdle() {
        var current = session;
        if (current == null) {
            channel.close();
        } else {
            current.closeIfIdle();
        }
    }

    void part(Parting parting) {
        var current = session;
        if (current != null) {
            current.part(parting);
        }
    }

    void abort() {
        var current = session;
        if (current == null) {
            channel.close();
        } else {
            current.abort();
        }
    }

    /** What runs on it, for the log. Any thread. */
    Stream<String> progress() {
        var current = session;
        return current == null ? Stream.empty() : current.progress();
    }
}
