package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static io.tickstorm.proxy.tcp.Seeded.async;
import static io.tickstorm.proxy.tcp.Seeded.check;
import static io.tickstorm.proxy.tcp.Seeded.send;
import static io.tickstorm.proxy.tcp.TcpStage.assertReset;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.listener.ListenerLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Sessions that the kernel has taken over: each test pours until it has. */
@EnabledOnOs(OS.LINUX)
class SplicedTest {
    private static final int MIB = 1 << 20;
    private static final int DEADLINE_SECONDS = 20;

    private static Relay relay() throws IOException {
        return relay(Duration.ZERO);
    }

    private static Relay relay(Duration idle) throws IOException {
        return new Relay(BackendSettings.DEFAULT, new ListenerLimits.Tcp(2_000, idle, Duration.ofSeconds(10), true), 1);
    }

    @Test
    void whatComesBeforeAndAfterArrivesUnchangedBothWaysAtOnce() throws Exception {
        int size = 64 * MIB;
        try (var relay = relay()) {
            for (int round = 0; round < 2; round++) {
                long before = relay.listener().spliced();
                var client = relay.served();
                var server = relay.latest();

                var up = async(() -> sendAll(client, 1, size));
                var down = async(() -> sendAll(server, 2, size));
                var atServer = async(() -> check(server.getInputStream(), 1, size));
                check(client.getInputStream(), 2, size);

                for (var step : List.of(up, down, atServer)) {
                    step.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
                }
                // the first session makes the system calls ready, perhaps too late for itself
                assertThat(round == 0 || relay.listener().spliced() > before).isTrue();
                var entry = relay.ended();
                assertThat(entry.termination()).as("%s", entry).isEqualTo(Termination.COMPLETE);
                assertThat(entry.bytesIn()).isEqualTo(size);
                assertThat(entry.bytesOut()).isEqualTo(size);
                assertThat(relay.listener().pipes()).isZero();
            }
        }
    }

    @Test
    void whoEndsItsDirectionStillGetsTheOther() throws Exception {
        try (var relay = relay()) {
            var client = relay.served();
            var server = relay.latest();
            pour(relay, client, server);

            client.shutdownOutput();
            assertThat(server.getInputStream().read()).isEqualTo(-1);
            var down = async(() -> sendAll(server, 3, 8 * MIB));
            check(client.getInputStream(), 3, 8 * MIB);

            down.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(relay.ended().termination()).isEqualTo(Termination.COMPLETE);
        }
    }

    @Test
    void aSessionThatEndedOneDirectionIsTakenOverToo() throws Exception {
        try (var relay = relay()) {
            var first = relay.served();
            pour(relay, first, relay.latest());
            var client = relay.served();
            var server = relay.latest();
            long before = relay.listener().spliced();

            client.shutdownOutput();
            var down = async(() -> sendAll(server, 4, 16 * MIB));
            check(client.getInputStream(), 4, 16 * MIB);

            down.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(relay.ended().termination()).isEqualTo(Termination.COMPLETE);
            assertThat(relay.listener().spliced()).isGreaterThan(before);
        }
    }

    @Test
    void aResetOfTheOneIsAResetOfTheOther() throws Exception {
        try (var relay = relay()) {
            var leaving = relay.served();
            var left = relay.latest();
            pour(relay, leaving, left);
            Relay.leave(leaving);
            assertReset(left);
            assertThat(relay.ended().termination()).isEqualTo(Termination.CLIENT_LEFT);

            var client = relay.served();
            pour(relay, relay.latest(), client);
            Relay.leave(relay.latest());
            assertReset(client);
            assertThat(relay.ended().termination()).isEqualTo(Termination.TRUNCATED);
        }
    }

    @Test
    void whoDoesNotReadHoldsBackTheOtherAndNothingIsLost() throws Exception {
        var sent = new AtomicLong();
        try (var relay = relay()) {
            var client = relay.served();
            var server = relay.latest();
            pour(relay, server, client);
            int size = 48 * MIB;

            var down = async(() -> send(server.getOutputStream(), 5, size, sent));
            awaitStall(sent);
            // a pipe of 1 MiB, and the buffers of four sockets, of which the kernel makes 6 MiB at most
            assertThat(sent.get()).isLessThan(size);
            check(client.getInputStream(), 5, size);

            down.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void aResetIsSeenWhileItsBytesWaitInThePipe() throws Exception {
        try (var relay = relay()) {
            var client = relay.served();
            var server = relay.latest();
            pour(relay, server, client);
            stall(server);

            Relay.leave(server);

            assertThat(relay.ended().termination()).isEqualTo(Termination.TRUNCATED);
            assertThat(relay.listener().pipes()).isZero();
        }
    }

    @Test
    void silenceEndsASessionWhoseBytesWaitInThePipe() throws Exception {
        try (var relay = relay(Duration.ofSeconds(3))) {
            var client = relay.served();
            pour(relay, relay.latest(), client);
            stall(relay.latest());

            assertThat(relay.ended().termination()).isEqualTo(Termination.IDLE_TIMEOUT);
            assertThat(relay.listener().pipes()).isZero();
        }
    }

    @Test
    void whenItNoLongerPoursTheProxyTakesBackTheSession() throws Exception {
        try (var relay = relay()) {
            var client = relay.served();
            var server = relay.latest();
            for (int i = 0; i < 2; i++) {
                pour(relay, client, server);
                await("the pipes to be closed", () -> relay.listener().pipes() == 0);

                client.getOutputStream().write(1);
                assertThat(server.getInputStream().read()).isEqualTo(1);
                server.getOutputStream().write(2);
                assertThat(client.getInputStream().read()).isEqualTo(2);
            }
            client.shutdownOutput();
            assertThat(server.getInputStream().read()).isEqualTo(-1);
            server.close();
            assertThat(relay.ended().termination()).isEqualTo(Termination.COMPLETE);
        }
    }

    @Test
    void aProxyThatStopsLetsThemFinish() throws Exception {
        try (var relay = relay()) {
            var client = relay.served();
            var server = relay.latest();
            pour(relay, client, server);

            relay.listener().stopAccepting().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            var empty = relay.listener().whenEmpty().toCompletableFuture();
            var up = async(() -> sendAll(client, 6, 8 * MIB));
            check(server.getInputStream(), 6, 8 * MIB);

            assertThat(empty).isNotDone();
            up.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            server.close();
            empty.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void sessionsCutAnywhereLeaveNothingOpen() throws Exception {
        var random = new SplittableRandom(20261121);
        try (var relay = relay()) {
            var first = relay.served();
            pour(relay, first, relay.latest());
            int before = descriptors();
            for (int i = 0; i < 40; i++) {
                var client = relay.served();
                var server = relay.latest();
                var up = async(() -> sendAll(client, 7, 4 * MIB));
                var down = async(() -> sendAll(server, 8, 4 * MIB));
                client.getInputStream().readNBytes(random.nextInt(4 * MIB));
                server.getInputStream().readNBytes(random.nextInt(4 * MIB));
                var leaving = random.nextBoolean() ? client : server;

                Relay.leave(leaving);

                // who has sent all and was sent all may leave unnoticed, while the rest of it waits for the other one
                Relay.leave(leaving == client ? server : client);
                relay.ended();
                up.exceptionally(cut -> null).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
                down.exceptionally(cut -> null).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            }
            assertThat(relay.listener().spliced()).isGreaterThan(1);
            await("all descriptors to be closed", () -> descriptors() <= before);
            await("all leases to end but one", () -> relay.inFlight() == 1);
        }
    }

    @Test
    void aThousandThatAreTakenOverLeaveNothingOpen() throws Exception {
        try (var relay = relay()) {
            var first = relay.served();
            pour(relay, first, relay.latest());
            int before = descriptors();
            var open = new ArrayList<Socket>();
            for (int i = 0; i < 1_000; i++) {
                var client = relay.served();
                var server = relay.latest();
                pour(relay, client, server);
                open.add(client);
                open.add(server);
                if (i % 25 == 24) {
                    for (var socket : open) {
                        socket.close();
                    }
                    open.clear();
                    await("all to end but the first", () -> relay.inFlight() == 1);
                }
            }
            assertThat(relay.listener().spliced()).isGreaterThan(1_000);
            await("all descriptors to be closed", () -> descriptors() <= before);
        }
    }

    /** Sends until the kernel has taken the session over, and reads all that was sent. */
    private static void pour(Relay relay, Socket from, Socket to) throws Exception {
        long before = relay.listener().spliced();
        var chunk = new byte[MIB];
        await("the kernel to take over", () -> {
            try {
                var sending = async(() -> from.getOutputStream().write(chunk));
                to.getInputStream().readNBytes(MIB);
                sending.join();
                return relay.listener().spliced() > before;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Sends until nothing more is taken. */
    private static void stall(Socket from) {
        var sent = new AtomicLong();
        async(() -> send(from.getOutputStream(), 9, Integer.MAX_VALUE, sent));
        awaitStall(sent);
    }

    private static void awaitStall(AtomicLong sent) {
        var last = new AtomicLong();
        var same = new AtomicLong();
        await("the sender to stall", () -> {
            long now = sent.get();
            return now > 0 && (last.getAndSet(now) == now ? same.incrementAndGet() : same.getAndSet(0)) > 60;
        });
    }

    private static int descriptors() {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends them and ends the direction. */
    private static void sendAll(Socket to, long seed, int size) throws IOException {
        send(to.getOutputStream(), seed, size);
        to.shutdownOutput();
    }
}
