package io.tickstorm.cli.importing.beside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.load.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that stands by, through HAProxy ({@code backup}) and through ours. */
class StandbyBesideTest {
    private static final Duration CHECKED = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 60;
    private static final String NOBODY = "null";

    @TempDir
    private Path folder;

    private final Node first = new Node("127.0.1.20");
    private final Node second = new Node("127.0.1.21");
    private final Node spare = new Node("127.0.1.22");
    private final List<AutoCloseable> open = new ArrayList<>();
    private int data;
    private int theirs;
    private int ours;

    @BeforeEach
    void start() throws Exception {
        Original.program("haproxy");
        var ports = FreePorts.of(3);
        data = ports.get(0);
        theirs = ports.get(1);
        ours = ports.get(2);
        for (var node : List.of(first, second, spare)) {
            open.add(node.echo(data));
        }
        open.add(Original.haproxy(text(theirs), folder, theirs));
        open.add(new Ours(text(ours), folder));
    }

    @AfterEach
    void end() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
    }

    private String text(int front) {
        return """
                defaults
                    mode tcp
                    timeout connect 2s
                    timeout client 10s
                    timeout server 10s
                listen feed
                    bind 127.0.0.1:%2$d
                    server first %3$s:%1$d check inter 200ms
                    server second %4$s:%1$d check inter 200ms
                    server spare %5$s:%1$d check inter 200ms backup
                """.formatted(data, front, first.name(), second.name(), spare.name());
    }

    @Test
    void itGetsNothingWhileAnotherLivesAllWhenNoneDoesAndNothingAgainThen() throws Exception {
        assertThat(whoAnswers(theirs)).containsExactlyInAnyOrder(first.name(), second.name());
        assertThat(whoAnswers(ours)).containsExactlyInAnyOrder(first.name(), second.name());

        first.die();
        onlyAnswers(second);

        second.die();
        onlyAnswers(spare);

        first.echo(data);
        onlyAnswers(first);
    }

    private void onlyAnswers(Node node) throws Exception {
        for (int port : List.of(theirs, ours)) {
            Eventually.within(CHECKED, () -> whoAnswers(port).equals(Set.of(node.name())));
        }
    }

    private static Set<String> whoAnswers(int port) {
        var names = new HashSet<String>();
        for (int i = 0; i < CONNECTIONS; i++) {
            names.add(answer(port));
        }
        return names;
    }

    /** Until a check has failed, a connection may meet one that is gone. */
    private static String answer(int port) {
        try (var guest = new Guest(port)) {
            return guest.line();
        } catch (IOException e) {
            return NOBODY;
        }
    }
}
