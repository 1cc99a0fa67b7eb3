package io.tickstorm.proxy.transport.splice;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The two calls of libc that Netty lacks, or has not usably: its splice says 0 both for "not now" and for the end. Linking them takes
 * tens of milliseconds, so it is not done on an event loop. Any thread.
 */
final class SystemCalls {
    /** Where a call leaves its errno; each thread needs one of its own. */
    static final StructLayout ERRNO = Linker.Option.captureStateLayout();

    // asm-generic/errno-base.h and errno.h of Linux, the same on x86-64 and arm64
    static final int EPERM = 1;
    static final int EAGAIN = 11;
    static final int EINVAL = 22;
    static final int ENOSYS = 38;

    // bits/fcntl-linux.h
    private static final int SPLICE_F_MOVE = 1;
    private static final int SPLICE_F_NONBLOCK = 2;
    private static final int F_SETPIPE_SZ = 1031;

    private static final VarHandle ERRNO_VALUE = ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final MethodHandle splice;
    private final MethodHandle fcntl;

    /** @throws RuntimeException where libc has no such functions, or native access is not allowed */
    @SuppressWarnings("restricted") // calling C is what it is for
    SystemCalls() {
        var linker = Linker.nativeLinker();
        var libc = linker.defaultLookup();
        var errno = Linker.Option.captureCallState("errno");
        var pointer = ValueLayout.ADDRESS;
        splice = linker.downcallHandle(
                libc.findOrThrow("splice"), FunctionDescriptor.of(LONG, INT, pointer, INT, pointer, LONG, INT), errno);
        fcntl = linker.downcallHandle(
                libc.findOrThrow("fcntl"),
                FunctionDescriptor.of(INT, INT, INT, INT),
                errno,
                Linker.Option.firstVariadicArg(2));
    }

    /** Never waits, neither for the pipe nor for a socket that does not block. Bytes moved, 0 at the end, or the negated errno. */
    long splice(MemorySegment errno, int from, int to, long most) {
        try {
            long moved = (long) splice.invokeExact(
                    errno, from, MemorySegment.NULL, to, MemorySegment.NULL, most, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
            return moved < 0 ? -(int) ERRNO_VALUE.get(errno, 0L) : moved;
        } catch (Throwable e) {
            throw notLinked(e);
        }
    }

    /** The size that a pipe has now, or the negated errno. */
    int resize(MemorySegment errno, int pipe, int bytes) {
        try {
            int size = (int) fcntl.invokeExact(errno, pipe, F_SETPIPE_SZ, bytes);
            return size < 0 ? -(int) ERRNO_VALUE.get(errno, 0L) : size;
        } catch (Throwable e) {
            throw notLinked(e);
        }
    }

    /** A method handle may declare anything; a call of C throws nothing. */
    private static IllegalStateException notLinked(Throwable e) {
        return new IllegalStateException("a system call that throws", e);
    }
}
