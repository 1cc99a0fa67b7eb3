package io.tickstorm.backend;

import io.tickstorm.backend.stream.Credentials;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;

/** A backend on free ports of this machine. */
final class Running implements AutoCloseable {
    static final String ID = "backend-a";

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final Backend backend;
    final Ports ports;

    Running(Duration drainDelay, Duration drainTimeout) {
        this(drainDelay, drainTimeout, 0);
    }

    Running(Duration drainDelay, Duration drainTimeout, int failPercent) {
        var settings = new Settings(
                "127.0.0.1",
                0,
                0,
                0,
                0,
                null,
                new Credentials.One("storm", "secret"),
                Duration.ofSeconds(20),
                drainDelay,
                drainTimeout,
                false,
                false,
                failPercent,
                2,
                ID,
                "pod-a");
        backend = Backend.start(vertx, settings).await();
        ports = backend.ports();
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
