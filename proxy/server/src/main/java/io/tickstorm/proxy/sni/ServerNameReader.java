package io.tickstorm.proxy.sni;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.tickstorm.proxy.transport.Opening;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the name that a TLS client asks for; all bytes go on as they came. A client that hides the name (Encrypted ClientHello) is
 * known by the one outside.
 */
public final class ServerNameReader extends Opening<HelloFault> {
    private final Consumer<@Nullable String> named;

    /**
     * @param timeout until the whole ClientHello has come, absolute
     * @param named gets the name in lower case, or null if the client asks for none; adds the handlers that follow, or closes
     * @param refused told instead, before the channel is closed; not of a client that leaves without a byte
     */
    public ServerNameReader(Duration timeout, Consumer<@Nullable String> named, Consumer<HelloFault> refused) {
        super(timeout, HelloFault.LATE, HelloFault.CUT, refused);
        this.named = named;
    }

    @Override
    protected void look(ChannelHandlerContext context, ByteBuf in) {
        switch (HelloParser.parse(in)) {
            case Hello.Incomplete more -> {}
            case Hello.Refused no -> refuse(context, no.fault());
            case Hello.Whole hello -> pass(context, () -> named.accept(hello.serverName()));
        }
    }
}
