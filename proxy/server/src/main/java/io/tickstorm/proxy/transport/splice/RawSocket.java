package io.tickstorm.proxy.transport.splice;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a channel that its event loop has let go of: tells its owner when it can be read and written, once each time that
 * becomes so, and whatever the owner wants at the moment. So a hang-up is told once too, and a socket that waits for the other one costs
 * nothing. What the channel has still to write it goes on writing. On the event loop.
 */
public final class RawSocket implements EpollIoHandle {
    /** Told of each change. */
    public interface Owner {
        /** The socket may be read or written, or both. */
        void ready(RawSocket socket);

        /** The connection is broken; there may be bytes that came before. */
        void broken(RawSocket socket);
    }

    private static final EpollIoOps EDGES = EpollIoOps.EPOLLIN
            .with(EpollIoOps.EPOLLOUT)
            .with(EpollIoOps.EPOLLRDHUP)
            .with(EpollIoOps.EPOLLET);
    // of Linux' eventpoll.h; reported whether asked for or not
    private static final EpollIoOps HANG_UP = EpollIoOps.valueOf(0x10);
    private static final EpollIoOps MAY_READ = EpollIoOps.EPOLLIN
            .with(EpollIoOps.EPOLLRDHUP)
            .with(EpollIoOps.EPOLLERR)
            .with(HANG_UP);
    private static final EpollIoOps MAY_WRITE =
            EpollIoOps.EPOLLOUT.with(EpollIoOps.EPOLLERR).with(HANG_UP);
    private static final EpollIoEvent WRITABLE = () -> EpollIoOps.EPOLLOUT;

    private final Channel channel;
    private final Owner owner;
    private @Nullable IoRegistration registration;
    private boolean readable;
    private boolean writable;

    /** @param channel of epoll, deregistered before {@link #register} */
    public RawSocket(Channel channel, Owner owner) {
        this.channel = channel;
        this.owner = owner;
    }

    public Channel channel() {
        return channel;
    }

    /** Begins to tell, of what is so already too; of a channel that is closed there is nothing to tell. */
    public void register(IoEventLoop loop) {
        if (channel.isOpen()) {
            loop.register(this).addListener(done -> {
                if (done.isSuccess()) {
                    watch((IoRegistration) done.getNow());
                } else {
                    owner.broken(this);
                }
            });
        }
    }

    private void watch(IoRegistration registered) {
        registration = registered;
        try {
            registered.submit(EDGES);
        } catch (UncheckedIOException e) {
            owner.broken(this); // the kernel has no memory for it, or the user watches too much
        }
    }

    /** Tells nothing any more; before the channel is closed or given back to its loop. */
    public void cancel() {
        var held = registration;
        registration = null;
        if (held != null) {
            held.cancel();
        }
    }

    @Override
    public FileDescriptor fd() {
        return ((UnixChannel) channel).fd();
    }

    public boolean readable() {
        return readable;
    }

    public boolean writable() {
        return writable;
    }

    /** It had nothing more. */
    public void read() {
        readable = false;
    }

    /** It took no more. */
    public void written() {
        writable = false;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        if (registration == null) {
            return;
        }
        var ops = ((EpollIoEvent) event).ops();
        readable |= ops.contains(MAY_READ);
        if (ops.contains(MAY_WRITE)) {
            writable = true;
            ((EpollIoHandle) channel.unsafe()).handle(from, WRITABLE);
        }
        owner.ready(this);
        if (ops.contains(EpollIoOps.EPOLLERR) && registration != null) {
            owner.broken(this);
        }
    }

    /** The event loop is destroyed. */
    @Override
    public void close() {
        owner.broken(this);
    }
}
