package io.tickstorm.proxy;

import com.sun.net.httpserver.HttpServer;
import io.tickstorm.proxy.tls.Engine;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A listener with TLS before a server that answers with the fields that it sees, and clients of the JDK that come to it. */
final class TlsDoor {
    final Pki pki = new Pki("authority");
    private final TlsStage stage;
    private final HttpServer server;
    private Proxy proxy;

    /** @param folder for certificates, of which a.crt and a.key are there */
    TlsDoor(Engine engine, Path folder) throws IOException {
        stage = new TlsStage(engine, folder);
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            var seen = exchange.getRequestHeaders().entrySet().stream()
                    .flatMap(field -> field.getValue().stream().map(value -> field.getKey() + ": " + value))
                    .collect(Collectors.joining("\n"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, seen.length);
            exchange.getResponseBody().write(seen);
            exchange.close();
        });
        server.start();
        Pki.write(folder, "a", pki.server("a.example", "*.wild.example"));
    }

    Proxy proxy() {
        return proxy;
    }

    /** @param settings of TLS, beside the certificate */
    void start(String settings) throws Exception {
        start("", settings);
    }

    /** @param more certificates, each after a comma */
    void start(String more, String settings) throws Exception {
        proxy = stage.start(config(more, settings));
    }

    /** What could not be taken over. */
    List<String> change(String text) throws Exception {
        return TlsStage.change(proxy(), text);
    }

    String config(String more, String settings) {
        return """
                listeners: [{name: https, address: 127.0.0.1, port: 0, tls: {certificates: [{certificateFile: a.crt, keyFile: a.key}%s]%s}, backend: web}]
                backends: [{name: web, discovery: {static: ["127.0.0.1:%d"]}}]
                """.formatted(
                        more,
                        settings.isEmpty() ? "" : ", " + settings,
                        server.getAddress().getPort());
    }

    /** Of the certificate that who asks for this name is shown; null = asks for none. */
    String subject(String name) {
        try (var client = connect(pki.sockets(), name, "TLSv1.2")) {
            return client.getSession().getPeerPrincipal().getName();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A connection without TLS. */
    Socket plain() throws IOException {
        return TlsStage.plain(proxy().ports().get("https"));
    }

    /**
     * A connection before its handshake.
     *
     * @param name null to ask for none
     */
    SSLSocket open(SSLSocketFactory sockets, String name, String version) throws IOException {
        return TlsStage.over(plain(), sockets, name, version);
    }

    SSLSocket connect(SSLSocketFactory sockets, String name, String version) throws IOException {
        var socket = open(sockets, name, version);
        socket.startHandshake();
        return socket;
    }

    /** What the server behind the proxy saw. */
    static String get(SSLSocket client) throws IOException {
        Origin.send(client, "GET / HTTP/1.1\r\nhost: a.example\r\nx-forwarded-client-cert: Hash=forged\r\n\r\n");
        var in = new BufferedInputStream(client.getInputStream());
        var head = Origin.head(in);
        if (head.isEmpty()) {
            throw new IOException("no answer");
        }
        return new String(in.readNBytes(Origin.length(head)), StandardCharsets.UTF_8);
    }

    double failures(String reason) {
        return metric("tls_handshake_failures_total", "reason=\"" + reason + "\"");
    }

    /** The sum of what carries this label. */
    double metric(String name, String label) {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + proxy().metricsPort() + "/metrics");
            var text = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
            return text.lines()
                    .filter(line -> line.startsWith("tick_storm_" + name + "{") && line.contains(label))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void close() throws Exception {
        stage.close();
        server.stop(0);
    }
}
