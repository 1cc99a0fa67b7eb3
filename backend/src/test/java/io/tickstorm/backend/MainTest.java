package io.tickstorm.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The backend as a process. */
@Timeout(60)
class MainTest {
    @TempDir
    private Path folder;

    private Process child;

    @AfterEach
    void end() {
        child.destroyForcibly();
    }

    @Test
    void sigtermDrainsAndExitsWithZero() throws Exception {
        start("--drain-delay=100ms");
        var ports = ports();
        var uri = URI.create("http://127.0.0.1:" + ports.getInteger("http") + "/");
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("x-served-by")).hasValue(ports.getString("instance_id"));
        }

        terminate();

        assertThat(exitCode()).isZero();
    }

    @Test
    void aRudeBackendEndsAtOnce() throws Exception {
        start("--rude=true");
        ports();

        terminate();

        assertThat(exitCode()).isEqualTo(143);
    }

    @Test
    void wrongSettingsAreAllNamedAndNothingRuns() throws Exception {
        start("--drain-delay=soon", "--workers=many");

        assertThat(exitCode()).isEqualTo(2);
        assertThat(child.errorReader().lines())
                .contains("--workers: many (expected: 0..1024)")
                .anyMatch(line -> line.startsWith("--drain-delay: soon (expected: "));
    }

    @Test
    void aTakenPortEndsTheProcess() throws Exception {
        try (var taken = new ServerSocket(0)) {
            start("--tcp-port=" + taken.getLocalPort());

            assertThat(exitCode()).isEqualTo(1);
            assertThat(folder.resolve("ports.json")).doesNotExist();
        }
    }

    @Test
    void everyTakenPortIsNamedAndNothingElseIsSaid() throws Exception {
        try (var taken = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                var alsoTaken = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            // Many loops, so that some of them still bind when the first port has failed.
            start("--workers=16", "--tcp-port=" + taken.getLocalPort(), "--http-port=" + alsoTaken.getLocalPort());

            assertThat(exitCode()).isEqualTo(1);
            assertThat(child.errorReader().lines())
                    .anyMatch(line -> line.contains("tcp: 127.0.0.1:" + taken.getLocalPort() + " cannot be bound"))
                    .anyMatch(line -> line.contains("http: 127.0.0.1:" + alsoTaken.getLocalPort() + " cannot be bound"))
                    .noneMatch(line -> line.contains("Promise already completed"));
        }
    }

    private void start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--address=127.0.0.1",
                "--health-port=0",
                "--metrics-port=0",
                "--ports-file=" + folder.resolve("ports.json")));
        for (var port : List.of("--tcp-port=", "--http-port=")) {
            if (Arrays.stream(arguments).noneMatch(argument -> argument.startsWith(port))) {
                command.add(port + 0);
            }
        }
        command.addAll(List.of(arguments));
        child = new ProcessBuilder(command).start();
    }

    /** What the process wrote once it served. */
    private JsonObject ports() throws Exception {
        var file = folder.resolve("ports.json");
        while (!Files.exists(file)) {
            // Waits for a process that may end instead, and never longer than a moment.
            assertThat(child.waitFor(10, TimeUnit.MILLISECONDS))
                    .as("the backend ended")
                    .isFalse();
        }
        return new JsonObject(Files.readString(file));
    }

    private void terminate() throws Exception {
        var kill = new ProcessBuilder("kill", "-s", "TERM", Long.toString(child.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private int exitCode() throws InterruptedException {
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return child.exitValue();
    }
}
