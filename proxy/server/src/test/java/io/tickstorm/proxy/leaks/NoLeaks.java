package io.tickstorm.proxy.leaks;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which Netty finds buffers that were dropped without a release. Found by the garbage collector, so a
 * leak may be told of one class later than it happened; the record says where the buffer was touched last.
 */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new IllegalStateException("io.netty.leakDetection.level: " + ResourceLeakDetector.getLevel()
                    + " (expected: paranoid, see test.jvm in the parent POM)");
        }
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + ": " + records));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        for (int round = 0; round < 3; round++) {
            System.gc();
            // leaks are reported when the next buffer is allocated
            PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " buffers leaked: " + String.join("\n", leaks));
        }
    }
}
