package io.tickstorm.cli.importing.beside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/migrating/least-connections.md: three servers by least connections, judged by their traffic, through nginx and through ours. */
class LeastConnectionsBesideTest {
    private static final int AT_ONCE = 60;

    @TempDir
    private Path folder;

    private final List<Node> nodes = List.of(new Node("127.0.3.10"), new Node("127.0.3.11"), new Node("127.0.3.12"));
    private final List<AutoCloseable> open = new ArrayList<>();
    private int theirs;
    private int ours;

    @BeforeEach
    void start() throws Exception {
        Original.program("nginx");
        var ports = FreePorts.of(3);
        nodes.forEach(node -> node.http(ports.getFirst()));
        open.addAll(nodes);
        theirs = ports.get(1);
        ours = ports.get(2);
        open.add(Original.nginx(text(ports.getFirst(), theirs), folder, theirs));
        open.add(new Ours(text(ports.getFirst(), ours), folder));
    }

    @AfterEach
    void end() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
    }

    private String text(int data, int front) throws IOException {
        return Original.text(
                "least-connections/nginx.conf",
                Map.of(
                        "10.0.3.",
                        "127.0.3.",
                        ":3000",
                        ":" + data,
                        "listen 80",
                        "listen 127.0.0.1:" + front,
                        // one worker, since each counts for itself
                        "worker_processes auto",
                        "worker_processes 1",
                        "/var/log/nginx/access.log",
                        folder.resolve("access.log").toString(),
                        "    error_log /var/log/nginx/error.log warn;\n",
                        ""));
    }

    @Test
    void requestsAtOnceAreSharedOutByWhatRuns() throws Exception {
        for (int port : List.of(theirs, ours)) {
            assertThat(Guest.shares(atOnce(port, "/slow", 200)))
                    .hasSize(3)
                    .allSatisfy(share -> assertThat(share).isBetween(18L, 22L));
        }
    }

    @Test
    void whenAServerDiesNobodySeesAnError() throws Exception {
        nodes.getFirst().die();

        for (int port : List.of(theirs, ours)) {
            assertThat(Guest.shares(atOnce(port, "/slow", 200)))
                    .hasSize(2)
                    .allSatisfy(share -> assertThat(share).isBetween(25L, 35L));
        }
    }

    @Test
    void anAnswerOf503IsTriedElsewhereAndItsServerLeftOut() throws Exception {
        nodes.get(1).answers("503 Service Unavailable");

        for (int port : List.of(theirs, ours)) {
            nodes.get(1).forget();
            // one after the other: what is tried again is under a budget here
            for (int i = 0; i < AT_ONCE; i++) {
                try (var guest = new Guest(port)) {
                    var answer = guest.get("/");
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.node()).isNotEqualTo(nodes.get(1).name());
                }
            }
            assertThat(nodes.get(1).served())
                    .as("requests until it was left out")
                    .isBetween(1, 4);
        }
    }

    @Test
    void whenAllAnswer503SoDoesTheProxy() throws Exception {
        nodes.forEach(node -> node.answers("503 Service Unavailable"));

        for (int port : List.of(theirs, ours)) {
            try (var guest = new Guest(port)) {
                assertThat(guest.get("/").status()).isEqualTo(503);
            }
        }
    }

    /** Who answered; each with the status that is expected. */
    private static List<String> atOnce(int port, String path, int status) throws Exception {
        var guests = new ArrayList<Callable<String>>();
        for (int i = 0; i < AT_ONCE; i++) {
            guests.add(() -> {
                try (var guest = new Guest(port)) {
                    var answer = guest.get(path);
                    assertThat(answer.status()).isEqualTo(status);
                    return answer.node();
                }
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var nodes = new ArrayList<String>();
            for (var answered : threads.invokeAll(guests)) {
                nodes.add(answered.get());
            }
            return nodes;
        }
    }
}
