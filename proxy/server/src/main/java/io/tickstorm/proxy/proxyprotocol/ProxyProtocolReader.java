package io.tickstorm.proxy.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.listener.ProxyProtocolSettings;
import io.tickstorm.proxy.transport.Opening;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PROXY protocol header that a connection begins with, and then gets out of the way. Nobody but a trusted proxy is
 * believed, and a trusted proxy must send the header: whether there is one is never guessed from the bytes, for then a client
 * could write one.
 *
 * <p>{@link Addresses} tells afterwards what the header said.
 */
public final class ProxyProtocolReader extends Opening<HeaderFault> {
    private final Runnable served;

    private ProxyProtocolReader(Duration timeout, Runnable served, Consumer<HeaderFault> refused) {
        super(timeout, HeaderFault.LATE, HeaderFault.CUT, refused);
        this.served = served;
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
            channel.pipeline().addLast(new ProxyProtocolReader(settings.timeout(), served, refused));
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
    protected void look(ChannelHandlerContext context, ByteBuf in) {
        switch (HeaderParser.parse(in)) {
            case Parse.Incomplete more -> {}
            case Parse.Refused no -> refuse(context, no.fault());
            case Parse.Whole header -> {
                in.skipBytes(header.length());
                if (header.addresses() != null) {
                    context.channel().attr(Addresses.HEADER).set(header.addresses());
                }
                pass(context, served);
            }
        }
    }
}
