package io.tickstorm.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.stream.TickClient;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a whole backend leaves. */
@Timeout(60)
class DrainingTest {
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration PLENTY = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Running running;

    @AfterEach
    void stop() {
        client.shutdownNow();
        client.close();
        running.close();
    }

    @Test
    void nothingIsAcceptedAfterADrain() {
        running = new Running(Duration.ZERO, PLENTY);

        running.backend.drain().await();

        refused(running.ports.http());
        refused(running.ports.tcp());
    }

    /** Nobody listens there any more: from now on, or as soon as Vert.x has closed what it shares between event loops. */
    private static void refused(int port) {
        while (true) {
            try (var socket = new Socket("127.0.0.1", port)) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (ConnectException nobody) {
                return;
            } catch (IOException reset) {
                // it was in the line of those that had not been accepted
            }
        }
    }

    @Test
    void forTheDelayRequestsAreServedAndToldThatTheConnectionEnds() throws Exception {
        running = new Running(DELAY, PLENTY);
        assertThat(get("/").headers().firstValue("connection")).isEmpty();

        var drained = running.backend.drain();
        var answer = get("/status");
        var ready = send(running.ports.health(), "/ready");
        var ping = send(running.ports.health(), "/ping");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"draining\"");
        assertThat(answer.headers().firstValue("connection")).hasValue("close");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ping.statusCode()).isEqualTo(503);
        drained.await();
    }

    @Test
    void aRequestThatRunsFinishes() throws Exception {
        running = new Running(Duration.ZERO, PLENTY);
        var uri = URI.create("http://127.0.0.1:" + running.ports.http() + "/slow?ms=700");
        var slow = client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        awaitFirstRequest();

        running.backend.drain().await();

        assertThat(slow.get().statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatTakesTooLongIsCutOffByTheTimeout() throws Exception {
        running = new Running(Duration.ZERO, Duration.ofMillis(200));
        var uri = URI.create("http://127.0.0.1:" + running.ports.http() + "/slow?ms=600000");
        var slow = client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        awaitFirstRequest();

        running.backend.drain().await();

        assertThatThrownBy(slow::get).hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void streamsEndInGoodOrder() throws Exception {
        running = new Running(DELAY, PLENTY);
        var uri = URI.create("http://127.0.0.1:" + running.ports.http() + "/stream?ms=10");
        var events = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofLines());
        var closed = new CompletableFuture<Integer>();
        client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + running.ports.http() + "/ws"), new Closed(closed))
                .get();
        Future<Void> drained;
        try (var ticks = TickClient.subscribed(running.ports.tcp(), List.of("AAPL"))) {
            ticks.batch();

            drained = running.backend.drain();

            // The body ends by its last chunk: a connection that broke would throw here.
            assertThat(events.body().filter(line -> line.startsWith("id: "))).isNotEmpty();
            assertThat(closed.get()).isEqualTo(1001);
            for (var frame = ticks.next(); frame != null; frame = ticks.next()) {
                assertThat(frame.type()).isEqualTo(MessageType.MESSAGE_TYPE_DATA_BATCH);
            }
        }
        drained.await();
        while (!running.backend.left().equals("0 HTTP connections, 0 Tick-Storm connections")) {
            assertThat(Thread.currentThread().isInterrupted())
                    .as("timed out with " + running.backend.left())
                    .isFalse();
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A connection without a request would be idle, and a drain closes idle ones. */
    private void awaitFirstRequest() throws Exception {
        while (!send(running.ports.metrics(), "/metrics").body().contains("\ntick_storm_http_requests_total 1.0")) {
            Thread.onSpinWait();
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(running.ports.http(), path);
    }

    private HttpResponse<String> send(int port, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private record Closed(CompletableFuture<Integer> code) implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            code.complete(status);
            return null;
        }
    }
}
