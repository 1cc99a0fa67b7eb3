package io.tickstorm.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * How much is read from a socket at once: more when a read fills its buffer, less when two turns in a row would have fitted into
 * half of it. As Netty's adaptive allocator, in one object for each connection instead of three, because a proxy has thousands
 * of them that are idle. Any thread; a handle belongs to the loop of its connection.
 */
final class Reads implements RecvByteBufAllocator {
    /**
     * The largest single read. Grows and shrinks with what the peer sends: 128 KiB halves the CPU of 1 MiB bodies against
     * 64 KiB, beyond that nothing was gained; an idle connection holds no buffer at all.
     */
    private static final int MOST = 128 * 1024;

    private static final int LEAST = 512;
    private static final int FIRST = 2048;

    /** A peer that sends much at once is believed at once; that it sends little now and then says nothing yet. */
    private static final int GROWTH = 16;

    /** Reads of one connection before the others have their turn. */
    private static final int TURN = 16;

    @Override
    public ExtendedHandle newHandle() {
        return new Sizing();
    }

    private static final class Sizing implements ExtendedHandle {
        private @SuppressWarnings("NullAway.Init") ChannelConfig
                config; // Netty resets a handle before it asks anything
        private int size = FIRST;
        private int reads;
        private int total;
        private int attempted;
        private int last;
        private boolean small;

        @Override
        public void reset(ChannelConfig current) {
            config = current;
            reads = 0;
            total = 0;
        }

        @Override
        public int guess() {
            return size;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.ioBuffer(size);
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attempted = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attempted;
        }

        @Override
        public void lastBytesRead(int bytes) {
            last = bytes;
            if (bytes > 0) { // the end of a stream is -1
                total += bytes; // at most TURN reads of MOST
                if (bytes == attempted) {
                    learn(bytes);
                }
            }
        }

        @Override
        public int lastBytesRead() {
            return last;
        }

        @Override
        public void incMessagesRead(int count) {
            reads += count;
        }

        @Override
        public boolean continueReading() {
            return hasTurn() && attempted == last;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier more) {
            return hasTurn() && more.get();
        }

        private boolean hasTurn() {
            return config.isAutoRead() && reads < TURN && total > 0;
        }

        @Override
        public void readComplete() {
            learn(total);
        }

        private void learn(int bytes) {
            if (bytes >= size) {
                size = Math.min(size * GROWTH, MOST);
                small = false;
            } else if (bytes > size / 2) {
                small = false;
            } else if (small) {
                size = Math.max(size / 2, LEAST);
                small = false;
            } else {
                small = true;
            }
        }
    }
}
