package io.tickstorm.proxy.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listening socket does when a connection cannot be accepted, mostly for want of file descriptors: it stops for a second
 * instead of trying, in vain, as fast as the event loop turns. Connections wait in the kernel meanwhile. Told once, and once when it
 * is over.
 */
final class AcceptPause extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AcceptPause.class);
    private static final long SECONDS = 1;

    private int failures;

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        if (failures > 0) {
            log.info(
                    "{}: accepting again, after {} vain attempts",
                    context.channel().localAddress(),
                    failures);
            failures = 0;
        }
        context.fireChannelRead(accepted);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (failures++ == 0) {
            log.warn(
                    "{}: no connection can be accepted: {}; trying again every {} s",
                    context.channel().localAddress(),
                    cause.getMessage(),
                    SECONDS);
        }
        var config = context.channel().config();
        if (config.isAutoRead()) {
            config.setAutoRead(false);
            context.executor().schedule(() -> config.setAutoRead(true), SECONDS, TimeUnit.SECONDS);
        }
    }
}
