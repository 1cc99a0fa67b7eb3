package io.tickstorm.backend.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tickstorm.backend.drain.Drain;
import io.tickstorm.backend.protocol.DataBatch;
import io.tickstorm.backend.protocol.ErrorCode;
import io.tickstorm.backend.protocol.ErrorResponse;
import io.tickstorm.backend.protocol.HeartbeatRequest;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.wire.Frame;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions over real sockets. */
@Timeout(60)
class StreamServerTest {
    /** A fast market, so that a test need not wait for its seconds. */
    private static final StreamSettings FAST = new StreamSettings(
            new Credentials.One("storm", "secret"),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofMillis(1),
            Duration.ofMillis(2));

    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
    private final Drain drain = new Drain(System::nanoTime, new SplittableRandom(3));
    private final StreamTotals totals = new StreamTotals();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void manySubscribersGetEveryBatchInOrder() throws Exception {
        var server = start(FAST);
        var clients = new ArrayList<TickClient>();
        for (int i = 0; i < 20; i++) {
            clients.add(TickClient.subscribed(server.port(), List.of("AAPL")));
        }

        for (var client : clients) {
            assertThat(client.batch().getIsSnapshot()).isTrue();
            for (int sequence = 2; sequence <= 200; sequence++) {
                var batch = client.batch();
                assertThat(batch.getBatchSequence()).isEqualTo(sequence);
                assertThat(batch.getIsSnapshot()).isFalse();
                assertThat(batch.getTicksList()).isNotEmpty();
            }
        }

        assertThat(totals.active()).isEqualTo(20);
        assertThat(totals.subscribed()).isEqualTo(20);
        for (var client : clients) {
            client.close();
        }
        await(() -> totals.active() == 0 && totals.subscribed() == 0);
    }

    @Test
    void theErrorArrivesEvenIfTheClientHadSentMore() throws Exception {
        var server = start(FAST);
        try (var client = new TickClient(server.port())) {
            var flood = Unpooled.buffer();
            for (int i = 0; i < 5_000; i++) {
                Frame.of(
                                MessageType.MESSAGE_TYPE_HEARTBEAT,
                                HeartbeatRequest.newBuilder().setTimestampMs(1).build())
                        .encode(flood);
            }

            client.send(flood);

            var error = ErrorResponse.parseFrom(
                    client.expect(MessageType.MESSAGE_TYPE_ERROR).payload());
            assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_AUTH_REQUIRED);
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void aSilentClientIsEndedByTheHeartbeatTimeout() throws Exception {
        var server = start(FAST.withHeartbeatTimeout(Duration.ofMillis(100)));
        try (var client = TickClient.subscribed(server.port(), List.of("AAPL"))) {
            var frame = client.next();
            while (frame.type() == MessageType.MESSAGE_TYPE_DATA_BATCH) {
                frame = client.next();
            }

            assertThat(ErrorResponse.parseFrom(frame.payload()).getCode())
                    .isEqualTo(ErrorCode.ERROR_CODE_HEARTBEAT_TIMEOUT);
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void aSlowReaderMissesBatchesInsteadOfFillingTheMemory() throws Exception {
        var server = start(FAST);
        var symbols = IntStream.range(0, 100).mapToObj(i -> "SYMBOL-" + i).toList();
        try (var slow = TickClient.subscribed(server.port(), symbols)) {
            await(() -> totals.batchesDropped() > 10);

            var before = slow.batch().getBatchSequence();
            var batch = slow.batch();
            while (batch.getBatchSequence() == before + 1) {
                before = batch.getBatchSequence();
                batch = slow.batch();
            }

            assertThat(batch.getBatchSequence()).as("after a gap").isGreaterThan(before + 1);
            assertThat(batch.getTicksCount()).isEqualTo(100);
        }
    }

    @Test
    void aDrainEndsEverySessionBetweenTwoFrames() throws Exception {
        var server = start(FAST);
        var clients = new ArrayList<TickClient>();
        for (int i = 0; i < 10; i++) {
            clients.add(TickClient.subscribed(server.port(), List.of("AAPL")));
        }

        drain.begin(Duration.ofMillis(200));

        for (var client : clients) {
            for (var frame = client.next(); frame != null; frame = client.next()) {
                DataBatch.parseFrom(frame.payload());
                assertThat(frame.type()).isEqualTo(MessageType.MESSAGE_TYPE_DATA_BATCH);
            }
            client.close();
        }
        server.drained().await();
        assertThat(totals.active()).isZero();
    }

    @Test
    void sessionsThatComeWhileDrainingAreServedAndEndToo() throws Exception {
        var late = new Drain(System::nanoTime, new LastMoment());
        var server = start(FAST, late);
        late.begin(Duration.ofSeconds(2));

        try (var client = TickClient.subscribed(server.port(), List.of("AAPL"))) {
            assertThat(client.batch().getIsSnapshot()).isTrue();
            var frame = client.next();
            while (frame != null) {
                frame = client.next();
            }
        }

        await(() -> totals.active() == 0);
    }

    private StreamServer start(StreamSettings settings) {
        return start(settings, drain);
    }

    private StreamServer start(StreamSettings settings, Drain drain) {
        return StreamServer.bind(vertx, "127.0.0.1", 0, settings, drain, "backend-a", totals)
                .await();
    }

    /** Gives every session all of the window, so that it has the time to begin. */
    private static final class LastMoment implements RandomGenerator {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new AssertionError("interrupted by the time-out");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
