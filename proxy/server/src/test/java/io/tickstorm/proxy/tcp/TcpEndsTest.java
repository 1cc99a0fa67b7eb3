package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static io.tickstorm.proxy.tcp.TcpStage.ascii;
import static io.tickstorm.proxy.tcp.TcpStage.assertReset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions end that do not end by themselves, and which never begin. */
@ParameterizedClass(name = "spliced: {0}")
@ValueSource(booleans = {true, false})
class TcpEndsTest {
    private static final int DEADLINE_SECONDS = 20;

    @Parameter
    boolean splices;

    private TcpStage stage;

    @BeforeEach
    void setUp() {
        stage = new TcpStage(splices);
    }

    @AfterEach
    void tearDown() throws Exception {
        stage.close();
    }

    @Test
    void anUpstreamThatRefusesIsLeftForAnother() throws Exception {
        var refusing = TcpStage.closedPort();
        var good = stage.server(TcpStage::echo);
        stage.serve(refusing, good);
        var listener = stage.listen(stage.limits(Duration.ZERO));

        for (int i = 0; i < 10; i++) {
            var client = stage.connect(listener);
            client.getOutputStream().write(ascii("x"));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("x"));
        }

        stage.awaitEnd(listener);
        assertThat(listener.unserved()).isZero();
        assertThat(stage.upstream(good).tally().requests()).isEqualTo(10);
        assertThat(stage.upstream(refusing).tally().connectFailures())
                .isEqualTo(stage.upstream(refusing).tally().requests())
                .isPositive();
        assertThat(stage.upstream(refusing).inFlight()).isZero();
    }

    @Test
    void aClientIsResetWhenAllRefuse() throws Exception {
        stage.serve(TcpStage.closedPort());
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);

        assertReset(client);
        stage.awaitEnd(listener);
        assertThat(listener.unserved()).isEqualTo(1);
    }

    @Test
    void aClientIsResetWhenThereIsNoUpstreamWithinTheConnectTimeout() throws Exception {
        stage.backend.update(EndpointSet.EMPTY);
        var listener = stage.listen(new ListenerLimits.Tcp(10, Duration.ZERO, Duration.ofMillis(60)));
        var client = stage.connect(listener);

        assertReset(client);
        await("the end", () -> listener.connections() == 0);
        assertThat(listener.unserved()).isEqualTo(1);
    }

    @Test
    void aResetOfTheUpstreamReachesTheClientAsOne() throws Exception {
        stage.serve(stage.server(socket -> {
            socket.getInputStream().readNBytes(1);
            socket.setSoLinger(true, 0);
        }));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);

        client.getOutputStream().write(1);

        assertReset(client);
        stage.awaitEnd(listener);
        assertThat(stage.upstream().tally().failures()).isEqualTo(1);
    }

    @Test
    void aResetOfTheClientReachesTheUpstreamAsOneAndIsNotItsFault() throws Exception {
        var seen = new CompletableFuture<Throwable>();
        stage.serve(stage.server(socket -> {
            try {
                socket.getOutputStream().write(1);
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                seen.complete(e);
            }
        }));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);
        client.getInputStream().readNBytes(1);

        client.setSoLinger(true, 0);
        client.close();

        assertThat(seen.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).hasMessageContaining("reset");
        stage.awaitEnd(listener);
        assertThat(stage.upstream().tally().failures()).isZero();
    }

    @Test
    void silenceEndsASession() throws Exception {
        stage.serve(stage.server(TcpStage::echo));
        var listener = stage.listen(stage.limits(Duration.ofMillis(50)));
        var client = stage.connect(listener);

        client.getOutputStream().write(ascii("x"));

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("x"));
        stage.awaitEnd(listener);
    }

    @Test
    void silenceIsMeasuredFromTheLastByteAndNotFromTheStart() throws Exception {
        var time = new ManualTime();
        stage.serve(stage.server(TcpStage::echo));
        var listener = stage.listen(stage.limits(Duration.ofMillis(50)), time);
        var client = stage.connect(listener);

        // The clock stands still, so nothing is ever silent for long, however often the real timer looks.
        for (int i = 0; i < 5; i++) {
            client.getOutputStream().write(i);
            assertThat(client.getInputStream().read()).isEqualTo(i);
        }
        assertThat(listener.connections()).isEqualTo(1);
        time.advance(Duration.ofMillis(50));

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        stage.awaitEnd(listener);
    }

    @Test
    void oneConnectionTooManyIsReset() throws Exception {
        stage.serve(stage.server(TcpStage::echo));
        var listener = stage.listen(new ListenerLimits.Tcp(1, Duration.ZERO, Duration.ofSeconds(1)));
        var first = stage.connect(listener);
        first.getOutputStream().write(1);
        first.getInputStream().readNBytes(1);

        assertReset(stage.connect(listener));

        assertThat(listener.refused()).isEqualTo(1);
        listener.limit(new ListenerLimits.Tcp(2, Duration.ZERO, Duration.ofSeconds(1)));
        var second = stage.connect(listener);
        second.getOutputStream().write(2);
        assertThat(second.getInputStream().read()).isEqualTo(2);
    }

    @Test
    void sessionsGoOnWhenTheirEndpointIsRemovedAndThePortIsClosed() throws Exception {
        stage.serve(stage.server(TcpStage::echo));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);
        client.getOutputStream().write(1);
        client.getInputStream().readNBytes(1);

        stage.backend.update(EndpointSet.EMPTY);
        listener.stopAccepting().toCompletableFuture().join();
        var empty = listener.whenEmpty().toCompletableFuture();

        client.getOutputStream().write(2);
        assertThat(client.getInputStream().read()).isEqualTo(2);
        assertThat(empty).isNotDone();
        assertThatThrownBy(() -> stage.connect(listener)).isInstanceOf(IOException.class);
        client.close();
        empty.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whatIsCutOffIsDescribedAndReset() throws Exception {
        stage.serve(stage.server(TcpStage::echo));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);
        client.getOutputStream().write(1);
        client.getInputStream().readNBytes(1);

        assertThat(listener.describe())
                .singleElement()
                .asString()
                .contains("tcp /127.0.0.1:" + client.getLocalPort(), "1 bytes in, 1 bytes out");
        listener.abort();

        assertReset(client);
        stage.awaitEnd(listener);
    }
}
