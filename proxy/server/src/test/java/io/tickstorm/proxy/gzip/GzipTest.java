package io.tickstorm.proxy.gzip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipTest {
    private final Deflaters deflaters = new Deflaters();

    private static byte[] bytes(ByteBuf from) {
        var bytes = new byte[from.readableBytes()];
        from.readBytes(bytes).release();
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 100_000, 1_000_000})
    void whatGoesInComesOutWhateverItsSize(int size) throws IOException {
        var plain = new byte[size];
        new Random(size).nextBytes(plain); // does not shrink: the dearest case for room
        for (int round = 0; round < 2; round++) { // the second one with a deflater that was used before
            var gzip = new Gzip(deflaters, 1 + round * 8);
            var out = new ByteArrayOutputStream();
            for (int from = 0; from < size; from += 70_000) {
                var part = Unpooled.copiedBuffer(plain, from, Math.min(70_000, size - from));
                out.write(bytes(gzip.part(part, ByteBufAllocator.DEFAULT)));
            }
            out.write(bytes(gzip.end(ByteBufAllocator.DEFAULT)));
            gzip.release();

            try (var in = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
                assertThat(in.readAllBytes()).isEqualTo(plain);
            }
        }
    }

    @Test
    void eachPartCanBeReadAsSoonAsItIsOut() throws IOException {
        var gzip = new Gzip(deflaters, 9);
        var out = new ByteArrayOutputStream();

        for (var word : new String[] {"one ", "two ", "three"}) {
            out.write(bytes(gzip.part(Unpooled.copiedBuffer(word.getBytes()), ByteBufAllocator.DEFAULT)));

            var in = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()));
            var readable = new byte[64];
            int count = 0;
            while (count < readable.length && in.available() > 0 && !new String(readable, 0, count).endsWith(word)) {
                count += in.read(readable, count, 1);
            }
            assertThat(new String(readable, 0, count)).endsWith(word);
        }
        gzip.release();
    }
}
