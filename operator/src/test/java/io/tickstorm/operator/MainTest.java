package io.tickstorm.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator as a process, whose end must not hang on an API server. */
@Timeout(90)
class MainTest {
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private ServerSocket silent;
    private Process child;

    @BeforeEach
    void listen() throws IOException {
        silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }

    @AfterEach
    void end() throws IOException {
        child.destroyForcibly();
        silent.close();
        for (var socket : accepted) {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void sigtermExitsWithZeroWhenTheApiServerNeverAnswers(String leaderElection) throws Exception {
        start(leaderElection);
        accepted.add(silent.accept());
        Thread.ofVirtual().start(this::acceptAll);

        terminate();

        assertThat(exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void sigtermExitsWithZeroWhenTheApiServerCannotBeReached(String leaderElection) throws Exception {
        silent.close();
        start(leaderElection);
        awaitLine("watching");

        terminate();

        assertThat(exitCode()).isZero();
    }

    @Test
    void anArgumentThatNobodyKnowsEndsTheProcess() throws Exception {
        start("true", "serve");

        assertThat(exitCode()).isEqualTo(2);
        assertThat(child.errorReader().lines()).anyMatch(line -> line.contains("serve: unknown argument"));
    }

    private void acceptAll() {
        try {
            while (!silent.isClosed()) {
                accepted.add(silent.accept());
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void start(String leaderElection, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        var environment = builder.environment();
        environment.put("KUBERNETES_MASTER", "http://127.0.0.1:" + silent.getLocalPort());
        // Nothing of the machine's own configuration.
        environment.put("KUBECONFIG", "/dev/null");
        environment.put("PROXY_IMAGE", "proxy:test");
        environment.put("BACKEND_IMAGE", "backend:test");
        environment.put("PROBES_PORT", "0");
        environment.put("METRICS_PORT", "0");
        environment.put("LEADER_ELECTION", leaderElection);
        child = builder.start();
    }

    private void awaitLine(String part) throws IOException {
        var said = child.errorReader();
        var lines = new ArrayList<String>();
        for (var line = said.readLine(); line != null; line = said.readLine()) {
            lines.add(line);
            if (line.contains(part)) {
                return;
            }
        }
        throw new AssertionError("not said: " + part + ", but: " + lines);
    }

    private void terminate() throws Exception {
        var kill = new ProcessBuilder("kill", "-s", "TERM", Long.toString(child.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private int exitCode() throws InterruptedException {
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return child.exitValue();
    }
}
