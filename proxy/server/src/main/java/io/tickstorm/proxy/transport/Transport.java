package io.tickstorm.proxy.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.tickstorm.proxy.listener.KeepAliveSettings;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The kind of socket that a group of event loops can drive: a channel class and its loop must agree, and the loops belong
 * to Vert.x, so the loops are asked instead of the machine. Immutable, any thread.
 */
public enum Transport {
    /** Linux epoll, through Netty's native library. */
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class),
    /** The JDK's selector: everywhere else. */
    NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class);

    /** Connections that may wait for us in the kernel: a burst of reconnects after a roll-out; the kernel caps it at somaxconn. */
    private static final int BACKLOG = 4096;

    /** A peer that reads slowly holds at most the high mark plus one read in our memory, then the other side is not read. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final Class<? extends ServerChannel> serverChannel;
    private final Class<? extends SocketChannel> socketChannel;
    private final Class<? extends DatagramChannel> datagramChannel;

    Transport(
            Class<? extends ServerChannel> serverChannel,
            Class<? extends SocketChannel> socketChannel,
            Class<? extends DatagramChannel> datagramChannel) {
        this.serverChannel = serverChannel;
        this.socketChannel = socketChannel;
        this.datagramChannel = datagramChannel;
    }

    /**
     * What {@code loops} can drive.
     *
     * @throws IllegalArgumentException for loops that drive neither, such as those of io_uring or of Netty's epoll as it is
     */
    public static Transport of(EventLoopGroup loops) {
        if (loops instanceof IoEventLoopGroup io && io.isIoType(EpollLoops.class)) {
            return EPOLL;
        }
        if (loops instanceof IoEventLoopGroup io && io.isIoType(NioIoHandler.class)) {
            return NIO;
        }
        throw new IllegalArgumentException("event loops: " + loops + " (expected: EpollLoops or NIO)");
    }

    /** The class of listening sockets. */
    public Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    /** The class of connections that we open. */
    public Class<? extends SocketChannel> socketChannel() {
        return socketChannel;
    }

    /** The class of sockets for datagrams. */
    public Class<? extends DatagramChannel> datagramChannel() {
        return datagramChannel;
    }

    /** A listener on {@code loops}, which accept and serve alike; options are set, the child handler is the caller's. */
    public ServerBootstrap listener(EventLoopGroup loops) {
        return new ServerBootstrap()
                .group(loops)
                .channel(serverChannel)
                .handler(new AcceptPause())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new Reads());
    }

    /** A connection to be opened on {@code loop}, which gives up after {@code timeout}; the handler is the caller's. */
    public Bootstrap connection(EventLoop loop, Duration timeout) {
        var bootstrap = new Bootstrap()
                .group(loop)
                .channel(socketChannel)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()));
        return socketOptions(bootstrap);
    }

    /**
     * Connects, and tells the listener on {@code loop}, that of the bootstrap: Netty does so on a thread of its own where not even a
     * socket could be made, for want of file descriptors.
     */
    public static ChannelFuture connect(
            Bootstrap bootstrap, EventLoop loop, SocketAddress address, Consumer<ChannelFuture> listener) {
        return bootstrap.connect(address).addListener((ChannelFuture done) -> {
            if (loop.inEventLoop()) {
                listener.accept(done);
            } else {
                loop.execute(() -> listener.accept(done));
            }
        });
    }

    /**
     * Has the kernel find out whether the peer of an open socket is gone without a word. With the JDK's selector it does so at its own
     * pace.
     */
    public static void watch(Channel channel, KeepAliveSettings settings) {
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, settings.enabled());
        if (settings.enabled() && channel.config() instanceof EpollSocketChannelConfig epoll) {
            epoll.setTcpKeepIdle((int) settings.idle().toSeconds());
            epoll.setTcpKeepIntvl((int) settings.interval().toSeconds());
            epoll.setTcpKeepCnt(settings.count());
            epoll.setTcpUserTimeout((int) settings.giveUp().toMillis());
        }
    }

    /** Sets on {@code bootstrap} what every connection that we open has. */
    public Bootstrap socketOptions(Bootstrap bootstrap) {
        return bootstrap
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new Reads());
    }
}
