package io.tickstorm.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tickstorm.backend.protocol.AckResponse;
import io.tickstorm.backend.protocol.DataBatch;
import io.tickstorm.backend.protocol.ErrorCode;
import io.tickstorm.backend.protocol.ErrorResponse;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.protocol.Tick;
import io.tickstorm.backend.wire.Frame;
import io.tickstorm.backend.wire.FrameFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StreamTest {

    /** What a server does once a client has subscribed. */
    private interface Script {
        void play(int connection, Server server, Socket client) throws IOException, InterruptedException;
    }

    /** Speaks the wire format on loopback: acknowledges AUTH and SUBSCRIBE, then follows the script. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        private final Script script;

        Server(Script script) throws IOException {
            this.script = script;
            Thread.ofVirtual().start(this::accept);
        }

        StreamPlan plan() {
            return StreamPlan.to("tickstorm://127.0.0.1:" + socket.getLocalPort(), "u", "p")
                    .subscriptions(1)
                    .duration(Duration.ofHours(1));
        }

        private void accept() {
            for (int i = 0; !socket.isClosed(); i++) {
                var number = i;
                try {
                    var client = socket.accept();
                    Thread.ofVirtual().start(() -> serve(number, client));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void serve(int number, Socket client) {
            try (client) {
                for (var expected :
                        new MessageType[] {MessageType.MESSAGE_TYPE_AUTH, MessageType.MESSAGE_TYPE_SUBSCRIBE}) {
                    var frame = read(client);
                    assertThat(frame.type()).isEqualTo(expected);
                    send(
                            client,
                            Frame.of(
                                    MessageType.MESSAGE_TYPE_ACK,
                                    AckResponse.newBuilder()
                                            .setAckType(expected)
                                            .setSuccess(true)
                                            .putMetadata("instance_id", "server-" + number)
                                            .build()));
                }
                script.play(number, this, client);
            } catch (IOException | InterruptedException | FrameFault gone) {
                Thread.currentThread().interrupt();
            }
        }

        private static Frame read(Socket client) throws IOException, FrameFault {
            var bytes = Unpooled.buffer();
            while (true) {
                var frame = Frame.decode(bytes);
                if (frame != null) {
                    return frame;
                }
                var next = client.getInputStream().read();
                if (next < 0) {
                    throw new IOException("the client has closed");
                }
                bytes.writeByte(next);
            }
        }

        static void send(Socket client, Frame frame) throws IOException {
            var bytes = Unpooled.buffer();
            frame.encode(bytes);
            bytes.readBytes(client.getOutputStream(), bytes.readableBytes());
        }

        static void batches(Socket client, int... sequences) throws IOException {
            for (var sequence : sequences) {
                send(
                        client,
                        Frame.of(
                                MessageType.MESSAGE_TYPE_DATA_BATCH,
                                DataBatch.newBuilder()
                                        .setBatchSequence(sequence)
                                        .addTicks(Tick.newBuilder().setSymbol("AAPL"))
                                        .build()));
            }
        }

        /** Until the client goes. */
        static void hold(Socket client) throws IOException {
            client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void countsBatchesAndTicksByTheServerThatTheAckNames() throws Exception {
        var report = until(
                (number, server, client) -> {
                    Server.batches(client, 7, 8, 9);
                    Server.hold(client);
                },
                so -> so.batches() == 3);

        assertThat(report.ticks()).isEqualTo(3);
        assertThat(report.servers()).containsExactly(java.util.Map.entry("server-0", 3L));
        assertThat(report.live()).isEqualTo(1);
        assertThat(report.failed()).isZero();
    }

    @Test
    void gapsAndRepetitionsWithinAConnectionAreFailures() throws Exception {
        var report = until(
                (number, server, client) -> {
                    Server.batches(client, 1, 2, 5, 5, 6);
                    Server.hold(client);
                },
                so -> so.batches() == 5);

        assertThat(report.missing()).isEqualTo(2);
        assertThat(report.disordered()).isEqualTo(1);
        assertThat(report.failed()).isEqualTo(3);
    }

    @Test
    void aSequenceMayPassTheEndOfItsNumbers() throws Exception {
        var report = until(
                (number, server, client) -> {
                    Server.batches(client, -1, 0, 1);
                    Server.hold(client);
                },
                so -> so.batches() == 3);

        assertThat(report.failed()).isZero();
    }

    @Test
    void aSubscriptionThatEndsBeginsAgainAndItsPauseIsReported() throws Exception {
        var report = until(
                (number, server, client) -> {
                    Server.batches(client, 1);
                    if (number > 0) {
                        Server.hold(client);
                    }
                },
                so -> so.batches() == 2);

        assertThat(report.reconnects()).isEqualTo(1);
        assertThat(report.endings()).containsExactly(java.util.Map.entry("closed", 1L));
        assertThat(report.pauses().count()).isEqualTo(1);
        assertThat(report.failed()).isZero();
    }

    @Test
    void anErrorOfTheServerIsToldByItsCode() throws Exception {
        var report = until(
                (number, server, client) -> {
                    Server.send(
                            client,
                            Frame.of(
                                    MessageType.MESSAGE_TYPE_ERROR,
                                    ErrorResponse.newBuilder()
                                            .setCode(ErrorCode.ERROR_CODE_INVALID_SUBSCRIPTION)
                                            .build()));
                    Server.hold(client);
                },
                so -> !so.endings().isEmpty());

        assertThat(report.endings()).containsKey("invalid subscription");
        assertThat(report.live()).isZero();
        assertThat(report.failed()).isPositive();
    }

    private static StreamReport until(Script script, Predicate<StreamReport> condition) throws Exception {
        try (var server = new Server(script);
                var running = Load.start(server.plan())) {
            Eventually.within(Duration.ofSeconds(20), () -> condition.test(running.soFar()));
            return running.stop();
        }
    }
}
