package io.tickstorm.cli.fleet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The log of a local process: the end of a file, and what is added to it. */
final class LogFile extends InputStream {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int BLOCK = 8192;

    private final RandomAccessFile file;
    private final boolean follow;

    private LogFile(RandomAccessFile file, boolean follow) {
        this.file = file;
        this.follow = follow;
    }

    /** Lines of a local log have no time by which {@code since} could choose; all are given. */
    static InputStream open(Path path, Place.LogWish wish) throws IOException {
        if (!Files.exists(path)) {
            if (wish.previous()) {
                return new ByteArrayInputStream(new byte[0]);
            }
            throw new IOException(path + ": there is no such log");
        }
        var file = new RandomAccessFile(path.toFile(), "r");
        try {
            var tail = wish.tail();
            file.seek(tail == null ? 0 : begin(file, tail));
            return new LogFile(file, wish.follow());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Where the last {@code lines} begin. */
    private static long begin(RandomAccessFile file, int lines) throws IOException {
        var length = file.length();
        var block = new byte[BLOCK];
        var left = lines;
        for (long end = length; end > 0; end -= BLOCK) {
            var from = Math.max(0, end - BLOCK);
            var size = (int) (end - from);
            file.seek(from);
            file.readFully(block, 0, size);
            for (int at = size - 1; at >= 0; at--) {
                if (block[at] == '\n' && from + at < length - 1) {
                    left--;
                    if (left == 0) {
                        return from + at + 1;
                    }
                }
            }
        }
        return lines == 0 ? length : 0;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (true) {
            var count = file.read(into, offset, length);
            if (count > 0 || !follow) {
                return count;
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
