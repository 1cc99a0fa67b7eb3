package io.tickstorm.proxy.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.tickstorm.proxy.listener.TlsSettings;
import io.tickstorm.proxy.time.Ticker;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of one listener, or that it has none; both may change while it serves, for connections to come. Connections are secured on
 * their event loops, which take a value and no lock; whoever changes something may block, and goes one after the other.
 */
public final class ServerTls implements Rereading {
    private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

    private final String listener;
    private final Supplier<Engine> engine;
    private final Ticker ticker;
    private final InstantSource clock;
    private final HandshakeCounters counters = new HandshakeCounters();
    private final FromFiles<TlsSettings, ServerContext> secure;

    /**
     * Plain, until {@link #change} says otherwise.
     *
     * @param listener its name, for logs
     * @param engine asked for when there is something to secure
     * @param clock against which certificates expire
     */
    public ServerTls(String listener, Supplier<Engine> engine, Ticker ticker, InstantSource clock) {
        this.listener = listener;
        this.engine = engine;
        this.ticker = ticker;
        this.clock = clock;
        this.secure = new FromFiles<>("listener " + listener, ServerTls::files, this::read, ServerContext::release);
    }

    /** For a listener that is plain. */
    public static ServerTls none(String listener) {
        return new ServerTls(listener, () -> Engine.JDK, Ticker.system(), InstantSource.system());
    }

    /**
     * Takes over other settings, and reads their files. Blocks.
     *
     * @param settings null = plain; paths are relative to the working directory
     * @param protocols for ALPN, the best first; empty = none
     * @throws IllegalArgumentException if a file cannot be used: names the setting, the file and the reason; nothing has changed
     */
    public void change(@Nullable TlsSettings settings, List<String> protocols) {
        secure.change(settings, protocols);
    }

    @Override
    public void reread() {
        secure.reread(ServerContext::rotateTicketKeys);
    }

    /** Ends it: no connection is secured any more; those that are stay so. */
    public void close() {
        change(null, List.of());
    }

    private ServerContext read(TlsSettings settings, List<String> protocols) {
        var context = ServerContext.read(settings, protocols, engine.get(), new SecureRandom(), ticker);
        var now = clock.instant();
        for (var identity : context.identities()) {
            if (identity.expiry().isBefore(now)) {
                log.warn("{}: {}: the certificate expired at {}", listener, identity.file(), identity.expiry());
            }
        }
        return context;
    }

    private static Stream<String> files(TlsSettings settings) {
        return Stream.concat(
                settings.certificates().stream().flatMap(files -> Stream.of(files.certificateFile(), files.keyFile())),
                Stream.ofNullable(settings.clientCaFile()));
    }

    /**
     * Puts TLS at the end of the pipeline of a connection that has been accepted, if it is wanted. The pipeline hears of the
     * handshake by {@link io.netty.handler.ssl.SslHandshakeCompletionEvent}; after a failed one the connection is closed. An
     * end without close_notify arrives as an exception before the end itself. On the event loop.
     *
     * @return whether it is wanted
     */
    public boolean install(ChannelPipeline pipeline) {
        var allocator = pipeline.channel().alloc();
        for (var taken = secure.made(); taken != null; taken = secure.made()) {
            var handler = taken.context().context().handler(allocator, null, 0);
            if (handler != null) {
                handler.setHandshakeTimeout(taken.settings().handshakeTimeout().toNanos(), TimeUnit.NANOSECONDS);
                var end = new SecuredEnd(handler, new Handshakes(listener, counters));
                pipeline.addLast(new FirstByte(end));
                end.install(pipeline);
                return true;
            }
        }
        return false;
    }

    /** Whether new connections are secured. */
    public boolean on() {
        return secure.made() != null;
    }

    public HandshakeCounters counters() {
        return counters;
    }

    /** Until the first of its certificates expires, below zero once it has; null without TLS. */
    public @Nullable Duration untilExpiry() {
        var held = secure.made();
        return held == null
                ? null
                : Duration.between(clock.instant(), held.context().expiry());
    }

    /** When the first of its certificates expires; null without TLS. */
    public @Nullable Instant expiry() {
        var held = secure.made();
        return held == null ? null : held.context().expiry();
    }

    /** What is wrong with files that have changed since they were read; null if nothing. */
    public @Nullable String problem() {
        return secure.problem();
    }

    /** Whether a client's connection, or the one that a stream belongs to, is secured. On its event loop. */
    public static boolean secure(Channel channel) {
        return Secured.handler(channel) != null;
    }

    /**
     * Who the client of a connection is, for {@code x-forwarded-client-cert}: only what was verified. On its event loop.
     *
     * @return null if it has shown no certificate
     */
    public static @Nullable String clientCertificate(Channel channel) {
        var handler = Secured.handler(channel);
        return handler == null ? null : ForwardedCertificate.of(handler.engine().getSession());
    }
}
