package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.health.ProbeResult;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Randomness;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.transport.EpollLoops;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the kernel moving the bytes where they pour. */
class TcpListenerTest {
    private static final int DEADLINE_MILLIS = 20_000;
    private static final int MIB = 1 << 20;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ManualTime time = new ManualTime();
    private final Backend backend = new Backend(
            "echo",
            BackendSettings.DEFAULT,
            null,
            time,
            time,
            Randomness.perThread(),
            (endpoint, settings, result) -> result.accept(new ProbeResult.Passed()));
    private EventLoopGroup loops;

    /** Whether the kernel may. */
    boolean splices() {
        return true;
    }

    @BeforeEach
    void setUp() {
        loops = new MultiThreadIoEventLoopGroup(2, EpollLoops.factory());
    }

    @AfterEach
    void tearDown() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Test
    void bytesGoThereAndBack() throws Exception {
        serve(server(TcpListenerTest::echo));
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);

        client.getOutputStream().write(ascii("ping"));

        assertThat(client.getInputStream().readNBytes(4)).isEqualTo(ascii("ping"));
        assertThat(listener.connections()).isEqualTo(1);
        assertThat(upstream().inFlight()).isEqualTo(1);
        client.close();
        awaitEnd(listener);
        assertThat(listener.accepted()).isEqualTo(1);
        assertThat(listener.bytesIn()).isEqualTo(4);
        assertThat(listener.bytesOut()).isEqualTo(4);
        assertThat(upstream().tally().failures()).isZero();
    }

    @Test
    void bytesGoThereAndBackOnTheSelectorOfTheJdk() throws Exception {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        serve(server(TcpListenerTest::echo));
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);

        client.getOutputStream().write(ascii("ping"));
        client.shutdownOutput();

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("ping"));
        awaitEnd(listener);
    }

    @Test
    void aClientThatEndsItsDirectionStillGetsTheAnswer() throws Exception {
        serve(server(socket -> {
            var all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(ascii("got " + all.length));
        }));
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);

        client.getOutputStream().write(ascii("question"));
        client.shutdownOutput();

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("got 8"));
        awaitEnd(listener);
    }

    @Test
    void anUpstreamThatEndsItsDirectionStillGetsWhatTheClientSends() throws Exception {
        var received = new CompletableFuture<byte[]>();
        serve(server(socket -> {
            socket.getOutputStream().write(ascii("bye"));
            socket.shutdownOutput();
            received.complete(socket.getInputStream().readAllBytes());
        }));
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("bye"));
        client.getOutputStream().write(ascii("not yet"));
        client.shutdownOutput();

        assertThat(received.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(ascii("not yet"));
        awaitEnd(listener);
    }

    @Test
    void whatTheClientSentAndEndedBeforeThereWasAnUpstreamArrives() throws Exception {
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);

        client.getOutputStream().write(ascii("early"));
        client.shutdownOutput();
        await("the session", () -> listener.connections() == 1);
        serve(server(TcpListenerTest::echo));

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("early"));
        awaitEnd(listener);
    }

    /** The upstream's connection is over, both ways, while its last bytes still wait for the client to read. */
    @Test
    void theRestOfAnAnswerSurvivesTheEndOfItsConnection() throws Exception {
        var size = 8 * MIB;
        serve(server(socket -> {
            hash(socket.getInputStream());
            send(socket, 3, size);
        }));
        var listener = listen(limits(Duration.ZERO));
        for (int round = 0; round < 20; round++) {
            var client = connect(listener);

            var before = listener.bytesOut();
            client.shutdownOutput();
            await("the answer has begun", () -> listener.bytesOut() > before);
            var answer = hash(client.getInputStream());

            assertThat(answer).as("round " + round).isEqualTo(hash(3, size));
        }
        awaitEnd(listener);
        assertThat(upstream().tally().failures()).isZero();
    }

    @Test
    void sixtyFourMebibytesArriveUnchangedInBothDirectionsAtOnce() throws Exception {
        var size = 64 * MIB;
        var atServer = new CompletableFuture<String>();
        serve(server(socket -> {
            var sending = async(() -> send(socket, 2, size));
            atServer.complete(hash(socket.getInputStream()));
            sending.join();
        }));
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);

        var sending = async(() -> {
            send(client, 1, size);
            client.shutdownOutput();
        });
        var atClient = hash(client.getInputStream());

        sending.join();
        assertThat(atServer.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(hash(1, size));
        assertThat(atClient).isEqualTo(hash(2, size));
        awaitEnd(listener);
        assertThat(listener.bytesIn()).isEqualTo(size);
        assertThat(listener.bytesOut()).isEqualTo(size);
    }

    @Test
    void aClientThatDoesNotReadHoldsBackItsUpstreamAndLittleMemory() throws Exception {
        var sent = new AtomicLong();
        serve(server(socket -> {
            var chunk = new byte[64 * 1024];
            while (true) {
                socket.getOutputStream().write(chunk);
                sent.addAndGet(chunk.length);
            }
        }));
        var listener = listen(limits(Duration.ZERO));
        var before = directMemory();

        for (int i = 0; i < 100; i++) {
            connect(listener);
        }
        await("the senders to stall", () -> stalled(sent));

        // Of each: the high water mark of 256 KiB and one read of 128 KiB, in arenas of 4 MiB on two loops.
        assertThat(directMemory() - before).isLessThan(56L * MIB);
        assertThat(listener.connections()).isEqualTo(100);
    }

    @Test
    void anUpstreamThatRefusesIsLeftForAnother() throws Exception {
        var refusing = closedPort();
        var good = server(TcpListenerTest::echo);
        serve(refusing, good);
        var listener = listen(limits(Duration.ZERO));

        for (int i = 0; i < 10; i++) {
            var client = connect(listener);
            client.getOutputStream().write(ascii("x"));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("x"));
        }

        awaitEnd(listener);
        assertThat(listener.unserved()).isZero();
        assertThat(upstream(good).tally().requests()).isEqualTo(10);
        assertThat(upstream(refusing).tally().connectFailures())
                .isEqualTo(upstream(refusing).tally().requests())
                .isPositive();
        assertThat(upstream(refusing).inFlight()).isZero();
    }

    @Test
    void aClientIsResetWhenAllRefuse() throws Exception {
        serve(closedPort());
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);

        assertReset(client);
        awaitEnd(listener);
        assertThat(listener.unserved()).isEqualTo(1);
    }

    @Test
    void aClientIsResetWhenThereIsNoUpstreamWithinTheConnectTimeout() throws Exception {
        backend.update(EndpointSet.EMPTY);
        var listener = listen(new ListenerLimits.Tcp(10, Duration.ZERO, Duration.ofMillis(60)));
        var client = connect(listener);

        assertReset(client);
        await("the end", () -> listener.connections() == 0);
        assertThat(listener.unserved()).isEqualTo(1);
    }

    @Test
    void aResetOfTheUpstreamReachesTheClientAsOne() throws Exception {
        serve(server(socket -> {
            socket.getInputStream().readNBytes(1);
            socket.setSoLinger(true, 0);
        }));
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);

        client.getOutputStream().write(1);

        assertReset(client);
        awaitEnd(listener);
        assertThat(upstream().tally().failures()).isEqualTo(1);
    }

    @Test
    void aResetOfTheClientReachesTheUpstreamAsOneAndIsNotItsFault() throws Exception {
        var seen = new CompletableFuture<Throwable>();
        serve(server(socket -> {
            try {
                socket.getOutputStream().write(1);
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                seen.complete(e);
            }
        }));
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);
        client.getInputStream().readNBytes(1);

        client.setSoLinger(true, 0);
        client.close();

        assertThat(seen.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)).hasMessageContaining("reset");
        awaitEnd(listener);
        assertThat(upstream().tally().failures()).isZero();
    }

    @Test
    void silenceEndsASession() throws Exception {
        serve(server(TcpListenerTest::echo));
        var listener = listen(limits(Duration.ofMillis(50)));
        var client = connect(listener);

        client.getOutputStream().write(ascii("x"));

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(ascii("x"));
        awaitEnd(listener);
    }

    @Test
    void silenceIsMeasuredFromTheLastByteAndNotFromTheStart() throws Exception {
        var time = new ManualTime();
        serve(server(TcpListenerTest::echo));
        var listener = listen(limits(Duration.ofMillis(50)), time);
        var client = connect(listener);

        // The clock stands still, so nothing is ever silent for long, however often the real timer looks.
        for (int i = 0; i < 5; i++) {
            client.getOutputStream().write(i);
            assertThat(client.getInputStream().read()).isEqualTo(i);
        }
        assertThat(listener.connections()).isEqualTo(1);
        time.advance(Duration.ofMillis(50));

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        awaitEnd(listener);
    }

    @Test
    void oneConnectionTooManyIsReset() throws Exception {
        serve(server(TcpListenerTest::echo));
        var listener = listen(new ListenerLimits.Tcp(1, Duration.ZERO, Duration.ofSeconds(1)));
        var first = connect(listener);
        first.getOutputStream().write(1);
        first.getInputStream().readNBytes(1);

        assertReset(connect(listener));

        assertThat(listener.refused()).isEqualTo(1);
        listener.limit(new ListenerLimits.Tcp(2, Duration.ZERO, Duration.ofSeconds(1)));
        var second = connect(listener);
        second.getOutputStream().write(2);
        assertThat(second.getInputStream().read()).isEqualTo(2);
    }

    @Test
    void sessionsGoOnWhenTheirEndpointIsRemovedAndThePortIsClosed() throws Exception {
        serve(server(TcpListenerTest::echo));
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);
        client.getOutputStream().write(1);
        client.getInputStream().readNBytes(1);

        backend.update(EndpointSet.EMPTY);
        listener.stopAccepting().toCompletableFuture().join();
        var empty = listener.whenEmpty().toCompletableFuture();

        client.getOutputStream().write(2);
        assertThat(client.getInputStream().read()).isEqualTo(2);
        assertThat(empty).isNotDone();
        assertThatThrownBy(() -> connect(listener)).isInstanceOf(IOException.class);
        client.close();
        empty.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Test
    void whatIsCutOffIsDescribedAndReset() throws Exception {
        serve(server(TcpListenerTest::echo));
        var listener = listen(limits(Duration.ZERO));
        var client = connect(listener);
        client.getOutputStream().write(1);
        client.getInputStream().readNBytes(1);

        assertThat(listener.describe())
                .singleElement()
                .asString()
                .contains("tcp /127.0.0.1:" + client.getLocalPort(), "1 bytes in, 1 bytes out");
        listener.abort();

        assertReset(client);
        awaitEnd(listener);
    }

    @Test
    void aPortThatIsTakenCannotBeBound() throws Exception {
        var taken = server(TcpListenerTest::echo);
        var settings = new ListenerSettings("tcp", "127.0.0.1", taken, "echo", limits(Duration.ZERO));

        var bound = TcpListener.bind(
                loops,
                settings,
                Routes.to(Split.to(backend)),
                Ticker.system(),
                new SplittableRandom(1),
                AccessLog.NONE);

        assertThat(bound.toCompletableFuture())
                .failsWithin(Duration.ofMillis(DEADLINE_MILLIS))
                .withThrowableThat()
                .havingRootCause()
                .withMessageContaining("Address already in use");
    }

    private ListenerLimits.Tcp limits(Duration idle) {
        return new ListenerLimits.Tcp(1_000, idle, Duration.ofSeconds(10), splices());
    }

    private TcpListener listen(ListenerLimits.Tcp limits) throws Exception {
        return listen(limits, Ticker.system());
    }

    private TcpListener listen(ListenerLimits.Tcp limits, Ticker ticker) throws Exception {
        var settings = new ListenerSettings("tcp", "127.0.0.1", 0, "echo", limits);
        var listener = TcpListener.bind(
                        loops, settings, Routes.to(Split.to(backend)), ticker, new SplittableRandom(1), AccessLog.NONE)
                .toCompletableFuture()
                .get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        open.add(() -> {
            listener.abort();
            listener.stopAccepting();
            listener.whenEmpty().toCompletableFuture().get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        });
        return listener;
    }

    private void awaitEnd(TcpListener listener) {
        await("the end of all sessions", () -> listener.connections() == 0);
        assertThat(backend.upstreams())
                .allSatisfy(upstream -> assertThat(upstream.inFlight()).isZero());
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

    private void serve(int... ports) {
        backend.update(new EndpointSet(Arrays.stream(ports)
                .mapToObj(port -> Endpoint.active(new EndpointId("", "127.0.0.1", port), "echo-" + port))
                .toList()));
    }

    private Upstream upstream() {
        return backend.upstreams().getFirst();
    }

    private Upstream upstream(int port) {
        return backend.upstreams().stream()
                .filter(upstream -> upstream.id().port() == port)
                .findFirst()
                .orElseThrow();
    }

    private Socket connect(TcpListener listener) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), listener.number());
        socket.setSoTimeout(DEADLINE_MILLIS);
        open.add(socket);
        return socket;
    }

    /** A server whose connections are each given to {@code talk} and then closed; its port. */
    private int server(Talk talk) throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        open.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            talk.with(socket);
                        } catch (IOException end) {
                            // The other side has gone; what should have been seen is asserted there.
                        }
                    });
                } catch (IOException closed) {
                    return;
                }
            }
        });
        return server.getLocalPort();
    }

    private static int closedPort() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return server.getLocalPort();
        }
    }

    private static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static CompletableFuture<Void> async(Step step) {
        var done = new CompletableFuture<Void>();
        Thread.ofVirtual().start(() -> {
            try {
                step.run();
                done.complete(null);
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private static void send(Socket socket, long seed, int size) throws IOException {
        produce(seed, size, socket.getOutputStream());
    }

    private static String hash(long seed, int size) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        produce(seed, size, new OutputStream() {
            @Override
            public void write(int one) {
                digest.update((byte) one);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                digest.update(bytes, offset, length);
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void produce(long seed, int size, OutputStream to) throws IOException {
        var random = new SplittableRandom(seed);
        var chunk = new byte[64 * 1024];
        for (int left = size; left > 0; left -= chunk.length) {
            random.nextBytes(chunk);
            to.write(chunk, 0, Math.min(chunk.length, left));
        }
    }

    private static String hash(InputStream from) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var chunk = new byte[64 * 1024];
            for (int length = from.read(chunk); length >= 0; length = from.read(chunk)) {
                digest.update(chunk, 0, length);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Talk {
        void with(Socket socket) throws IOException;
    }

    private interface Step {
        void run() throws IOException;
    }
}
