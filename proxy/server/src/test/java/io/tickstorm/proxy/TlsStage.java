package io.tickstorm.proxy;

import io.tickstorm.proxy.tls.Engine;
import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Proxies whose TLS one engine speaks, with their certificates in a folder, and clients of the JDK. The proxies end with the stage. */
final class TlsStage {
    static final int DEADLINE_MILLIS = 20_000;
    static final int LOOPS = 2;

    private final Engine engine;
    private final Path folder;
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(LOOPS))
            .withTransport(EpollLoops.transport())
            .build();
    private final List<Proxy> proxies = new ArrayList<>();

    TlsStage(Engine engine, Path folder) {
        this.engine = engine;
        this.folder = folder;
    }

    /** @param config its listeners and backends */
    Proxy start(String config) throws Exception {
        var proxy = done(Proxy.start(vertx, ProxyTest.config(whole(config)), folder, Environment.NONE, engine));
        proxies.add(proxy);
        return proxy;
    }

    /** What could not be taken over. */
    static List<String> change(Proxy proxy, String config) throws Exception {
        return proxy.change(ProxyTest.config(whole(config)))
                .toCompletableFuture()
                .get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static String whole(String config) {
        return config + """
                health: {address: 127.0.0.1, port: 0}
                admin: {port: 0}
                metrics: {address: 127.0.0.1, port: 0}
                drain: {delay: 0s, timeout: 1s}
                """;
    }

    /** Without TLS. */
    static Socket plain(int port) throws IOException {
        var socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        socket.setSoTimeout(DEADLINE_MILLIS);
        return socket;
    }

    /**
     * Before the handshake.
     *
     * @param plain is closed with it
     * @param name null to ask for none
     */
    static SSLSocket over(Socket plain, SSLSocketFactory sockets, String name, String version) throws IOException {
        var socket = (SSLSocket) sockets.createSocket(plain, name == null ? "127.0.0.1" : name, 443, true);
        socket.setEnabledProtocols(new String[] {version});
        var parameters = socket.getSSLParameters();
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    void close() throws Exception {
        for (var proxy : proxies.reversed()) {
            done(proxy.close());
        }
        done(vertx.close());
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
