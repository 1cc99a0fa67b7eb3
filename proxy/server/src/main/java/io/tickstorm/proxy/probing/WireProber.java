package io.tickstorm.proxy.probing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.health.HealthCheckSettings.Type;
import io.tickstorm.proxy.health.ProbeResult;
import io.tickstorm.proxy.health.Prober;
import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.transport.Transport;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Checks over TCP and HTTP/1.1, on the event loops. Each check opens a connection and closes it: it is to find out
 * whether a new client would be served, and a kept connection would not tell.
 */
public final class WireProber implements Prober {
    private final EventLoopGroup loops;
    private final Transport transport;

    public WireProber(EventLoopGroup loops) {
        this.loops = loops;
        this.transport = Transport.of(loops);
    }

    @Override
    public void probe(Endpoint endpoint, HealthCheckSettings settings, Consumer<ProbeResult> result) {
        var id = endpoint.id();
        var port = settings.port() == 0 ? id.port() : settings.port();
        var check = new Check(new EndpointId(id.uid(), id.host(), port), settings, result);
        transport
                .connection(loops.next(), settings.timeout())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(check);
                    }
                })
                .connect(new InetSocketAddress(InetAddress.ofLiteral(id.host()), port))
                .addListener((ChannelFuture connected) -> {
                    if (!connected.isSuccess()) {
                        check.failed(reason(connected.cause()));
                    }
                });
    }

    private static String reason(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException timeout -> "no connection in time";
            case ConnectException refused -> "connection refused";
            default -> String.valueOf(cause.getMessage());
        };
    }

    /** One check; on its event loop. The deadline is absolute: an endpoint that trickles does not win time. */
    private static final class Check extends ChannelInboundHandlerAdapter {
        /** {@code HTTP/1.1 200}: RFC 9112 section 4; what follows does not matter here. */
        private static final int STATUS_END = 12;

        private static final int STATUS_START = 9;

        private final EndpointId target;
        private final HealthCheckSettings settings;
        private final Consumer<ProbeResult> result;
        private final byte[] head = new byte[STATUS_END];
        private int received;
        private boolean told;

        Check(EndpointId target, HealthCheckSettings settings, Consumer<ProbeResult> result) {
            this.target = target;
            this.settings = settings;
            this.result = result;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (settings.type() == Type.TCP) {
                passed();
                context.close();
                return;
            }
            var timeout = settings.timeout();
            var deadline = context.executor()
                    .schedule(
                            () -> {
                                failed("no answer in " + Durations.format(timeout));
                                context.close();
                            },
                            timeout.toNanos(),
                            TimeUnit.NANOSECONDS);
            context.channel().closeFuture().addListener(closed -> deadline.cancel(false));
            context.writeAndFlush(Unpooled.copiedBuffer(request(), StandardCharsets.US_ASCII));
        }

        private String request() {
            return "GET " + settings.path() + " HTTP/1.1\r\nHost: " + target.address()
                    + "\r\nUser-Agent: tickstorm-health\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object data) {
            var bytes = (ByteBuf) data;
            try {
                var length = Math.min(bytes.readableBytes(), STATUS_END - received);
                bytes.readBytes(head, received, length);
                received += length;
            } finally {
                bytes.release();
            }
            if (received == STATUS_END && !told) {
                judge(new String(head, StandardCharsets.ISO_8859_1));
                context.close();
            }
        }

        private void judge(String start) {
            if (!start.matches("HTTP/1\\.[01] [1-5][0-9]{2}")) {
                failed("not an HTTP/1 answer");
                return;
            }
            var status = Integer.parseInt(start, STATUS_START, STATUS_END, 10);
            if (settings.expectedStatus().contains(status)) {
                passed();
            } else {
                failed("status " + status);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            failed("closed without an answer");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failed(reason(cause));
            context.close();
        }

        private void passed() {
            tell(new ProbeResult.Passed());
        }

        private void failed(String reason) {
            tell(new ProbeResult.Failed(reason));
        }

        private void tell(ProbeResult outcome) {
            if (!told) {
                told = true;
                result.accept(outcome);
            }
        }
    }
}
