package io.tickstorm.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class TransportTest {
    @Test
    void nioLoopsGetNioSockets() {
        with(
                new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()),
                loops -> assertThat(Transport.of(loops)).isEqualTo(Transport.NIO));
    }

    @Test
    @EnabledIf("epoll")
    void epollLoopsGetEpollSockets() {
        with(
                new MultiThreadIoEventLoopGroup(1, EpollLoops.factory()),
                loops -> assertThat(Transport.of(loops)).isEqualTo(Transport.EPOLL));
    }

    @Test
    void loopsWithoutSocketsAreRefused() {
        with(
                new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory()),
                loops -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> Transport.of(loops))
                        .withMessageContaining("expected: EpollLoops or NIO"));
    }

    static boolean epoll() {
        return Epoll.isAvailable();
    }

    private static void with(EventLoopGroup loops, Consumer<EventLoopGroup> body) {
        try {
            body.accept(loops);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
