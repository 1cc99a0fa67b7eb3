package io.tickstorm.backend.wire;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/** The Castagnoli checksum (RFC 3720, appendix B.4), which unlike the JDK's class can go on from an earlier result. */
public final class Crc32c {
    /** The polynomial 0x1EDC6F41, bits reversed. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private static final int[] TABLE = table();

    private Crc32c() {}

    /** The checksum of {@code length} bytes from {@code index}, at the speed of the processor's own instruction. */
    public static int of(ByteBuf bytes, int index, int length) {
        var crc = new CRC32C();
        if (bytes.hasArray()) {
            crc.update(bytes.array(), bytes.arrayOffset() + index, length);
        } else {
            for (var part : bytes.nioBuffers(index, length)) {
                crc.update(part);
            }
        }
        return (int) crc.getValue();
    }

    /** The checksum of the bytes that gave {@code crc} followed by {@code length} bytes from {@code index}; for a few bytes. */
    public static int extend(int crc, ByteBuf bytes, int index, int length) {
        var state = ~crc;
        for (int i = index; i < index + length; i++) {
            state = (state >>> 8) ^ TABLE[(state ^ bytes.getByte(i)) & 0xFF];
        }
        return ~state;
    }

    private static int[] table() {
        var table = new int[256];
        for (int i = 0; i < table.length; i++) {
            var entry = i;
            for (int bit = 0; bit < 8; bit++) {
                entry = (entry & 1) == 0 ? entry >>> 1 : (entry >>> 1) ^ POLYNOMIAL;
            }
            table[i] = entry;
        }
        return table;
    }
}
