package io.tickstorm.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits, until a deadline, for what a connection has to begin with, and then gets out of the way: bytes that it leaves go to the
 * handlers behind it. On the event loop of the channel; reads for itself, should the channel's reading be off.
 *
 * @param <F> why a connection is refused
 */
public abstract class Opening<F> extends ByteToMessageDecoder {
    private final Duration timeout;
    private final F late;
    private final F cut;
    private final Consumer<F> refused;
    private @Nullable Future<?> deadline;
    private boolean decided;

    /**
     * @param timeout from now on, absolute
     * @param late the fault of who has not sent it by then
     * @param cut the fault of who ends its direction within it; who leaves without a byte is not told of
     * @param refused told before the channel is closed, at most once
     */
    protected Opening(Duration timeout, F late, F cut, Consumer<F> refused) {
        this.timeout = timeout;
        this.late = late;
        this.cut = cut;
        this.refused = refused;
    }

    /** Looks at all that has come, again each time that there is more, until it calls {@link #pass} or {@link #refuse}. */
    protected abstract void look(ChannelHandlerContext context, ByteBuf in);

    /** It is there; what is left in the buffer goes on when this handler has left. */
    protected final void pass(ChannelHandlerContext context, Runnable next) {
        decide();
        next.run();
        context.pipeline().remove(this);
    }

    protected final void refuse(ChannelHandlerContext context, F fault) {
        decide();
        refused.accept(fault);
        context.close();
    }

    private void decide() {
        decided = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor().schedule(() -> refuse(context, late), timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (context.channel().isActive()) {
            context.read();
        }
    }

    @Override
    public final void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        context.read();
    }

    @Override
    protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (!decided) {
            look(context, in);
        }
        if (decided && !context.isRemoved()) {
            in.skipBytes(in.readableBytes());
        }
    }

    /** Nothing more comes. */
    @Override
    protected final void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        decode(context, in, out);
        if (!decided && in.isReadable()) {
            refuse(context, cut);
        } else if (!decided) {
            decide();
            context.close();
        }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // a reset
    }
}
