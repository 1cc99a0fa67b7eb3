package io.tickstorm.proxy.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.tickstorm.proxy.listener.ProxyProtocolSettings;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PROXY protocol header that a connection begins with, and then gets out of the way. Nobody but a trusted proxy is
 * believed, and a trusted proxy must send the header: whether there is one is never guessed from the bytes, for then a client
 * could write one.
 *
 * <p>{@link Addresses} tells afterwards what the header said. On the event loop of the channel.
 */
public final class ProxyProtocolReader extends ByteToMessageDecoder {
    private final ProxyProtocolSettings settings;
    private final Runnable served;
    private final Consumer<HeaderFault> refused;
    private @Nullable Future<?> deadline;
    private boolean decided;

    private ProxyProtocolReader(ProxyProtocolSettings settings, Runnable served, Consumer<HeaderFault> refused) {
        this.settings = settings;
        this.served = served;
        this.refused = refused;
    }

    /**
     * Begins a connection that has just been accepted, whose pipeline has no other handler yet. It is closed if it is refused.
     *
     * @param settings null = connections have no header
     * @param served adds the handlers that follow; called at once if no header is to come
     * @param refused is told why it was not served, at most once and not after {@code served}; a peer that leaves without a byte
     *     is not told of: checks whether a port is open do that
     */
    public static void begin(
            SocketChannel channel,
            @Nullable ProxyProtocolSettings settings,
            Runnable served,
            Consumer<HeaderFault> refused) {
        if (settings == null) {
            served.run();
            return;
        }
        var peer = channel.remoteAddress();
        if (peer == null) {
            channel.close();
        } else if (settings.trusts(peer.getAddress())) {
            channel.pipeline().addLast(new ProxyProtocolReader(settings, served, refused));
        } else {
            switch (settings.untrusted()) {
                case SERVE -> served.run();
                case REFUSE -> {
                    refused.accept(HeaderFault.UNTRUSTED);
                    channel.close();
                }
            }
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor()
                .schedule(
                        () -> refuse(context, HeaderFault.LATE),
                        settings.timeout().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /** The listener may have switched reading off: nobody behind us can want bytes yet. */
    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        context.read();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (decided) {
            in.skipBytes(in.readableBytes());
            return;
        }
        switch (HeaderParser.parse(in)) {
            case Parse.Incomplete more -> {}
            case Parse.Refused no -> {
                in.skipBytes(in.readableBytes());
                refuse(context, no.fault());
            }
            case Parse.Whole header -> {
                decide();
                in.skipBytes(header.length());
                if (header.addresses() != null) {
                    context.channel().attr(Addresses.HEADER).set(header.addresses());
                }
                served.run();
                context.pipeline().remove(this); // passes on what is left in the buffer
            }
        }
    }

    /** The peer has ended its direction: nothing more comes. */
    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        decode(context, in, out);
        if (!decided && in.isReadable()) {
            refuse(context, HeaderFault.CUT);
        } else if (!decided) {
            decide();
            context.close();
        }
    }

    private void refuse(ChannelHandlerContext context, HeaderFault fault) {
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
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // a reset
    }
}
