package io.tickstorm.proxy;

import io.tickstorm.proxy.backend.UpstreamProtocol;
import io.tickstorm.proxy.config.BackendConfig;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.listener.Protocol;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import io.tickstorm.proxy.tls.ClientTls;
import io.tickstorm.proxy.tls.Engine;
import io.tickstorm.proxy.tls.Rereading;
import io.tickstorm.proxy.tls.ServerTls;
import io.tickstorm.proxy.tls.UpstreamTls;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The TLS of all listeners and backends, whose files are looked at once a second. A watch on folders would tell sooner, but not
 * of every file system; and a certificate, its key and its chain have to be seen together. Any thread.
 */
final class Certificates implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Supplier<Engine> engine;
    private final Path folder;
    private final Ticker ticker;
    private final InstantSource clock;
    private final Timers timers;
    private final Set<ServerTls> servers = ConcurrentHashMap.newKeySet();
    private final Set<ClientTls> clients = ConcurrentHashMap.newKeySet();
    private final UpstreamTls upstreams = new UpstreamTls();
    private volatile boolean closed;

    /** @param folder what the paths of settings are relative to */
    Certificates(Supplier<Engine> engine, Path folder, Ticker ticker, InstantSource clock, Timers timers) {
        this.engine = engine;
        this.folder = folder;
        this.ticker = ticker;
        this.clock = clock;
        this.timers = timers;
        lookLater();
    }

    /**
     * For a new listener.
     *
     * @throws IllegalArgumentException if one of its files cannot be used, with the reason
     */
    ServerTls of(ListenerSettings settings) {
        var tls = new ServerTls(settings.name(), engine, ticker, clock);
        change(tls, settings);
        servers.add(tls);
        return tls;
    }

    /** The same for one that serves; if it fails, nothing has changed. */
    void change(ServerTls tls, ListenerSettings settings) {
        var wanted = settings.tls();
        tls.change(wanted == null ? null : wanted.in(folder), protocols(settings));
    }

    /**
     * For a new backend.
     *
     * @param config with paths relative to the working directory
     * @throws IllegalArgumentException if one of its files cannot be used, with the reason
     */
    ClientTls of(BackendConfig config) {
        var tls = new ClientTls(config.name(), engine);
        change(tls, config);
        clients.add(tls);
        upstreams.add(config.name(), tls);
        return tls;
    }

    /** The same for one that serves; if it fails, nothing has changed. */
    void change(ClientTls tls, BackendConfig config) {
        tls.change(config.settings().tls(), protocols(config.settings().protocol()));
    }

    /** Those of the backends, for who opens connections to them. */
    UpstreamTls upstreams() {
        return upstreams;
    }

    void close(ServerTls tls) {
        servers.remove(tls);
        tls.close();
    }

    void close(ClientTls tls) {
        clients.remove(tls);
        upstreams.remove(tls);
        tls.close();
    }

    /** What is wrong with files that have changed since they were taken over, one line each. */
    List<String> problems() {
        return Stream.concat(
                        servers.stream().flatMap(each -> Stream.ofNullable(each.problem())),
                        clients.stream().flatMap(each -> Stream.ofNullable(each.problem())))
                .sorted()
                .toList();
    }

    /** What clients may choose by ALPN; a client that offers something else goes on without. */
    private static List<String> protocols(ListenerSettings settings) {
        if (settings.protocol() != Protocol.HTTP) {
            return List.of();
        }
        var http2 = settings.http2();
        return http2 != null && http2.enabled() ? List.of("h2", "http/1.1") : List.of("http/1.1");
    }

    private static List<String> protocols(UpstreamProtocol spoken) {
        return switch (spoken) {
            case HTTP1 -> List.of("http/1.1");
            case HTTP2 -> List.of("h2");
        };
    }

    private void lookLater() {
        if (!closed) {
            var ignored = timers.after(
                    LOOK_EVERY, () -> Thread.ofVirtual().name("certificates").start(this::look));
        }
    }

    private void look() {
        Stream.<Rereading>concat(servers.stream(), clients.stream()).forEach(Rereading::reread);
        lookLater();
    }

    /** No file is looked at any more. */
    @Override
    public void close() {
        closed = true;
    }
}
