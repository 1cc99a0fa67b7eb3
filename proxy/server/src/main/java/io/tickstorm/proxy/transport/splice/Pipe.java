package io.tickstorm.proxy.transport.splice;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A pipe in the kernel between two sockets. One thread opens, uses and closes it. It is filled only while empty, so that "not now"
 * always speaks of the socket.
 */
public final class Pipe implements AutoCloseable {
    /** What {@link #fill} and {@link #drain} give where the socket has nothing, or takes nothing, for now. */
    public static final long NOT_NOW = -SystemCalls.EAGAIN;

    /** What {@link #fill} gives after the last byte. */
    public static final long END = 0;

    /** What both give where the kernel does not splice these sockets; nobody gets a pipe any more then. */
    public static final long REFUSED = Long.MIN_VALUE;

    /** Bytes that the socket had at once: it may have more than a small pipe takes, which has room for sixteen pieces of any size. */
    private static final int MUCH = 16 * 1024;

    private enum Size {
        SMALL,
        LARGE,
        /** Small, and the kernel lets it be no larger. */
        STAYS_SMALL
    }

    private final Pipes pipes;
    private final SystemCalls calls;
    private final FileDescriptor out;
    private final FileDescriptor in;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment errno = arena.allocate(SystemCalls.ERRNO);
    private Size size = Size.SMALL;
    private long held;

    /** @throws IOException where the kernel gives no pipe, or a very small one because the user has too many */
    Pipe(Pipes pipes, SystemCalls calls) throws IOException {
        this.pipes = pipes;
        this.calls = calls;
        FileDescriptor[] ends;
        try {
            ends = FileDescriptor.pipe();
        } catch (IOException e) {
            arena.close();
            throw e;
        }
        out = ends[0];
        in = ends[1];
        int got = calls.resize(errno, in.intValue(), Pipes.SMALL);
        if (got < Pipes.SMALL) {
            closeAll();
            throw new IOException("a pipe of " + Pipes.SMALL + " bytes: errno " + -got);
        }
    }

    /** Bytes that are in it. */
    public long held() {
        return held;
    }

    /** Takes what the socket has. How much; {@link #END}, {@link #NOT_NOW}, {@link #REFUSED}, or another negated errno if the socket is broken. */
    public long fill(FileDescriptor from) {
        long moved = calls.splice(errno, from.intValue(), in.intValue(), Pipes.LARGE);
        if (moved > 0) {
            held = moved;
        }
        if (moved >= MUCH && size == Size.SMALL && pipes.enlarge()) {
            enlarge();
        }
        return judged(moved);
    }

    private void enlarge() {
        if (calls.resize(errno, in.intValue(), Pipes.LARGE) >= Pipes.LARGE) {
            size = Size.LARGE;
        } else {
            size = Size.STAYS_SMALL;
            pipes.reduced();
        }
    }

    /** Gives the socket what it takes. How much; {@link #NOT_NOW}, {@link #REFUSED}, or another negated errno if the socket is broken. */
    public long drain(FileDescriptor to) {
        long moved = calls.splice(errno, out.intValue(), to.intValue(), held);
        if (moved > 0) {
            held -= moved;
        }
        return judged(moved);
    }

    private long judged(long moved) {
        if (moved == -SystemCalls.EINVAL || moved == -SystemCalls.ENOSYS || moved == -SystemCalls.EPERM) {
            pipes.refused((int) -moved);
            return REFUSED;
        }
        return moved;
    }

    /** What is in it is lost. */
    @Override
    public void close() {
        closeAll();
        if (size == Size.LARGE) {
            pipes.reduced();
        }
        pipes.closed();
    }

    private void closeAll() {
        for (var end : new FileDescriptor[] {in, out}) {
            try {
                end.close();
            } catch (IOException e) {
                // it is closed all the same: close(2) of Linux
            }
        }
        arena.close();
    }
}
