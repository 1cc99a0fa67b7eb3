package io.tickstorm.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.process.LogLevels;
import io.tickstorm.proxy.access.RecentFailures;
import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.admin.State.ListenerState;
import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.discovery.DiscoveryStatus;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.history.History;
import io.tickstorm.proxy.history.Timeline;
import io.tickstorm.proxy.history.Traffic;
import io.tickstorm.proxy.time.ManualTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatsCsvTest {
    private static final Traffic TRAFFIC =
            new Traffic(7, 2, 40, List.of(0L, 36L, 0L, 1L, 3L), 3, 5, 6, 4, 2, 1000, 90_000);

    private final ManualTime time = new ManualTime();
    private final ProxyConfig config = config();
    private final Backend backend = backend();
    private final History history = new History(
            () -> new History.Reading(List.of(backend), Map.of("http", TRAFFIC)), time, time, Runnable::run);

    @Test
    void itsColumnsAreThoseOfHaproxyInTheirOrder() throws IOException {
        assertThat(csv().lines().findFirst()).contains(haproxy().getFirst());
    }

    @Test
    void everyLineHasEveryColumnAndTheModulesSignWhereHaproxyHasThem() throws IOException {
        var sign = haproxy().get(1).split(",", -1).length;

        assertThat(csv().lines().skip(1)).hasSize(6).allSatisfy(line -> {
            assertThat(line.split(",", -1)).hasSize(sign);
            assertThat(line.split(",", -1)[column("-")]).isEqualTo("-");
        });
        assertThat(haproxy().get(1).split(",", -1)[column("-")]).isEqualTo("-");
    }

    @Test
    void aListenerIsAFrontend() {
        history.start();
        time.advance(History.STEP);

        assertThat(row("http", "FRONTEND"))
                .containsEntry("scur", "3")
                .containsEntry("slim", "50000")
                .containsEntry("stot", "7")
                .containsEntry("bin", "1000")
                .containsEntry("bout", "90000")
                .containsEntry("dreq", "5")
                .containsEntry("dcon", "2")
                .containsEntry("ereq", "6")
                .containsEntry("hrsp_2xx", "36")
                .containsEntry("hrsp_5xx", "3")
                .containsEntry("req_tot", "40")
                .containsEntry("req_rate", "20")
                .containsEntry("status", "OPEN")
                .containsEntry("type", "0")
                .containsEntry("mode", "http");
    }

    @Test
    void anUpstreamIsAServerWithItsStatus() {
        assertThat(row("web", "web-0"))
                .containsEntry("status", "no check")
                .containsEntry("addr", "10.0.0.0:80")
                .containsEntry("act", "1")
                .containsEntry("type", "2");
        assertThat(row("web", "web-1")).containsEntry("status", "DRAIN").containsEntry("act", "0");
        assertThat(row("web", "web-2")).containsEntry("status", "MAINT");

        backend.upstreams().getLast().hold(HoldReason.EJECTED, "3 of 4 failed", time.nanos());
        time.advance(Duration.ofSeconds(9));
        backend.update(endpoints());

        assertThat(row("web", "web-3")).containsEntry("status", "DOWN").containsEntry("lastchg", "9");
    }

    @Test
    void attemptsAreCountedOnTheServerAndItsBackend() {
        var upstream = backend.upstreams().getFirst();
        for (int i = 0; i < 8; i++) {
            var lease = Objects.requireNonNull(backend.acquire(new Attempts()));
            if (lease.upstream() == upstream) {
                lease.end(new Outcome.Failure(i % 2 == 0 ? FailureKind.CONNECT_REFUSED : FailureKind.RESET));
            } else {
                lease.end(new Outcome.Success(1_000_000));
            }
        }
        var tally = upstream.tally();

        assertThat(row("web", "web-0"))
                .containsEntry("stot", String.valueOf(tally.requests()))
                .containsEntry("econ", String.valueOf(tally.connectFailures()))
                .containsEntry("eresp", String.valueOf(tally.failures() - tally.connectFailures()));
        assertThat(row("web", "BACKEND"))
                .containsEntry("stot", "8")
                .containsEntry("status", "UP")
                .containsEntry("type", "1")
                .containsEntry("qlimit", "1024")
                .containsEntry("algo", "LeastConnections");
    }

    @Test
    void whatHoldsACommaIsQuoted() {
        var text = new StringBuilder();

        new StatsRow().put("pxname", "a,b").put("svname", "say \"hi\"").write(text);

        assertThat(text.toString()).startsWith("\"a,b\",\"say \"\"hi\"\"\",,");
    }

    private String csv() {
        return StatsCsv.of(state(), sources());
    }

    private Map<String, String> row(String proxy, String server) {
        var names = columns();
        return csv().lines()
                .filter(line -> line.startsWith(proxy + "," + server + ","))
                .map(line -> {
                    var values = line.split(",", -1);
                    var row = new HashMap<String, String>();
                    for (int i = 0; i < names.size(); i++) {
                        row.put(names.get(i), values[i]);
                    }
                    return row;
                })
                .findFirst()
                .orElseThrow();
    }

    private static int column(String name) {
        return columns().indexOf(name);
    }

    private static List<String> columns() {
        return Arrays.asList(StatsRow.HEADER.substring(2).split(","));
    }

    /** What HAProxy 2.6.12 of Debian 12 answered to {@code GET /stats;csv}. */
    private static List<String> haproxy() throws IOException {
        try (InputStream file = Objects.requireNonNull(StatsCsvTest.class.getResourceAsStream("haproxy-stats.csv"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private State state() {
        return new State(
                false,
                7,
                List.of(new ListenerState(config.listeners().getFirst(), 80, 3, TRAFFIC)),
                List.of(new BackendState(
                        backend,
                        config.backends().getFirst(),
                        new DiscoveryStatus(true, Duration.ZERO, "static list"))),
                new State.ConfigState(config, "", List.of(), false));
    }

    private Sources sources() {
        return new Sources(
                this::state,
                new RecentFailures(),
                history,
                new Timeline(() -> Instant.EPOCH),
                time,
                () -> Instant.EPOCH,
                time,
                Runnable::run,
                Runnable::run,
                new LogLevels(),
                null);
    }

    private Backend backend() {
        var made = new Backend(
                "web",
                config.backends().getFirst().settings(),
                null,
                time,
                time,
                new Random(20_261_121),
                (endpoint, check, result) -> {});
        made.update(endpoints());
        return made;
    }

    private static EndpointSet endpoints() {
        return EndpointSet.of(
                endpoint(0), endpoint(1).with(Condition.DRAINING), endpoint(2).with(Condition.NOT_READY), endpoint(3));
    }

    private static Endpoint endpoint(int number) {
        return Endpoint.active(new EndpointId("", "10.0.0." + number, 80), "web-" + number);
    }

    private static ProxyConfig config() {
        if (ProxyConfig.read("""
                listeners: [{name: http, port: 0, backend: web, maxConnections: 50000}]
                backends: [{name: web, discovery: {static: []}}]
                """, "test") instanceof ConfigResult.Valid(var read)) {
            return read;
        }
        throw new AssertionError();
    }
}
