package io.tickstorm.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a proxy from starting, as the caller of the process sees it. */
class MainTest {
    @TempDir
    Path folder;

    private final Said said = new Said();

    @AfterEach
    void tearDown() {
        said.close();
    }

    @Test
    void anUnknownFlagIsNamedWithTheUsage() {
        assertThat(Main.run(new String[] {"--port", "80"})).isEqualTo(2);

        assertThat(said.text().lines())
                .containsExactly("arguments: --port 80 (expected: --config FILE)", "usage: proxy --config FILE");
    }

    @Test
    void aFlagWithoutItsFileIsNotUnderstood() {
        assertThat(Main.run(new String[] {"--config"})).isEqualTo(2);

        assertThat(said.text()).contains("usage: proxy --config FILE");
    }

    @Test
    void noArgumentsAreNotUnderstood() {
        assertThat(Main.run(new String[0])).isEqualTo(2);

        assertThat(said.text()).contains("usage: proxy --config FILE");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        var missing = folder.resolve("missing.yaml").toString();

        assertThat(Main.run(new String[] {"--config", missing})).isEqualTo(2);

        assertThat(said.text()).startsWith(missing + ": cannot be read: ").contains("NoSuchFile");
    }

    @Test
    void everyProblemOfAFileIsListedWithItsLine() throws Exception {
        var file = write("""
                listeners:
                  - {name: tcp, protocol: TCP, port: 70000, backend: nobody}
                backends:
                  - name: web
                    discovery: {static: []}
                    balancing: {policy: Fastest}
                """);

        assertThat(Main.run(new String[] {"--config", file})).isEqualTo(2);

        assertThat(said.text().lines())
                .anyMatch(line -> line.startsWith(file + ":2: listeners[0].port: 70000 (expected: "))
                .anyMatch(line -> line.startsWith(file + ":2: listeners[0].backend: \"nobody\" (expected: "))
                .anyMatch(line -> line.startsWith(file + ":6: backends[0].balancing.policy: \"Fastest\" (expected: "));
    }

    @Test
    void everyPortThatIsTakenIsListed() throws Exception {
        try (var taken = EchoServer.start("a");
                var alsoTaken = EchoServer.start("b")) {
            var file = write("""
                    listeners:
                      - {name: tcp, protocol: TCP, port: %d, address: 127.0.0.1, backend: web}
                    backends:
                      - {name: web, discovery: {static: []}}
                    health: {port: 0, address: 127.0.0.1}
                    admin: {port: 0}
                    metrics: {port: %d, address: 127.0.0.1}
                    """.formatted(taken.port(), alsoTaken.port()));

            assertThat(Main.run(new String[] {"--config", file})).isEqualTo(1);

            assertThat(said.text())
                    .contains("listener tcp: 127.0.0.1:" + taken.port() + " cannot be bound")
                    .contains("metrics: 127.0.0.1:" + alsoTaken.port() + " cannot be bound");
        }
    }

    private String write(String text) throws IOException {
        return Files.writeString(folder.resolve("proxy.yaml"), text).toString();
    }
}
