package io.tickstorm.proxy.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.Future;
import io.tickstorm.proxy.backend.UpstreamTlsSettings;
import io.tickstorm.proxy.listener.CertificateFiles;
import io.tickstorm.proxy.listener.TlsVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS to the upstreams of one backend, or that it has none; both may change while it serves, for connections to come.
 * Connections are secured on their event loops, which take a value and no lock; whoever changes something may block, and goes one
 * after the other.
 */
public final class ClientTls implements Rereading {
    private final Supplier<Engine> engine;
    private final FromFiles<UpstreamTlsSettings, Context> secure;
    private volatile boolean closed;

    /**
     * Plain, until {@link #change} says otherwise.
     *
     * @param backend its name, for logs
     * @param engine asked for when there is something to secure
     */
    public ClientTls(String backend, Supplier<Engine> engine) {
        this.engine = engine;
        this.secure = new FromFiles<>("backend " + backend, ClientTls::files, this::read, Context::release);
    }

    /**
     * Takes over other settings, and reads their files. Blocks.
     *
     * @param settings null = plain; paths are relative to the working directory
     * @param protocols for ALPN, the best first; empty = none
     * @throws IllegalArgumentException if a file cannot be used: names the setting, the file and the reason; nothing has changed
     */
    public void change(@Nullable UpstreamTlsSettings settings, List<String> protocols) {
        secure.change(settings, protocols);
    }

    @Override
    public void reread() {
        secure.reread(context -> {});
    }

    /** Ends it: those connections that are open stay as they are. Nobody gets one in plain who was to have a secured one. */
    public void close() {
        closed = secure.made() != null;
        change(null, List.of());
    }

    private Context read(UpstreamTlsSettings settings, List<String> protocols) {
        try {
            return new Context(build(settings, protocols));
        } catch (SSLException e) {
            throw new IllegalArgumentException("tls: " + e.getMessage(), e);
        }
    }

    private SslContext build(UpstreamTlsSettings settings, List<String> protocols) throws SSLException {
        var builder = SslContextBuilder.forClient()
                .sslProvider(engine.get().provider())
                .protocols(
                        Stream.of(TlsVersion.values()).map(TlsVersion::toString).toList())
                .ciphers(ServerContext.SUITES)
                .endpointIdentificationAlgorithm(settings.verifyHostname() ? "HTTPS" : null);
        if (settings.caFile() != null) {
            builder.trustManager(Pem.certificates("tls.caFile", settings.caFile()));
        }
        if (settings.identity() != null) {
            var identity = Identity.read("tls", settings.identity());
            builder.keyManager(identity.key(), identity.chain());
        }
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    protocols));
        }
        return builder.build();
    }

    private static Stream<String> files(UpstreamTlsSettings settings) {
        var identity = settings.identity();
        return Stream.concat(
                Stream.ofNullable(settings.caFile()),
                Stream.ofNullable(identity).flatMap(ClientTls::both));
    }

    private static Stream<String> both(CertificateFiles files) {
        return Stream.of(files.certificateFile(), files.keyFile());
    }

    /**
     * Puts TLS at the end of the pipeline of a connection that is to be opened, if it is wanted. On the event loop.
     *
     * @param port of the upstream
     * @param timeout for the handshake, from the connection on
     * @return whether it is wanted; then nothing is to be written before {@link #handshake} is done
     */
    public boolean install(ChannelPipeline pipeline, int port, Duration timeout) {
        var allocator = pipeline.channel().alloc();
        for (var taken = secure.made(); taken != null; taken = secure.made()) {
            var handler = taken.context().handler(allocator, taken.settings().serverName(), port);
            if (handler != null) {
                handler.setHandshakeTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
                new SecuredEnd(handler, null).install(pipeline);
                return true;
            }
        }
        if (closed) {
            pipeline.channel().close();
        }
        return closed;
    }

    /**
     * Done, or failed with the reason, when a connection that has just been made is secured; null if it is plain. On its event
     * loop.
     *
     * @param left the time it may take
     */
    public static @Nullable Future<Channel> handshake(Channel channel, Duration left) {
        var handler = Secured.handler(channel);
        if (handler == null) {
            return null;
        }
        // The handshake begins when the channel is told that it is active, which is after its connect is complete.
        handler.setHandshakeTimeoutMillis(Math.max(1, left.toMillis()));
        return handler.handshakeFuture();
    }

    /** What is wrong with files that have changed since they were read; null if nothing. */
    public @Nullable String problem() {
        return secure.problem();
    }
}
