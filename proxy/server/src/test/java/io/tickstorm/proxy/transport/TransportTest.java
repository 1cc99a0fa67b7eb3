package io.tickstorm.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.tickstorm.proxy.listener.KeepAliveSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
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

    @Test
    @EnabledIf("epoll")
    void theKernelLooksAfterConnectionsAsTheSettingsSay() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            with(new MultiThreadIoEventLoopGroup(1, EpollLoops.factory()), loops -> {
                var channel = Transport.EPOLL
                        .connection(loops.next(), Duration.ofSeconds(10))
                        .handler(new ChannelInboundHandlerAdapter())
                        .connect(server.getLocalSocketAddress())
                        .syncUninterruptibly()
                        .channel();

                Transport.watch(channel, new KeepAliveSettings(Duration.ofSeconds(30), Duration.ofSeconds(5), 3));

                // Netty asks the kernel.
                var config = channel.config();
                assertThat(config.getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
                assertThat(config.getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(30);
                assertThat(config.getOption(EpollChannelOption.TCP_KEEPINTVL)).isEqualTo(5);
                assertThat(config.getOption(EpollChannelOption.TCP_KEEPCNT)).isEqualTo(3);
                assertThat(config.getOption(EpollChannelOption.TCP_USER_TIMEOUT))
                        .isEqualTo(45_000);
            });
        }
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
