package io.tickstorm.backend;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DrainingTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void nothingIsLeftAfterADrainWithoutClients() throws Exception {
        try (var running = new Running(Duration.ZERO, Duration.ofSeconds(30))) {
            running.backend.drain().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);

            assertThatThrownBy(() -> new Socket("127.0.0.1", running.ports.http()).close())
                    .isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> new Socket("127.0.0.1", running.ports.tcp()).close())
                    .isInstanceOf(ConnectException.class);
        }
    }
}
