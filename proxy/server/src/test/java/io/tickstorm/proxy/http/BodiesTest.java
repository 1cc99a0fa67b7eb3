package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of any size pass unchanged, at the pace of the slower side, in memory that does not grow with them. */
class BodiesTest {
    private static final int SIZE = 64 * 1024 * 1024;
    private static final int PIECE = 60_000;
    private static final long SEED = 20261121;

    /** What both sides may hold at most: write marks and reads of each, several times over, far below the body. */
    private static final long MEMORY = 8 * 1024 * 1024;

    private static byte[] piece(int number) {
        var bytes = new byte[Math.min(PIECE, SIZE - number * PIECE)];
        new Random(SEED + number).nextBytes(bytes);
        return bytes;
    }

    private static int pieces() {
        return (SIZE + PIECE - 1) / PIECE;
    }

    private static void sendBody(Wire wire, boolean chunked) {
        for (int number = 0; number < pieces(); number++) {
            var piece = piece(number);
            if (chunked) {
                wire.send(Integer.toHexString(piece.length) + "\r\n")
                        .send(piece)
                        .send("\r\n");
            } else {
                wire.send(piece);
            }
        }
        if (chunked) {
            wire.send("0\r\n\r\n");
        }
    }

    private static String hashOfBody(Wire wire, boolean chunked) throws IOException {
        var hash = sha256();
        if (!chunked) {
            for (int left = SIZE; left > 0; left -= PIECE) {
                hash.update(wire.read(Math.min(left, PIECE)));
            }
            return HexFormat.of().formatHex(hash.digest());
        }
        while (true) {
            int size = Integer.parseInt(wire.readUntil("\r\n").strip(), 16);
            hash.update(wire.read(size));
            wire.readUntil("\r\n");
            if (size == 0) {
                return HexFormat.of().formatHex(hash.digest());
            }
        }
    }

    private static String expectedHash() {
        var hash = sha256();
        for (int number = 0; number < pieces(); number++) {
            hash.update(piece(number));
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String framing(boolean chunked) {
        return chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: " + SIZE + "\r\n\r\n";
    }

    @ParameterizedTest(name = "chunked: {0}")
    @ValueSource(booleans = {false, true})
    void largeBodiesPassBothWaysUnchanged(boolean chunked) throws Exception {
        var uploaded = new CompletableFuture<String>();
        try (var server = RawServer.with(connection -> {
                    connection.wire().readUntil("\r\n\r\n");
                    uploaded.complete(hashOfBody(connection.wire(), chunked));
                    connection.wire().send("HTTP/1.1 200 OK\r\n" + framing(chunked));
                    sendBody(connection.wire(), chunked);
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing(chunked));
            sendBody(client, chunked);
            client.readUntil("\r\n\r\n");

            assertThat(hashOfBody(client, chunked)).isEqualTo(expectedHash());
            assertThat(uploaded.get()).isEqualTo(expectedHash());
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsTheUpstreamBack() throws Exception {
        var sent = new AtomicLong();
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send("HTTP/1.1 200 OK\r\n" + framing(false));
                    for (int number = 0; number < pieces(); number++) {
                        connection.wire().send(piece(number));
                        sent.addAndGet(PIECE);
                    }
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Balancer.awaitStandstill("the sender", sent);

            assertThat(sent.get()).as("bytes the upstream could send").isLessThan(SIZE);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
                    .as("memory of the allocator")
                    .isLessThan(MEMORY);

            client.readUntil("\r\n\r\n");
            assertThat(hashOfBody(client, false)).isEqualTo(expectedHash());
        }
    }

    @Test
    void anUpstreamThatDoesNotReadHoldsTheClientBack() throws Exception {
        var sent = new AtomicLong();
        var read = new CompletableFuture<Void>();
        try (var server = RawServer.with(connection -> {
                    connection.wire().readUntil("\r\n\r\n");
                    read.join();
                    connection.wire().send(RawServer.ok(hashOfBody(connection.wire(), false)));
                    connection.wire().read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing(false));
            var upload = Thread.ofVirtual().start(() -> {
                for (int number = 0; number < pieces(); number++) {
                    client.send(piece(number));
                    sent.addAndGet(PIECE);
                }
            });
            Balancer.awaitStandstill("the sender", sent);

            assertThat(sent.get()).as("bytes the client could send").isLessThan(SIZE);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
                    .as("memory of the allocator")
                    .isLessThan(MEMORY);

            read.complete(null);
            assertThat(client.message().body()).isEqualTo(expectedHash());
            upload.join();
        }
    }
}
