package io.tickstorm.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Streams of bytes that a seed tells, so that what arrives is known without being kept. */
final class Seeded {
    private static final int CHUNK = 64 * 1024;

    private Seeded() {}

    /** Sends that many bytes. */
    static void send(OutputStream to, long seed, int size) throws IOException {
        send(to, seed, size, new AtomicLong());
    }

    /** @param sent counts them */
    static void send(OutputStream to, long seed, int size, AtomicLong sent) throws IOException {
        var random = new SplittableRandom(seed);
        var chunk = new byte[CHUNK];
        for (int left = size; left > 0; left -= chunk.length) {
            random.nextBytes(chunk);
            to.write(chunk, 0, Math.min(left, chunk.length));
            sent.addAndGet(chunk.length);
        }
    }

    /** Reads that many bytes, which must be those of that seed. */
    static void check(InputStream from, long seed, int size) throws IOException {
        var random = new SplittableRandom(seed);
        var chunk = new byte[CHUNK];
        for (int left = size; left > 0; left -= chunk.length) {
            random.nextBytes(chunk);
            int length = Math.min(left, chunk.length);
            var read = from.readNBytes(length);
            assertThat(Arrays.equals(read, 0, read.length, chunk, 0, length))
                    .as("%d bytes before the last of them", left)
                    .isTrue();
        }
    }

    /** While the test goes on. */
    static CompletableFuture<Void> async(Step step) {
        var done = new CompletableFuture<Void>();
        Thread.ofVirtual().start(() -> {
            try {
                step.run();
                done.complete(null);
            } catch (IOException | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    interface Step {
        void run() throws IOException;
    }
}
