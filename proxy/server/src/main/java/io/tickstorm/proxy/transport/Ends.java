package io.tickstorm.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;

/**
 * The ways in which a connection ends, which a socket and a stream of HTTP/2 have both, each in its own form. What is no socket
 * carries its form as an attribute. On the channel's event loop.
 */
public interface Ends {
    AttributeKey<Ends> KEY = AttributeKey.valueOf(Ends.class, "KEY");

    /** Those of a socket: FIN and RST. */
    Ends SOCKET = new Ends() {
        @Override
        public void endOutput(Channel channel) {
            if (channel instanceof DuplexChannel socket && channel.isActive()) {
                socket.shutdownOutput();
            }
        }

        @Override
        public boolean outputEnded(Channel channel) {
            return channel instanceof DuplexChannel socket && socket.isOutputShutdown();
        }

        @Override
        public void reset(Channel channel) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    };

    static Ends of(Channel channel) {
        var own = channel.attr(KEY).get();
        return own == null ? SOCKET : own;
    }

    /** Says that nothing more comes from us; what was written before still goes out. */
    void endOutput(Channel channel);

    /** Whether {@link #endOutput} was called. */
    boolean outputEnded(Channel channel);

    /** Closes at once, so that nobody takes for whole what is not. */
    void reset(Channel channel);
}
