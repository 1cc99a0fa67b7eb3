package io.tickstorm.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.BindException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProbesTest {
    private final Vertx vertx = Vertx.vertx();
    private final Answers answers = new Answers();
    private final Switches switches = new Switches();
    private Probes probes;

    @BeforeEach
    void start() {
        probes = Probes.start(vertx, "127.0.0.1", 0, switches).await();
    }

    @AfterEach
    void stop() {
        answers.close();
        probes.close().await();
        vertx.close().await();
    }

    @Test
    void aServingProcessIsReadyAndAlive() throws Exception {
        var ready = answers.get(probes.port(), "/ready");
        var ping = answers.get(probes.port(), "/ping");
        var alive = answers.get(probes.port(), "/healthz");

        assertThat(ready.statusCode()).isEqualTo(200);
        var body = new JsonObject(ready.body());
        assertThat(body.getString("status")).isEqualTo("ready");
        assertThat(Instant.parse(body.getString("timestamp"))).isBeforeOrEqualTo(Instant.now());
        assertThat(ping.statusCode()).isEqualTo(200);
        assertThat(ping.body()).isEqualTo("pong");
        assertThat(ping.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
        assertThat(alive.statusCode()).isEqualTo(200);
        assertThat(alive.body()).isEqualTo("ok");
    }

    @Test
    void aDrainingProcessStaysReadyWhileItServesButNoLongerAnswersPing() throws Exception {
        switches.draining = true;

        var ping = answers.get(probes.port(), "/ping");

        assertThat(answers.get(probes.port(), "/ready").statusCode()).isEqualTo(200);
        assertThat(ping.statusCode()).isEqualTo(503);
        assertThat(ping.body()).isEqualTo("draining");
        var health = answers.get(probes.port(), "/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(health.body()).getString("status")).isEqualTo("draining");
    }

    @Test
    void aProcessThatIsNotReadyIsAliveButUnhealthy() throws Exception {
        switches.ready = false;

        var ready = answers.get(probes.port(), "/ready");

        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("not ready");
        assertThat(answers.get(probes.port(), "/healthz").statusCode()).isEqualTo(200);
        var health = answers.get(probes.port(), "/health");
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(health.body()).getString("status")).isEqualTo("unhealthy");
    }

    @Test
    void healthShowsTheProcessAndWhatItAddsItself() throws Exception {
        var health = new JsonObject(answers.get(probes.port(), "/health").body());

        assertThat(health.fieldNames())
                .containsExactly(
                        "status",
                        "instance_id",
                        "uptime_seconds",
                        "memory_usage_mb",
                        "cpu_usage_percent",
                        "active_connections");
        assertThat(health.getString("status")).isEqualTo("healthy");
        assertThat(health.getString("instance_id")).isEqualTo(InstanceId.current());
        assertThat(health.getLong("memory_usage_mb")).isPositive();
        assertThat(health.getDouble("cpu_usage_percent")).isBetween(0.0, 100.0);
        assertThat(health.getInteger("active_connections")).isEqualTo(3);
    }

    @Test
    void othersCanMountRoutesOfTheirOwn() throws Exception {
        probes.router().get("/about").handler(context -> context.end("mounted"));

        assertThat(answers.get(probes.port(), "/about").body()).isEqualTo("mounted");
        assertThat(answers.get(probes.port(), "/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void aTakenPortFailsTheStart() {
        // Vert.x shares a port among servers of one instance, so that another instance must try.
        var other = Vertx.vertx();
        try {
            assertThatThrownBy(() -> Probes.start(other, "127.0.0.1", probes.port(), switches)
                            .await())
                    .isInstanceOf(BindException.class);
        } finally {
            other.close().await();
        }
    }

    private static final class Switches implements Probes.Status {
        private volatile boolean ready = true;
        private volatile boolean draining;

        @Override
        public boolean ready() {
            return ready;
        }

        @Override
        public boolean draining() {
            return draining;
        }

        @Override
        public JsonObject health() {
            return new JsonObject().put("active_connections", 3);
        }
    }
}
