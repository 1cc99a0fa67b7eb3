package io.tickstorm.cli.importing.beside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.load.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/migrating/tcp.md: TCP with checks on a second port, through HAProxy and through ours. */
class TcpBesideTest {
    private static final Duration CHECKED = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 90;

    @TempDir
    private Path folder;

    private final List<Node> nodes = List.of(new Node("127.0.1.10"), new Node("127.0.1.11"), new Node("127.0.1.12"));
    private final List<AutoCloseable> open = new ArrayList<>();
    private int theirs;
    private int ours;

    @BeforeEach
    void start() throws Exception {
        Original.program("haproxy");
        var ports = FreePorts.of(6);
        nodes.forEach(node -> node.echo(ports.get(0)).http(ports.get(1)));
        open.addAll(nodes);
        theirs = ports.get(2);
        ours = ports.get(4);
        open.add(Original.haproxy(text(ports.get(0), ports.get(1), theirs, ports.get(3)), folder, theirs));
        open.add(new Ours(text(ports.get(0), ports.get(1), ours, ports.get(5)), folder));
    }

    @AfterEach
    void end() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
    }

    private static String text(int data, int check, int front, int probes) throws Exception {
        return Original.text(
                "tcp/haproxy.cfg",
                Map.of(
                        "10.0.1.", "127.0.1.",
                        ":8080 check", ":" + data + " check",
                        ":8081 check", ":" + check + " check",
                        "connect port 8081", "connect port " + check,
                        "*:8080", "127.0.0.1:" + front,
                        "*:8081", "127.0.0.1:" + probes,
                        "maxconn 100000", "maxconn 1000",
                        "inter 3s fastinter 1s", "inter 300ms fastinter 100ms"));
    }

    @Test
    void connectionsAreSharedOutAlike() throws Exception {
        assertThat(Guest.shares(whoAnswers(theirs))).containsExactly(30L, 30L, 30L);
        assertThat(Guest.shares(whoAnswers(ours)))
                .hasSize(3)
                .allSatisfy(share -> assertThat(share).isBetween(28L, 32L));
    }

    @Test
    void aServerWhoseCheckFailsGetsNoNewConnectionAndKeepsThoseItHas() throws Exception {
        for (int port : List.of(theirs, ours)) {
            try (var kept = connectedTo(nodes.get(1), port)) {
                nodes.get(1).well(false);
                Eventually.within(
                        CHECKED, () -> !whoAnswers(port).contains(nodes.get(1).name()));

                kept.say("still there?\n");
                assertThat(kept.line()).isEqualTo("still there?");

                nodes.get(1).well(true);
                Eventually.within(
                        CHECKED, () -> whoAnswers(port).contains(nodes.get(1).name()));
            }
        }
    }

    @Test
    void whenAServerDiesEveryConnectionIsServedByAnother() throws Exception {
        nodes.get(2).die();

        for (int port : List.of(theirs, ours)) {
            assertThat(whoAnswers(port))
                    .hasSize(CONNECTIONS)
                    .doesNotContain(nodes.get(2).name(), "null");
        }
    }

    private static Guest connectedTo(Node node, int port) throws Exception {
        while (true) {
            var guest = new Guest(port);
            if (guest.line().equals(node.name())) {
                return guest;
            }
            guest.close();
        }
    }

    private static List<String> whoAnswers(int port) throws Exception {
        var names = new ArrayList<String>();
        for (int i = 0; i < CONNECTIONS; i++) {
            try (var guest = new Guest(port)) {
                names.add(guest.line());
            }
        }
        return names;
    }
}
