package io.tickstorm.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.backend.SettingsReader.Outcome;
import io.tickstorm.backend.stream.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
    @Test
    void withoutAnythingTheDocumentedDefaultsHold() {
        assertThat(valid(Map.of()))
                .isEqualTo(new Settings(
                        "0.0.0.0",
                        8000,
                        8080,
                        8081,
                        9090,
                        null,
                        new Credentials.Any(),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(25),
                        false,
                        false,
                        0,
                        2,
                        "id-1",
                        "id-1"));
    }

    @Test
    void everySettingCanBeGivenByTheEnvironment() {
        var environment = Map.ofEntries(
                Map.entry("ADDRESS", "127.0.0.1"),
                Map.entry("HTTP_PORT", "1"),
                Map.entry("TCP_PORT", "2"),
                Map.entry("HEALTH_PORT", "3"),
                Map.entry("METRICS_PORT", "4"),
                Map.entry("PORTS_FILE", "ports.json"),
                Map.entry("STREAM_USER", "storm"),
                Map.entry("STREAM_PASS", "secret"),
                Map.entry("HEARTBEAT_TIMEOUT", "1m30s"),
                Map.entry("DRAIN_DELAY", "250ms"),
                Map.entry("DRAIN_TIMEOUT", "0s"),
                Map.entry("LOG_POSTS", "true"),
                Map.entry("RUDE", "true"),
                Map.entry("FAIL_PERCENT", "30"),
                Map.entry("WORKERS", "7"),
                Map.entry("POD_NAME", "pod-a"));

        assertThat(valid(environment))
                .isEqualTo(new Settings(
                        "127.0.0.1",
                        1,
                        2,
                        3,
                        4,
                        Path.of("ports.json"),
                        new Credentials.One("storm", "secret"),
                        Duration.ofSeconds(90),
                        Duration.ofMillis(250),
                        Duration.ZERO,
                        true,
                        true,
                        30,
                        7,
                        "id-1",
                        "pod-a"));
    }

    @Test
    void aFlagWinsOverTheEnvironmentAndAnEmptyVariableIsNone() {
        var settings = valid(Map.of("HTTP_PORT", "1", "TCP_PORT", ""), "--http-port", "0", "--metrics-port=0");

        assertThat(settings.httpPort()).isZero();
        assertThat(settings.tcpPort()).isEqualTo(8080);
        assertThat(settings.metricsPort()).isZero();
    }

    @Test
    void everyProblemIsNamedAtOnce() {
        var environment =
                Map.of("HTTP_PORT", "tcp://10.0.0.1:80", "DRAIN_DELAY", "5", "RUDE", "yes", "STREAM_USER", "u");

        assertThat(problems(
                        environment,
                        "--tcp-port=70000",
                        "--colour",
                        "--workers",
                        "-1",
                        "--fail-percent=101",
                        "--address"))
                .containsExactlyInAnyOrder(
                        "--colour: unknown (expected: one of the flags that --help shows)",
                        "--address: no value",
                        "HTTP_PORT: tcp://10.0.0.1:80 (expected: 0..65535)",
                        "--tcp-port: 70000 (expected: 0..65535)",
                        "--workers: -1 (expected: 0..1024)",
                        "--fail-percent: 101 (expected: 0..100)",
                        "DRAIN_DELAY: 5 (expected: a duration such as 5s, 250ms or 1m30s, 0s to 3600s)",
                        "RUDE: yes (expected: true or false)",
                        "STREAM_PASS: not set (expected: both of STREAM_USER and STREAM_PASS, or none)");
    }

    @Test
    void onePortCannotServeTwoThings() {
        assertThat(problems(Map.of("TCP_PORT", "8000")))
                .containsExactly("port 8000: given twice (expected: a port of its own for each)");
        assertThat(valid(Map.of("TCP_PORT", "0", "HTTP_PORT", "0")).httpPort()).isZero();
    }

    @Test
    void helpIsNoProblem() {
        assertThat(read(Map.of("RUDE", "yes"), "--help")).isInstanceOf(Outcome.Help.class);
    }

    private static Settings valid(Map<String, String> environment, String... arguments) {
        return switch (read(environment, arguments)) {
            case Outcome.Valid(Settings settings) -> settings;
            case Outcome.Invalid(List<String> problems) -> throw new AssertionError(problems);
            case Outcome.Help() -> throw new AssertionError("help");
        };
    }

    private static List<String> problems(Map<String, String> environment, String... arguments) {
        return switch (read(environment, arguments)) {
            case Outcome.Invalid(List<String> problems) -> problems;
            case Outcome.Valid(Settings settings) -> throw new AssertionError(settings);
            case Outcome.Help() -> throw new AssertionError("help");
        };
    }

    private static Outcome read(Map<String, String> environment, String... arguments) {
        return SettingsReader.read(arguments, environment, "id-1", 2);
    }
}
