package io.tickstorm.process;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.RuntimeMXBean;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How this process is. Reads counters that the JVM keeps anyway. Thread-safe. */
final class Vitals {
    private static final long MEBIBYTE = 1L << 20;
    private static final int PERCENT = 100;

    private final RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final List<BufferPoolMXBean> buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
    private final @Nullable OperatingSystemMXBean system =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    long uptimeSeconds() {
        return runtime.getUptime() / 1000;
    }

    long memoryMebibytes() {
        return usedBytes() / MEBIBYTE;
    }

    /** Of what the container, or else the machine, has; 0..100 with one decimal, 0 where the JVM does not know. */
    double memoryPercent() {
        var all = system == null ? 0 : system.getTotalMemorySize();
        return all > 0 ? rounded(PERCENT * (double) usedBytes() / all) : 0;
    }

    /** Share of all processors since the last call, 0..100 with one decimal; 0 where the JVM does not know. */
    double cpuPercent() {
        var load = system == null ? 0 : system.getProcessCpuLoad();
        return load > 0 ? rounded(PERCENT * load) : 0;
    }

    /** What is in use on the heap, beside it, and in direct buffers: the part of the memory that the program decides. */
    private long usedBytes() {
        var direct = buffers.stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
        return memory.getHeapMemoryUsage().getUsed()
                + memory.getNonHeapMemoryUsage().getUsed()
                + direct;
    }

    private static double rounded(double percent) {
        return Math.round(percent * 10) / 10.0;
    }
}
