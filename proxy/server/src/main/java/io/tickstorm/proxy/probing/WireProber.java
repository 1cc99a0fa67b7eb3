package io.tickstorm.proxy.probing;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.health.Probe;
import io.tickstorm.proxy.health.ProbeResult;
import io.tickstorm.proxy.health.Prober;
import io.tickstorm.proxy.proxyprotocol.ProxyProtocolWriter;
import io.tickstorm.proxy.tls.ClientTls;
import io.tickstorm.proxy.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks over TCP, HTTP/1.1, HTTP/2 and gRPC, on the event loops. Each check opens a connection and closes it: it is to find out
 * whether a new client would be served, and a kept connection would not tell.
 */
public final class WireProber implements Prober {
    private final EventLoopGroup loops;
    private final Transport transport;
    private final @Nullable ClientTls tls;

    /** In plain. */
    public WireProber(EventLoopGroup loops) {
        this(loops, null);
    }

    /** @param tls of the backend; null = plain */
    public WireProber(EventLoopGroup loops, @Nullable ClientTls tls) {
        this.loops = loops;
        this.tls = tls;
        this.transport = Transport.of(loops);
    }

    @Override
    public void probe(Endpoint endpoint, HealthCheckSettings settings, Consumer<ProbeResult> result) {
        var id = endpoint.id();
        var target = settings.port() == 0 ? id : new EndpointId(id.uid(), id.host(), settings.port());
        var loop = loops.next();
        loop.execute(() -> begin(loop, target, settings, result));
    }

    private void begin(EventLoop loop, EndpointId target, HealthCheckSettings settings, Consumer<ProbeResult> result) {
        var verdict = new Verdict(result);
        var connecting = transport
                .connection(loop, settings.timeout())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        ProxyProtocolWriter.local(channel.pipeline(), settings.proxyProtocol());
                        if (tls != null && tls.install(channel.pipeline(), target.port(), settings.timeout())) {
                            channel.pipeline()
                                    .addLast(new OnceSecured(
                                            next -> talk(settings.probe(), target, verdict, next), verdict));
                        } else {
                            talk(settings.probe(), target, verdict, channel.pipeline());
                        }
                    }
                })
                .connect(new InetSocketAddress(InetAddress.ofLiteral(target.host()), target.port()));
        verdict.within(settings.timeout(), connecting.channel(), loop);
        connecting.addListener((ChannelFuture connected) -> {
            if (!connected.isSuccess()) {
                verdict.broken(connected.cause());
            }
        });
    }

    private static void talk(Probe probe, EndpointId target, Verdict verdict, ChannelPipeline pipeline) {
        switch (probe) {
            case Probe.Http http -> get(http, target, verdict, pipeline);
            case Probe.Tcp tcp -> pipeline.addLast(new TcpTalk(tcp, verdict));
            case Probe.Grpc grpc -> GrpcTalk.begin(grpc, target, verdict, pipeline);
        }
    }

    private static void get(Probe.Http probe, EndpointId target, Verdict verdict, ChannelPipeline pipeline) {
        var tls = pipeline.get(SslHandler.class);
        boolean chosen = tls == null || ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
        if (probe.http2() && chosen) {
            Http2Talk.begin(probe, target, tls != null, verdict, pipeline);
        } else {
            pipeline.addLast(new HttpTalk(probe, target, verdict));
        }
    }
}
