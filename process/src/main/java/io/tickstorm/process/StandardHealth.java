package io.tickstorm.process;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.json.JsonObject;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.RuntimeMXBean;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of {@code /health} that every process reports. Reads counters that the JVM keeps anyway. Thread-safe. */
final class StandardHealth {
    private static final long MEBIBYTE = 1L << 20;

    private final String instanceId;
    private final RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final List<BufferPoolMXBean> buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
    private final @Nullable OperatingSystemMXBean system =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    StandardHealth(String instanceId) {
        this.instanceId = instanceId;
    }

    JsonObject fields(String status) {
        return new JsonObject()
                .put("status", status)
                .put("instance_id", instanceId)
                .put("uptime_seconds", runtime.getUptime() / 1000)
                .put("memory_usage_mb", usedBytes() / MEBIBYTE)
                .put("cpu_usage_percent", cpuPercent());
    }

    /** What is in use on the heap, beside it, and in direct buffers: the part of the memory that the program decides. */
    private long usedBytes() {
        var direct = buffers.stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
        return memory.getHeapMemoryUsage().getUsed()
                + memory.getNonHeapMemoryUsage().getUsed()
                + direct;
    }

    /** Share of all processors since the last call, 0..100 with one decimal; 0 where the JVM does not know. */
    private double cpuPercent() {
        var load = system == null ? 0 : system.getProcessCpuLoad();
        return load > 0 ? Math.round(load * 1000) / 10.0 : 0;
    }
}
