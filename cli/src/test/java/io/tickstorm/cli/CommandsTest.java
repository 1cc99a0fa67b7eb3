package io.tickstorm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private static final String RESOURCE = "apiVersion: tickstorm.io/v1alpha1\nkind: TickStormCluster\n";

    @TempDir
    private Path folder;

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void leave() {
        System.setOut(out);
        System.setErr(err);
    }

    @Test
    void checkNamesEveryProblemOfAConfigurationWithFileLineAndPath() throws IOException {
        var file = file("proxy.yaml", """
                listeners:
                  - {name: http, protocol: HTTP, port: 70000, backend: web}
                backends:
                  - name: web
                    discovery: {static: ["10.0.0.1:8000"]}
                    balancing: {policy: Fastest}
                """);

        assertThat(Main.run(new String[] {"check", file})).isEqualTo(2);

        assertThat(complained.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        file + ":2: listeners[0].port: 70000 (expected: 0..65535)",
                        file
                                + ":6: backends[0].balancing.policy: \"Fastest\" (expected: LeastConnections or RoundRobin or"
                                + " PowerOfTwoChoices or PeakEwma or Random or ConsistentHash or SourceIpHash)");
    }

    @Test
    void simPlaysTheScenarioThatIsNamed() {
        assertThat(Main.run(new String[] {"sim", "--scenario", "connections", "--seed", "7"}))
                .isZero();

        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith("### connections\n")
                .contains("| LeastConnections  | 1.000 .. 1.000 |");
    }

    @Test
    void simNamesTheScenariosThereAreIfOneIsUnknown() {
        assertThat(Main.run(new String[] {"sim", "--scenario", "quake"})).isEqualTo(2);

        assertThat(complained.toString(StandardCharsets.UTF_8))
                .startsWith("tickstorm sim: --scenario: quake (expected: steady or slow-endpoint or ");
    }

    @Test
    void checkNamesEveryProblemOfAResource() throws IOException {
        var file = file(
                "cluster.yaml",
                RESOURCE + "metadata: {name: demo}\nspec:\n  backend: {replica: 3}\n  loadBalancer: {replicas: 0}\n");

        assertThat(Main.run(new String[] {"check", file})).isEqualTo(2);

        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains(file + ":5: spec.backend.replica: ")
                .contains(file + ":6: spec.loadBalancer.replicas: 0 (expected: 1..1000)");
    }

    @Test
    void checkSaysWhatAFileWithoutProblemsIs() throws IOException {
        var resource = file("cluster.yaml", RESOURCE + "metadata: {name: demo}\nspec: {}\n");
        var configuration = file("proxy.yaml", """
                listeners: [{name: tcp, protocol: TCP, port: 0, backend: web}]
                backends: [{name: web, discovery: {static: ["10.0.0.1:8000"]}}]
                """);

        assertThat(Main.run(new String[] {"check", resource, configuration})).isZero();

        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        resource + ": TickStormCluster demo, no problem",
                        configuration + ": proxy configuration with 1 listener and 1 backend, no problem");
    }

    @Test
    void importWritesWhatCheckAcceptsAndTellsOfEveryLine() throws IOException {
        var original = file("haproxy.cfg", """
                frontend web
                    bind *:8080
                    mode http
                    errorfile 503 /etc/503.http
                    default_backend web
                backend web
                    mode http
                    server a 10.0.0.1:8000
                """);
        var result = folder.resolve("proxy.yaml").toString();

        assertThat(Main.run(new String[] {"import", original, "-o", result})).isEqualTo(3);
        assertThat(Main.run(new String[] {"check", result})).isZero();

        assertThat(complained.toString(StandardCharsets.UTF_8).lines())
                .contains(
                        original + ":2: carried: bind *:8080: listener web",
                        original
                                + ":4: not carried: errorfile 503 /etc/503.http: the proxy's own answers are plain: a status and its reason",
                        original
                                + " (HAProxy): 8 directives: 7 carried over, 0 not needed, 0 different in meaning, 1 not carried over");
    }

    @Test
    void importWritesAResourceAndTheReportAsJson() throws IOException {
        var original = file(
                "site.conf",
                "upstream web { server 10.0.0.1:8000; }\nserver { listen 8080; location / { proxy_set_header Host $host; proxy_pass http://web; } }\n");

        assertThat(Main.run(new String[] {"import", "--cluster", "shop", "--report", "json", original}))
                .isZero();

        assertThat(said.toString(StandardCharsets.UTF_8)).contains("kind: TickStormCluster", "address: 10.0.0.1");
        var report = new JsonObject(complained.toString(StandardCharsets.UTF_8));
        assertThat(report.getString("format")).isEqualTo("NGINX");
        assertThat(report.getJsonObject("counts").getInteger("LOST")).isZero();
        assertThat(report.getJsonArray("directives")).hasSize(7);
    }

    @Test
    void importWithStrictFailsForWhatDiffersInMeaning() throws IOException {
        var original = file("nginx.conf", """
                events {}
                stream {
                    upstream db { server 10.0.0.1:5432 max_fails=3; server 10.0.0.2:5432; }
                    server { listen 5432; proxy_pass db; }
                }
                """);

        assertThat(Main.run(new String[] {"import", original})).isZero();
        assertThat(Main.run(new String[] {"import", "--strict", original})).isEqualTo(3);
    }

    @Test
    void importRefusesWhatBreaksItsGrammarOrHasNoListener() throws IOException {
        assertThat(Main.run(new String[] {"import", file("open.conf", "http {\n  server {\n")}))
                .isEqualTo(2);
        assertThat(Main.run(new String[] {"import", file("empty.cfg", "global\n  maxconn 10\n")}))
                .isEqualTo(2);
        assertThat(Main.run(new String[] {"import", file("prose.txt", "Dear reader\n")}))
                .isEqualTo(2);

        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains("open.conf:2: server { (expected: a } that ends it)")
                .contains("empty.cfg: nothing in it can be a listener")
                .contains("prose.txt: neither of HAProxy nor of nginx");
        assertThat(said.size()).isZero();
    }

    @Test
    void aFileThatIsNotThereIsToldWithoutAStackTrace() {
        assertThat(Main.run(new String[] {"check", folder + "/none.yaml"})).isEqualTo(1);

        assertThat(complained.toString(StandardCharsets.UTF_8))
                .isEqualTo("tickstorm: " + folder + "/none.yaml: there is no such file\n");
    }

    @Test
    void runRefusesAnImageThatNoCommandStandsFor() throws IOException {
        var file = file(
                "cluster.yaml",
                RESOURCE + "metadata: {name: shop}\nspec: {backend: {image: shop:1, ports: {http: 3000}}}\n");

        assertThat(Main.run(new String[] {"run", file})).isEqualTo(2);

        assertThat(complained.toString(StandardCharsets.UTF_8))
                .startsWith(
                        file + ": spec.backend.image: shop:1 (expected: no image, since there are no containers here")
                .contains("tickstorm.io/local-command");
    }

    @Test
    void aWrongCommandLineIsNotUnderstood() {
        assertThat(Main.run(new String[] {"lood"})).isEqualTo(2);
        assertThat(Main.run(new String[] {"load", "ftp://h"})).isEqualTo(2);
        assertThat(Main.run(new String[] {"load", "http://h", "--duration", "10"}))
                .isEqualTo(2);

        assertThat(complained.toString(StandardCharsets.UTF_8))
                .contains("lood")
                .contains("URL: ftp://h (expected: http://HOST[:PORT][/PATH] or tickstorm://HOST[:PORT])")
                .contains("\"10\" (expected: a duration such as 10s, 1m30s or 250ms)");
    }

    @Test
    void aCommandThatIsNamedIsSetUpAlone() {
        assertThat(Main.commandLine(Main.NAME, "status").getSubcommands()).containsOnlyKeys("status");
    }

    @Test
    void helpListsEveryCommandAndDescribesEach() {
        assertThat(Main.run(new String[] {"--help"})).isZero();
        assertThat(Main.run(new String[] {"help"})).isZero();
        assertThat(Main.run(new String[] {"help", "rollout"})).isZero();

        assertThat(said.toString(StandardCharsets.UTF_8))
                .containsPattern("(?s)  proxy .*  status .*  version .*  proxy .*  status .*  version .*")
                .contains("Usage: tickstorm rollout [-hV] [COMMAND]");
    }

    @Test
    void aMistypedCommandIsSuggested() {
        assertThat(Main.run(new String[] {"statsu", "shop"})).isEqualTo(2);

        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("Did you mean: tickstorm status");
    }

    @Test
    void completionKnowsEveryCommandThatIsNotHidden() {
        assertThat(Main.run(new String[] {"completion", "zsh"})).isZero();

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("bashcompinit")
                .contains("proxy", "operator", "backend", "check", "run", "load", "--post-share")
                .doesNotContain("demo");
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
