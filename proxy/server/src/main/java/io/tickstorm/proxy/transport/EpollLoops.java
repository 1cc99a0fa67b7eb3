package io.tickstorm.proxy.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Netty's epoll with one fault taken out, for event loops of Netty and of Vert.x.
 *
 * <p>A socket for which no event is wanted for the moment is taken out of the epoll set (netty/netty#16689), but Netty 4.2.18 does
 * not put it back: the next wish for an event fails with ENOENT and closes the output. That hits a connection whose peer has ended
 * its direction (nothing left to read) and then reads slowly (an event for "writable again" is wanted): half-closed TCP, which is
 * ours to relay. So such a socket stays in the set here, waiting for {@code EPOLLMSG}, which Linux defines and never reports.
 *
 * <p>A hang-up is reported whether wanted or not, which is why Netty takes sockets out; a data path must therefore close a
 * connection as soon as both of its directions have ended. The decision: docs/adr/0007.
 */
public final class EpollLoops implements IoHandler {
    // EPOLLMSG of Linux' eventpoll.h
    private static final EpollIoOps NOTHING = EpollIoOps.valueOf(0x400);

    private final IoHandler epoll;

    private EpollLoops(IoHandler epoll) {
        this.epoll = epoll;
    }

    /** For event loops of Netty. */
    public static IoHandlerFactory factory() {
        var epoll = EpollIoHandler.newFactory();
        return executor -> new EpollLoops(epoll.newHandler(executor));
    }

    /** For Vert.x; falls back to the JDK's selector where there is no epoll. */
    public static Transport transport() {
        return Transport.EPOLL.available() ? new ForVertx() : Transport.NIO;
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(epoll.register(handle));
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    private record Registration(IoRegistration registration) implements IoRegistration {
        @Override
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            return registration.submit(EpollIoOps.NONE.equals(ops) ? NOTHING : ops);
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }

    private static final class ForVertx implements Transport {
        private final EpollTransport implementation = new EpollTransport() {
            @Override
            public IoHandlerFactory ioHandlerFactory() {
                return factory();
            }
        };

        @Override
        public String name() {
            return "epoll";
        }

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return null;
        }

        @Override
        public io.vertx.core.spi.transport.Transport implementation() {
            return implementation;
        }
    }
}
