package io.tickstorm.operator;

import io.tickstorm.process.LogLevels;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.event.Level;

/** What API servers of this process log while this is open: kube-api-test hands it to a logger, which writes to stderr. */
public final class ApiServerLog implements AutoCloseable {
    private static final String LOGGER = "io.fabric8.kubeapitest.process.KubeAPIServerProcess.APIServerProcessLogs";

    private final LogLevels levels = new LogLevels();
    private final PrintStream before = System.err;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    public ApiServerLog() {
        System.setErr(new PrintStream(new Lines(), true, StandardCharsets.UTF_8));
        levels.set(LOGGER, Level.DEBUG);
    }

    /** Those of them that warn or complain, by klog's first letter. */
    public List<String> complaints() {
        return lines.stream()
                .filter(line -> line.matches(".*APIServerProcessLogs - [EW][0-9]{4} .*"))
                .toList();
    }

    /** All of them. */
    public List<String> lines() {
        return lines.stream()
                .filter(line -> line.contains("APIServerProcessLogs - "))
                .toList();
    }

    @Override
    public void close() {
        levels.set(LOGGER, Level.INFO);
        System.setErr(before);
    }

    /** Keeps what the API server says, and passes on what others say. */
    private final class Lines extends OutputStream {
        private final java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();

        @Override
        public synchronized void write(int next) {
            if (next != '\n') {
                line.write(next);
                return;
            }
            var said = line.toString(StandardCharsets.UTF_8);
            line.reset();
            lines.add(said);
            if (!said.contains("APIServerProcessLogs")) {
                before.println(said);
            }
        }
    }
}
