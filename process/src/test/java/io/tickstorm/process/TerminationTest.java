package io.tickstorm.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.OS;

/** Ends real processes by real signals: what {@link Terminated} does is told on its standard streams. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TerminationTest {
    private static final long PATIENCE_SECONDS = 60;

    private Process child;
    private BufferedReader said;

    @AfterEach
    void endChild() {
        if (child != null) {
            child.destroyForcibly();
        }
    }

    @Test
    void sigtermDrainsAndExitsWithZero() throws Exception {
        start("drains", "PT60S");

        signal("TERM");

        assertThat(said.readLine()).isEqualTo("drain started");
        assertThat(exitCode()).isZero();
        assertThat(said.readLine()).isEqualTo("drain ended");
    }

    @Test
    void sigintDrainsAndExitsWithZero() throws Exception {
        start("drains", "PT60S");

        signal("INT");

        assertThat(exitCode()).isZero();
        assertThat(said.lines()).containsExactly("drain started", "drain ended");
    }

    @Test
    void aSecondSigintEndsAtOnceWith130() throws Exception {
        start("hangs", "PT1H");
        signal("INT");
        assertThat(said.readLine()).isEqualTo("drain started");

        signal("INT");

        assertThat(exitCode()).isEqualTo(130);
    }

    @Test
    void aSecondSigtermChangesNothing() throws Exception {
        start("hangs", "PT1H");
        signal("TERM");
        assertThat(said.readLine()).isEqualTo("drain started");

        signal("TERM");

        // Only a child that still drains can be ended by a SIGINT.
        signal("INT");
        assertThat(exitCode()).isEqualTo(130);
        assertThat(said.lines()).isEmpty();
    }

    @Test
    void aDrainBeyondItsLimitExitsWithOneAndSaysWhatWasLeft() throws Exception {
        start("hangs", "PT0.2S");

        signal("TERM");

        assertThat(exitCode()).isEqualTo(1);
        assertThat(child.errorReader().lines()).anyMatch(line -> line.contains("left: 3 requests"));
    }

    @Test
    void aFailedDrainExitsWithOne() throws Exception {
        start("fails", "PT60S");

        signal("TERM");

        assertThat(exitCode()).isEqualTo(1);
        assertThat(child.errorReader().lines()).anyMatch(line -> line.contains("the listener is stuck"));
    }

    @Test
    void anExitOfTheProcessItselfDoesNotDrain() throws Exception {
        start("exits", "PT60S");

        assertThat(exitCode()).isEqualTo(7);
        assertThat(said.lines()).isEmpty();
    }

    @Test
    void aCarelessProcessEndsAtOnce() throws Exception {
        start("rude", "PT60S");

        signal("TERM");

        assertThat(exitCode()).isEqualTo(143);
        assertThat(said.lines()).isEmpty();
    }

    @Test
    void aLimitMustBePositive() {
        assertThatThrownBy(() -> Termination.on(Future::succeededFuture, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit: PT0S (expected: above zero)");
    }

    /**
     * Starts {@link Terminated} and returns once it handles signals. A shell's background job ignores SIGINT and so does all
     * that it starts, a Java runtime included; {@code env} takes that back.
     */
    private void start(String way, String limit) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var path = System.getProperty("java.class.path");
        var program = List.of(java, "-XX:+UseSerialGC", "-Xmx64m", "-cp", path, Terminated.class.getName(), way, limit);
        var command = new ArrayList<String>();
        if (OS.current() == OS.LINUX) {
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(program);
        child = new ProcessBuilder(command).start();
        said = child.inputReader();
        assertThat(said.readLine()).isEqualTo("ready");
    }

    private void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-s", name, Long.toString(child.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private int exitCode() throws InterruptedException {
        assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return child.exitValue();
    }
}
