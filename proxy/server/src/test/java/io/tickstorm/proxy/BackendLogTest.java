package io.tickstorm.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.backend.BackendEvent;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.Upstream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class BackendLogTest {
    private final Upstream upstream =
            new Upstream(Endpoint.active(new EndpointId("uid-1", "10.0.0.1", 8000), "backend-0"));

    @Test
    void aLineNamesTheUpstreamAndWhatCausedIt() {
        var ejected = new BackendEvent.Ejected(
                upstream, "nothing was heard for 1s, 3 answers were awaited", Duration.ofNanos(10_123_456_789L));

        assertThat(BackendLog.words(ejected))
                .isEqualTo("backend-0 (10.0.0.1:8000) is ejected for 10s123ms: nothing was heard for 1s, 3 answers were"
                        + " awaited");
        assertThat(BackendLog.level(ejected)).isEqualTo(Level.INFO);
    }

    @Test
    void panicIsAWarningAndItsEndIsNone() {
        var panic = new BackendEvent.ModeChanged(Mode.NORMAL, Mode.PANIC);

        assertThat(BackendLog.words(panic)).isEqualTo("mode NORMAL -> PANIC");
        assertThat(BackendLog.level(panic)).isEqualTo(Level.WARN);
        assertThat(BackendLog.level(new BackendEvent.ModeChanged(Mode.PANIC, Mode.NORMAL)))
                .isEqualTo(Level.INFO);
    }

    @Test
    void linesAreWrittenWhereTheyMayBlock() {
        try (var said = new Said()) {
            Runnable[] due = new Runnable[1];
            var log = new BackendLog("web", task -> due[0] = task);

            log.accept(new BackendEvent.CheckFailed(upstream, "2 checks in a row failed: status 503"));
            assertThat(said.text()).isEmpty();
            due[0].run();

            assertThat(said.text())
                    .contains("web: backend-0 (10.0.0.1:8000) is out: 2 checks in a row failed: status 503");
        }
    }
}
