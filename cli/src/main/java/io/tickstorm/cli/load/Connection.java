package io.tickstorm.cli.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link Client}, behind Netty's decoder: another reader of HTTP than the proxy's own. One event loop. */
final class Connection extends ChannelInboundHandlerAdapter {
    private final Client client;
    private @Nullable ChannelHandlerContext context;
    private boolean closing;

    /** A request was written whose answer is not complete. */
    private boolean asked;

    /** The head of the answer, interim ones (1xx) excepted. */
    private @Nullable HttpResponse head;

    private boolean interim;

    Connection(Client client) {
        this.client = client;
    }

    void send(RequestBytes requests, Shot shot) {
        if (context == null) {
            client.lost(this, Failure.CLOSED); // opened and closed again before it could be used
            return;
        }
        asked = true;
        head = null;
        context.writeAndFlush(requests.of(shot, context.alloc())).addListener(written -> {
            if (!written.isSuccess()) {
                client.lost(this, Failure.ofTransfer(written.cause()));
            }
        });
    }

    void close() {
        closing = true;
        if (context != null) {
            context.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        if (closing) {
            active.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        try {
            if (closing) {
                return;
            }
            if (!asked) {
                client.stray(this);
                return;
            }
            if (message instanceof HttpResponse response) {
                begin(response);
            }
            if (message instanceof HttpContent content && !closing) {
                proceed(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(HttpResponse response) {
        if (response.decoderResult().isFailure()) {
            client.lost(this, Failure.MALFORMED);
            return;
        }
        // 101 ends HTTP on this connection; nobody has asked for that.
        interim = response.status().code() < 200;
        if (!interim) {
            head = response;
        } else if (response.status().code() == 101) {
            client.lost(this, Failure.MALFORMED);
        }
    }

    private void proceed(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            client.lost(this, Failure.MALFORMED);
            return;
        }
        if (!(content instanceof LastHttpContent) || interim || head == null) {
            return;
        }
        asked = false;
        client.answered(this, head.status().code(), head.headers().get("X-Served-By"), HttpUtil.isKeepAlive(head));
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        client.lost(this, head == null ? Failure.CLOSED : Failure.TRUNCATED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
        client.lost(this, Failure.ofTransfer(cause));
    }
}
