package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static io.tickstorm.proxy.tcp.Seeded.async;
import static io.tickstorm.proxy.tcp.Seeded.check;
import static io.tickstorm.proxy.tcp.Seeded.send;
import static io.tickstorm.proxy.tcp.TcpStage.ascii;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.time.Ticker;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes pass both ways, whether the kernel moves them where they pour or the proxy copies them all. */
@ParameterizedClass(name = "spliced: {0}")
@ValueSource(booleans = {true, false})
class TcpListenerTest {
    private static final int DEADLINE_SECONDS = 20;
    private static final int MIB = 1 << 20;

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
    void bytesGoThereAndBack() throws Exception {
        stage.serve(stage.server(TcpStage::echo));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);

        client.getOutputStream().write(ascii("ping"));

        assertThat(client.getInputStream().readNBytes(4)).isEqualTo(ascii("ping"));
        assertThat(listener.connections()).isEqualTo(1);
        assertThat(stage.upstream().inFlight()).isEqualTo(1);
        client.close();
        stage.awaitEnd(listener);
        assertThat(listener.accepted()).isEqualTo(1);
        assertThat(listener.bytesIn()).isEqualTo(4);
        assertThat(listener.bytesOut()).isEqualTo(4);
        assertThat(stage.upstream().tally().failures()).isZero();
    }

    @Test
    void bytesGoThereAndBackOnTheSelectorOfTheJdk() throws Exception {
        stage.loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        stage.loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        stage.serve(stage.server(TcpStage::echo));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);

        client.getOutputStream().write(ascii("ping"));
        client.shutdownOutput();

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("ping"));
        stage.awaitEnd(listener);
    }

    @Test
    void aClientThatEndsItsDirectionStillGetsTheAnswer() throws Exception {
        stage.serve(stage.server(socket -> {
            var all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(ascii("got " + all.length));
        }));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);

        client.getOutputStream().write(ascii("question"));
        client.shutdownOutput();

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("got 8"));
        stage.awaitEnd(listener);
    }

    @Test
    void anUpstreamThatEndsItsDirectionStillGetsWhatTheClientSends() throws Exception {
        var received = new CompletableFuture<byte[]>();
        stage.serve(stage.server(socket -> {
            socket.getOutputStream().write(ascii("bye"));
            socket.shutdownOutput();
            received.complete(socket.getInputStream().readAllBytes());
        }));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("bye"));
        client.getOutputStream().write(ascii("not yet"));
        client.shutdownOutput();

        assertThat(received.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(ascii("not yet"));
        stage.awaitEnd(listener);
    }

    @Test
    void whatTheClientSentAndEndedBeforeThereWasAnUpstreamArrives() throws Exception {
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);

        client.getOutputStream().write(ascii("early"));
        client.shutdownOutput();
        await("the session", () -> listener.connections() == 1);
        stage.serve(stage.server(TcpStage::echo));

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("early"));
        stage.awaitEnd(listener);
    }

    /** The upstream's connection is over, both ways, while its last bytes still wait for the client to read. */
    @Test
    void theRestOfAnAnswerSurvivesTheEndOfItsConnection() throws Exception {
        var size = 8 * MIB;
        stage.serve(stage.server(socket -> {
            socket.getInputStream().readAllBytes();
            send(socket.getOutputStream(), 3, size);
        }));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        for (int round = 0; round < 20; round++) {
            var client = stage.connect(listener);

            var before = listener.bytesOut();
            client.shutdownOutput();
            await("the answer has begun", () -> listener.bytesOut() > before);

            checkAll(client, 3, size);
        }
        stage.awaitEnd(listener);
        assertThat(stage.upstream().tally().failures()).isZero();
    }

    @Test
    void sixtyFourMebibytesArriveUnchangedInBothDirectionsAtOnce() throws Exception {
        var size = 64 * MIB;
        var atServer = new CompletableFuture<Void>();
        stage.serve(stage.server(socket -> {
            var sending = async(() -> send(socket.getOutputStream(), 2, size));
            try {
                checkAll(socket, 1, size);
                atServer.complete(null);
            } catch (AssertionError unequal) {
                atServer.completeExceptionally(unequal);
            }
            sending.join();
        }));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var client = stage.connect(listener);

        var sending = async(() -> {
            send(client.getOutputStream(), 1, size);
            client.shutdownOutput();
        });
        checkAll(client, 2, size);

        sending.join();
        atServer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        stage.awaitEnd(listener);
        assertThat(listener.bytesIn()).isEqualTo(size);
        assertThat(listener.bytesOut()).isEqualTo(size);
    }

    @Test
    void aClientThatDoesNotReadHoldsBackItsUpstreamAndLittleMemory() throws Exception {
        var sent = new AtomicLong();
        stage.serve(stage.server(socket -> {
            var chunk = new byte[64 * 1024];
            while (true) {
                socket.getOutputStream().write(chunk);
                sent.addAndGet(chunk.length);
            }
        }));
        var listener = stage.listen(stage.limits(Duration.ZERO));
        var before = directMemory();

        for (int i = 0; i < 100; i++) {
            stage.connect(listener);
        }
        await("the senders to stall", () -> stalled(sent));

        // Of each: the high water mark of 256 KiB and one read of 128 KiB, in arenas of 4 MiB on two stage.loops.
        assertThat(directMemory() - before).isLessThan(56L * MIB);
        assertThat(listener.connections()).isEqualTo(100);
    }

    @Test
    void aPortThatIsTakenCannotBeBound() throws Exception {
        var taken = stage.server(TcpStage::echo);
        var settings = new ListenerSettings("tcp", "127.0.0.1", taken, "echo", stage.limits(Duration.ZERO));

        var bound = TcpListener.bind(
                stage.loops,
                settings,
                Routes.to(Split.to(stage.backend)),
                Ticker.system(),
                new SplittableRandom(1),
                AccessLog.NONE);

        assertThat(bound.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(DEADLINE_SECONDS))
                .withThrowableThat()
                .havingRootCause()
                .withMessageContaining("Address already in use");
    }

    private static boolean stalled(AtomicLong sent) {
        var before = sent.get();
        // A sender that is not held back passes megabytes in this time.
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        return before > 0 && sent.get() == before;
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    /** They come and nothing after them. */
    private static void checkAll(Socket from, long seed, int size) throws IOException {
        check(from.getInputStream(), seed, size);
        assertThat(from.getInputStream().read()).isEqualTo(-1);
    }
}
