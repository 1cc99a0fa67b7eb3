package io.tickstorm.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.config.AccessLogSettings;
import io.tickstorm.proxy.config.AccessLogSettings.Requests;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.time.Ticker;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingLogTest {
    private static final Instant NOW = Instant.parse("2026-11-21T11:42:07.113Z");

    @TempDir
    private Path folder;

    @Test
    void byDefaultOnlyWhatFailedIsWritten() throws IOException {
        try (var log = log(Requests.FAILED)) {
            assertThat(log.wants(false)).isFalse();
            assertThat(log.wants(true)).isTrue();
            log.ended(Entries.http("well", Termination.COMPLETE, 200, Entries.answered("web-0", 200)));
            log.ended(Entries.http("badly", Termination.QUEUE_TIMEOUT, 503));
        }

        assertThat(written()).extracting(line -> line.getString("requestId")).containsExactly("badly");
    }

    @Test
    void aRetryIsReasonEnoughForALine() throws IOException {
        try (var log = log(Requests.FAILED)) {
            log.ended(Entries.http(
                    "again",
                    Termination.COMPLETE,
                    200,
                    Entries.failed("web-1", FailureKind.CONNECT_REFUSED),
                    Entries.answered("web-0", 200)));
        }

        assertThat(written()).singleElement().satisfies(line -> {
            assertThat(line.getString("termination")).isEqualTo("COMPLETE");
            assertThat(line.getString("time")).isEqualTo("2026-11-21T11:42:07.109Z");
            assertThat(line.getJsonArray("attempts")).hasSize(2);
            assertThat(line.getJsonArray("attempts").getJsonObject(0))
                    .isEqualTo(new JsonObject()
                            .put("upstream", "web-1")
                            .put("address", "10.0.0.1:8000")
                            .put("afterMs", 0.071)
                            .put("reused", false)
                            .put("tookMs", 2.688)
                            .put("failure", "CONNECT_REFUSED"));
        });
    }

    @Test
    void allAreWrittenIfAllAreAskedFor() throws IOException {
        try (var log = log(Requests.ALL)) {
            assertThat(log.wants(false)).isTrue();
            for (int i = 0; i < 1000; i++) {
                log.ended(Entries.http("r" + i, Termination.COMPLETE, 200));
            }
        }

        assertThat(written()).hasSize(1000);
    }

    @Test
    void failuresAreRememberedThoughNothingIsWritten() {
        try (var log = log(Requests.NONE)) {
            assertThat(log.wants(false)).isFalse();
            log.ended(Entries.http("badly", Termination.UPSTREAM_TIMEOUT, 504));

            assertThat(log.recent().latest()).hasSize(1);
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aFloodOfOneSideDoesNotDriveOutTheOthers() {
        try (var log = log(Requests.NONE)) {
            log.ended(Entries.http("the one", Termination.UPSTREAM_RESET, 502));
            for (int i = 0; i < 10_000; i++) {
                log.ended(Entries.http("r" + i, Termination.RATE_LIMITED, 429));
            }

            assertThat(log.recent().latest())
                    .hasSize(RecentFailures.EACH + 1)
                    .anyMatch(recorded -> recorded.entry().termination() == Termination.UPSTREAM_RESET);
        }
    }

    @Test
    void aFileThatWasRenamedIsBegunAnew() throws IOException {
        try (var log = log(Requests.ALL)) {
            log.ended(Entries.http("before", Termination.COMPLETE, 200));
            await(() -> Files.exists(file()) && file().toFile().length() > 0);

            Files.move(file(), folder.resolve("access.json.1"));
            await(() -> {
                log.ended(Entries.http("after", Termination.COMPLETE, 200));
                return Files.exists(file()) && file().toFile().length() > 0;
            });
        }

        assertThat(written()).extracting(line -> line.getString("requestId")).containsOnly("after");
    }

    @Test
    void whatCannotBeWrittenIsCountedAndNobodyWaits() throws IOException {
        Files.createDirectory(file());
        try (var log = log(Requests.ALL)) {
            log.ended(Entries.http("lost", Termination.COMPLETE, 200));

            await(() -> log.dropped() == 1);
            assertThat(log.lines()).isEqualTo(1);
        }
    }

    @Test
    void moreThanThereIsRoomForIsDropped() {
        var dropped = new LongAdder();
        var writer = new LogWriter(Path.of("/dev/full"), dropped, Ticker.system());
        var recorded = new Recorded(NOW, Entries.http("r", Termination.COMPLETE, 200));

        writer.close();
        writer.add(recorded);

        assertThat(dropped.sum()).isEqualTo(1);
    }

    @Test
    void otherSettingsHoldFromThenOn() throws IOException {
        try (var log = log(Requests.NONE)) {
            log.ended(Entries.http("before", Termination.COMPLETE, 200));
            log.change(new AccessLogSettings(Requests.ALL, "access.json"));
            log.ended(Entries.http("after", Termination.COMPLETE, 200));
            log.change(new AccessLogSettings(Requests.ALL, "other.json"));
            log.ended(Entries.http("elsewhere", Termination.COMPLETE, 200));
        }

        assertThat(written()).extracting(line -> line.getString("requestId")).containsExactly("after");
        assertThat(Files.readString(folder.resolve("other.json"))).contains("elsewhere");
    }

    @Test
    void longTextsOfClientsAreCut() {
        var request = new Entry.Request("i", "G".repeat(5000), "h", "/".repeat(5000));

        assertThat(request.method()).hasSize(258).endsWith("...");
        assertThat(request.path()).hasSize(1027).endsWith("...");
    }

    private RecordingLog log(Requests requests) {
        return new RecordingLog(
                new AccessLogSettings(requests, "access.json"),
                folder,
                InstantSource.fixed(NOW),
                Ticker.system(),
                null);
    }

    private Path file() {
        return folder.resolve("access.json");
    }

    private List<JsonObject> written() throws IOException {
        return Files.readAllLines(file()).stream().map(JsonObject::new).toList();
    }

    private static void await(BooleanSupplier condition) {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("gave up").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
