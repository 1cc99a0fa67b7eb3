package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file changes two hundred times while clients are served, and nobody notices. */
class ReloadUnderLoadTest {
    private static final int RELOADS = 200;
    private static final int WRONG_EVERY = 20;
    private static final int CLIENTS = 4;
    private static final long SEED = 20_261_121;
    private static final long DEADLINE_SECONDS = 20;

    @TempDir
    Path folder;

    private final Said said = new Said();
    private final Random random = new Random(SEED);
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(2))
            .withTransport(EpollLoops.transport())
            .build();
    private Origin a;
    private Origin b;
    private EchoServer echo;
    private EchoServer other;
    private Proxy proxy;
    private Counted counted;
    private Reload reload;

    @BeforeEach
    void setUp() throws Exception {
        a = Origin.start();
        b = Origin.start();
        echo = EchoServer.start("a");
        other = EchoServer.start("b");
        var text = text(0);
        var config = ProxyTest.config(text);
        proxy = done(Proxy.start(vertx, config, folder));
        write(text);
        counted = new Counted(proxy);
        reload = Reload.watch(folder.resolve("proxy.yaml"), config, Ticker.system(), counted);
    }

    @AfterEach
    void tearDown() throws Exception {
        reload.close();
        done(proxy.close());
        done(vertx.close());
        a.close();
        b.close();
        echo.close();
        other.close();
        said.close();
    }

    @Test
    void twoHundredReloadsFailNoRequestAndDropNoStream() throws Exception {
        var http = proxy.ports().get("http");
        var tcp = proxy.ports().get("tcp");
        var asking =
                IntStream.range(0, CLIENTS).mapToObj(i -> Visitor.asking(http)).toList();
        var streams = List.of(Visitor.webSocket(http), Visitor.stream(tcp, "a "));
        streams.forEach(stream -> await("the stream to run", () -> stream.turns() > 0));

        for (int i = 1; i <= RELOADS; i++) {
            int wanted = i;
            if (i % WRONG_EVERY == 0) {
                write(text(i).replace("retries", "retrys"));
                await("the report of a wrong file", () -> counted.refusals() == wanted / WRONG_EVERY);
            }
            write(text(i));
            await("reload " + i + " (seed " + SEED + ")", () -> counted.changes() == wanted);
        }

        assertThat(counted.problems()).as("seed %d", SEED).isEmpty();
        assertThat(proxy.ports()).containsEntry("http", http).containsEntry("tcp", tcp);
        for (var client : asking) {
            assertThat(client.stop()).as("connections of one client").isEqualTo(1);
            assertThat(client.turns()).isGreaterThan(RELOADS);
        }
        for (var stream : streams) {
            assertThat(stream.stop()).as("connections of a stream").isEqualTo(1);
        }
        assertThat(a.answered() + b.answered())
                .as("requests at the origins: none was lost, none doubled")
                .isEqualTo(asking.stream().mapToInt(Visitor::turns).sum());
    }

    /** Each text differs from the one before it: by order, limits, policy, checks, endpoints, another listener. */
    private String text(int number) {
        var http = "{name: http, port: 0, address: 127.0.0.1, backend: web, requestTimeout: %ds, maxHeaderSize: %dKi}"
                .formatted(15 + number % 3, 8 + number % 5);
        var tcp = "{name: tcp, protocol: TCP, port: 0, address: 127.0.0.1, backend: ticks, maxConnections: %d}"
                .formatted(100 + number);
        var more = "{name: more, protocol: TCP, port: 0, address: 127.0.0.1, backend: ticks}";
        var listeners = switch (random.nextInt(3)) {
            case 0 -> List.of(http, tcp);
            case 1 -> List.of(tcp, more, http);
            default -> List.of(more, http, tcp);
        };
        var origins = switch (random.nextInt(3)) {
            case 0 -> List.of(a.port());
            case 1 -> List.of(b.port());
            default -> List.of(a.port(), b.port());
        };
        var web = "{name: web, discovery: {static: %s}, balancing: {policy: %s}%s, circuitBreaker: {openFor: %ds}}"
                .formatted(
                        endpoints(origins),
                        random.nextBoolean() ? "RoundRobin" : "LeastConnections",
                        random.nextBoolean() ? ", healthCheck: {type: TCP, interval: 1s}" : "",
                        1 + number % 7);
        // The stream that runs stays where it is when its server is not named any more.
        var ticks = "{name: ticks, discovery: {static: %s}, retries: {attempts: %d}}"
                .formatted(
                        endpoints(List.of(number > 0 && random.nextBoolean() ? other.port() : echo.port())),
                        number % 4);
        var unused = "{name: unused, discovery: {static: []}}";
        var backends = random.nextBoolean() ? List.of(web, unused, ticks) : List.of(ticks, web);
        return """
                listeners: %s
                backends: %s
                drain: {delay: 0s, timeout: 1s}
                health: {port: 0, address: 127.0.0.1}
                admin: {port: 0, address: 127.0.0.1}
                metrics: {port: 0, address: 127.0.0.1}
                workers: 2
                """.formatted(listeners, backends);
    }

    private static List<String> endpoints(List<Integer> ports) {
        return ports.stream().map(port -> "\"127.0.0.1:" + port + '"').toList();
    }

    private void write(String text) throws IOException {
        var fresh = Files.writeString(folder.resolve(".fresh"), text);
        Files.move(fresh, folder.resolve("proxy.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Counts the changes that are through. */
    private static final class Counted implements Reload.Target {
        private final Reload.Target proxy;
        private final List<String> problems = new CopyOnWriteArrayList<>();
        // Both are written by the watching thread alone, changes by one change after the other.
        private volatile int changes;
        private volatile int refusals;

        Counted(Reload.Target proxy) {
            this.proxy = proxy;
        }

        int changes() {
            return changes;
        }

        int refusals() {
            return refusals;
        }

        List<String> problems() {
            return problems;
        }

        @Override
        public CompletionStage<List<String>> change(ProxyConfig changed) {
            return proxy.change(changed).thenApply(left -> {
                problems.addAll(left);
                changes++;
                return left;
            });
        }

        @Override
        public void taken(String hash) {
            proxy.taken(hash);
        }

        @Override
        public void refused(List<String> messages) {
            if (!messages.isEmpty()) {
                refusals++;
            }
            proxy.refused(messages);
        }
    }
}
