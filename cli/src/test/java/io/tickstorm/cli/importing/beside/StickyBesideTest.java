package io.tickstorm.cli.importing.beside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.load.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/migrating/sticky.md: sticky clients, WebSockets and events over four nodes, through HAProxy and nginx and through ours. */
class StickyBesideTest {
    private static final Duration CHECKED = Duration.ofSeconds(20);
    private static final int PEOPLE = 40;

    @TempDir
    private Path folder;

    private final Map<String, Node> nodes = new HashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private int theirs;
    private int ours;

    @AfterEach
    void end() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
    }

    private void haproxy() throws Exception {
        Original.program("haproxy");
        var ports = start();
        open.add(Original.haproxy(haproxy(ports.get(0), theirs, ports.get(3)), folder, theirs));
        open.add(new Ours(haproxy(ports.get(0), ours, ports.get(4)), folder));
        wellEverywhere();
    }

    private void nginx() throws Exception {
        Original.program("nginx");
        var ports = start();
        open.add(Original.nginx(nginx(ports.get(0), theirs, ports.get(3)), folder, theirs));
        open.add(new Ours(nginx(ports.get(0), ours, ports.get(4)), folder));
    }

    private List<Integer> start() throws IOException {
        var ports = FreePorts.of(5);
        for (var address : List.of("127.0.2.10", "127.0.2.11", "127.0.2.12", "127.0.2.13")) {
            var node = new Node(address).http(ports.getFirst());
            nodes.put(address, node);
            open.add(node);
        }
        theirs = ports.get(1);
        ours = ports.get(2);
        return ports;
    }

    private static String haproxy(int data, int front, int stats) throws IOException {
        return Original.text(
                "sticky/haproxy.cfg",
                Map.of(
                        "10.0.2.", "127.0.2.",
                        ":8000 check", ":" + data + " check",
                        "*:8000", "127.0.0.1:" + front,
                        "127.0.0.1:8404", "127.0.0.1:" + stats,
                        "maxconn 100000", "maxconn 1000",
                        "inter 3s", "inter 300ms",
                        "stats socket /run/haproxy/admin.sock mode 0660 level admin", "stats timeout 10s"));
    }

    private static String nginx(int data, int front, int status) throws IOException {
        return Original.text(
                "sticky/nginx.conf",
                Map.of(
                        "10.0.2.10:8000", "127.0.2.10:" + data,
                        "10.0.2.11:8000", "127.0.2.11:" + data,
                        "10.0.2.12:8000", "127.0.2.12:" + data,
                        "10.0.2.13:8000", "127.0.2.13:" + data,
                        "listen 8000", "listen 127.0.0.1:" + front,
                        "127.0.0.1:8888", "127.0.0.1:" + status,
                        // so many that the load of one guest is no news to anybody
                        "worker_connections 100000", "worker_connections 1000"));
    }

    private void wellEverywhere() throws Exception {
        for (int port : List.of(theirs, ours)) {
            Eventually.within(CHECKED, () -> seen(port).equals(nodes.keySet()));
        }
    }

    private static Set<String> seen(int port) throws IOException {
        var seen = new HashSet<String>();
        for (int i = 0; i < 8; i++) {
            try (var guest = new Guest(port)) {
                seen.add(guest.get("/").node());
            }
        }
        return seen;
    }

    @Test
    void besideHaproxyPeopleAreSharedOutAndStayByTheirCookie() throws Exception {
        haproxy();

        for (int port : List.of(theirs, ours)) {
            var first = new ArrayList<String>();
            for (int i = 0; i < PEOPLE; i++) {
                try (var guest = new Guest(port)) {
                    var node = guest.get("/").node();
                    first.add(node);
                    assertThat(guest.get("/again").node()).isEqualTo(node);
                    try (var later = new Guest(port).with(guest)) {
                        assertThat(later.get("/later").node()).isEqualTo(node);
                    }
                }
            }
            assertThat(Guest.shares(first))
                    .hasSize(4)
                    .allSatisfy(share -> assertThat(share).isBetween(8L, 12L));
        }
    }

    @Test
    void besideHaproxySomebodyWhoseNodeDiesStaysWithAnother() throws Exception {
        haproxy();

        try (var there = new Guest(theirs);
                var here = new Guest(ours)) {
            var lost =
                    new HashSet<>(List.of(there.get("/").node(), here.get("/").node()));
            for (var node : lost) {
                nodes.get(node).die();
            }
            for (int port : List.of(theirs, ours)) {
                Eventually.within(CHECKED, () -> seen(port).stream().noneMatch(lost::contains));
                try (var guest = new Guest(port).with(port == theirs ? there : here)) {
                    var next = guest.get("/");
                    assertThat(next.status()).isEqualTo(200);
                    assertThat(lost).doesNotContain(next.node());
                    assertThat(guest.get("/").node()).isEqualTo(next.node());
                }
            }
        }
    }

    @Test
    void besideHaproxySocketsAndEventsOfOneAddressComeToOneNode() throws Exception {
        haproxy();

        socketsAndEventsPass();
    }

    @Test
    void besideHaproxyWhoAsksTooMuchIsAnsweredWith429() throws Exception {
        haproxy();

        for (int port : List.of(theirs, ours)) {
            assertThat(statuses(port, 1300)).containsExactlyInAnyOrder(200, 429);
            try (var other = new Guest(port, "127.0.0.2")) {
                assertThat(other.get("/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void besideNginxAnAddressStaysWithItsNodeForAllItAsks() throws Exception {
        nginx();

        socketsAndEventsPass();
        for (int port : List.of(theirs, ours)) {
            assertThat(seen(port)).hasSize(1);
        }
    }

    @Test
    void besideNginxAnAddressWhoseNodeDiesStaysWithAnotherAndSeesNoError() throws Exception {
        nginx();

        for (int port : List.of(theirs, ours)) {
            var node = seen(port).iterator().next();
            nodes.get(node).die();
            var next = new ArrayList<String>();
            for (int i = 0; i < 10; i++) {
                try (var guest = new Guest(port)) {
                    var answer = guest.get("/");
                    assertThat(answer.status()).isEqualTo(200);
                    next.add(answer.node());
                }
            }
            assertThat(next).doesNotContain(node);
            assertThat(Set.copyOf(next)).hasSize(1);
        }
    }

    @Test
    void besideNginxWhoAsksTooMuchIsRefused() throws Exception {
        nginx();

        // nginx says 503 unless limit_req_status says otherwise; the report tells of ours
        assertThat(statuses(theirs, 500)).containsExactlyInAnyOrder(200, 503);
        assertThat(statuses(ours, 500)).containsExactlyInAnyOrder(200, 429);
    }

    private void socketsAndEventsPass() throws IOException {
        for (int port : List.of(theirs, ours)) {
            try (var events = new Guest(port);
                    var socket = new Guest(port)) {
                var streamed = events.get("/events");
                assertThat(streamed.body()).isEqualTo("data: 1\n\ndata: 2\n\ndata: 3\n\n");
                assertThat(streamed.headers()).containsEntry("content-type", "text/event-stream");

                var upgraded = socket.upgrade("/ws");
                assertThat(upgraded.status()).isEqualTo(101);
                assertThat(upgraded.headers()).containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
                assertThat(upgraded.node()).isEqualTo(streamed.node());
                socket.say("echo\n");
                assertThat(socket.line()).isEqualTo("echo");
            }
        }
    }

    private static Set<Integer> statuses(int port, int requests) throws IOException {
        var statuses = new HashSet<Integer>();
        var guest = new Guest(port);
        for (int i = 0; i < requests; i++) {
            var answer = guest.get("/");
            statuses.add(answer.status());
            if (answer.headers().getOrDefault("connection", "").equals("close")) {
                guest.close();
                guest = new Guest(port);
            }
        }
        guest.close();
        return statuses;
    }
}
