package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.endpoint.EndpointSet;
import java.util.List;

/** Sessions that are open at once: two descriptors each, of which this process may have 20,000. */
final class HeldPairs {
    /**
     * What is held, once each session has passed a few bytes both ways and is idle.
     *
     * @param heap bytes for each
     * @param direct bytes of Netty's buffers for each
     */
    record Result(int pairs, long heap, long direct) {}

    private HeldPairs() {}

    static Result hold(int pairs) throws Exception {
        try (var servers = Herd.start();
                var relay = new Relay(BackendSettings.DEFAULT, Relay.LIMITS, 0)) {
            relay.backend().update(new EndpointSet(List.of(Relay.endpoint(servers.serve()))));
            Result result;
            try (var clients = Herd.start()) {
                clients.connect(relay.listener().number(), 1, "warm", 4);
                long heap = heap();
                long direct = direct();

                clients.connect(relay.listener().number(), pairs - 1, "ping", 4);

                await("all are open", () -> relay.listener().connections() == pairs);
                result = new Result(pairs, (heap() - heap) / pairs, (direct() - direct) / pairs);
            }
            await("all are gone", () -> relay.listener().connections() == 0);
            return result;
        }
    }

    private static long heap() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long direct() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
