package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import io.tickstorm.proxy.tls.Engine;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates change as a volume of Kubernetes changes them, on both sides of the proxy, and no request fails. */
@ParameterizedClass
@EnumSource(Engine.class)
class TlsReloadTest {
    private static final int CLIENTS = 4;
    private static final int CHANGES = 3;

    @Parameter
    Engine engine;

    @TempDir
    Path folder;

    private final Pki pki = new Pki("authority");
    private final AtomicBoolean over = new AtomicBoolean();
    private final Set<String> shown = ConcurrentHashMap.newKeySet();
    private TlsStage stage;
    private Origin origin;
    private Proxy behind;
    private Proxy proxy;

    @BeforeEach
    void setUp() throws Exception {
        stage = new TlsStage(engine, folder);
        origin = Origin.start();
        mount(0);
        behind = start(origin.port(), "");
        proxy = start(behind.ports().get("https"), ", tls: {caFile: ca.crt, serverName: a.example}");
    }

    @AfterEach
    void tearDown() throws Exception {
        over.set(true);
        stage.close();
        origin.close();
    }

    @Test
    void noRequestFailsWhileCertificatesChange() throws Exception {
        var stays = connect();
        var comeAndGo = IntStream.range(0, CLIENTS).mapToObj(i -> comeAndGo()).toList();
        for (int i = 1; i <= CHANGES; i++) {
            mount(i);
            var next = "CN=" + name(i);
            await("what is new to be shown", () -> shown.contains(next));
        }

        over.set(true);
        int all = 0;
        for (var each : comeAndGo) {
            all += each.get(TlsStage.DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        }
        ask(stays, new BufferedInputStream(stays.getInputStream()));
        stays.close();

        assertThat(origin.answered()).as("none was lost, none doubled").isEqualTo(all + 1);
        await(
                "no problem with what was read last",
                () -> proxy.problems().isEmpty() && behind.problems().isEmpty());
    }

    /** Files of a Secret are links into {@code ..data}, which is itself a link, to a folder of this version. */
    private void mount(int version) throws IOException {
        var files = Files.createDirectory(folder.resolve("..version" + version));
        Pki.write(files, "tls", certificate(version));
        Pki.write(files.resolve("ca.crt"), pki.root().getCertificatePEM());
        var fresh = Files.createSymbolicLink(folder.resolve("..data_tmp"), files.getFileName());
        Files.move(fresh, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (var name : new String[] {"tls.crt", "tls.key", "ca.crt"}) {
            if (version == 0) {
                Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
            }
        }
    }

    private X509Bundle certificate(int version) {
        return pki.server(name(version), "a.example");
    }

    private static String name(int version) {
        return "v" + version + ".example";
    }

    private Proxy start(int port, String backend) throws Exception {
        return stage.start("""
                listeners: [{name: https, address: 127.0.0.1, port: 0, backend: web, tls: {certificates: [{certificateFile: tls.crt, keyFile: tls.key}]}}]
                backends: [{name: web, discovery: {static: ["127.0.0.1:%d"]}%s}]
                """.formatted(port, backend));
    }

    /** A client with a connection for each request, until it is over; how many requests it had answered. */
    private CompletableFuture<Integer> comeAndGo() {
        var answered = new CompletableFuture<Integer>();
        Thread.ofVirtual().start(() -> {
            int count = 0;
            try {
                while (!over.get()) {
                    try (var socket = connect()) {
                        ask(socket, new BufferedInputStream(socket.getInputStream()));
                        shown.add(socket.getSession().getPeerPrincipal().getName());
                    }
                    count++;
                }
                answered.complete(count);
            } catch (IOException e) {
                answered.completeExceptionally(e);
            }
        });
        return answered;
    }

    private SSLSocket connect() throws IOException {
        var plain = TlsStage.plain(proxy.ports().get("https"));
        var socket = (SSLSocket) pki.sockets().createSocket(plain, "a.example", 443, true);
        socket.startHandshake();
        return socket;
    }

    private static void ask(SSLSocket socket, BufferedInputStream in) throws IOException {
        Origin.send(socket, "GET /x HTTP/1.1\r\nhost: a.example\r\n\r\n");
        var head = Origin.head(in);
        if (head.isEmpty() || !head.getFirst().startsWith("HTTP/1.1 200 ") || in.readNBytes(2).length < 2) {
            throw new IOException("no answer: " + head);
        }
    }
}
