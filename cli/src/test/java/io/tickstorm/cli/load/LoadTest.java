package io.tickstorm.cli.load;

import static io.tickstorm.cli.load.RawServer.ok;
import static io.tickstorm.cli.load.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadTest {
    private static final Pattern ID = Pattern.compile("(?m)^X-Load-Id: (\\S+)$");

    @Test
    void sendsExactlyWhatIsPlannedAndCountsTheAnswersByServer() throws Exception {
        var turn = new AtomicInteger();
        try (var server =
                new RawServer((head, to) -> write(to, ok("X-Served-By: s" + turn.getAndIncrement() % 2 + "\r\n")))) {

            var report = Load.run(plan(server).rate(400).postShare(0.25).headers(Map.of("X-Extra", "yes")));

            assertThat(report.sent()).isEqualTo(200).isEqualTo(report.ok());
            assertThat(report.posts()).isEqualTo(50);
            assertThat(report.failed()).isZero();
            assertThat(report.underWay()).isZero();
            assertThat(report.statuses()).isEqualTo(Map.of(200, 200L));
            assertThat(report.servers()).isEqualTo(Map.of("s0", 100L, "s1", 100L));
            assertThat(report.connects()).isEqualTo(server.connections()).isBetween(1L, 4L);
            assertThat(server.requests())
                    .hasSize(200)
                    .allSatisfy(head -> assertThat(head)
                            .contains(" /some/path?q=1 HTTP/1.1\nHost: 127.0.0.1:")
                            .contains("X-Extra: yes\n"));
        }
    }

    @Test
    void eachPostCarriesAnIdOfItsOwnThatBeginsWithTheRun() throws Exception {
        try (var server = new RawServer((head, to) -> write(to, ok("")))) {

            var report = Load.run(plan(server).postShare(1));

            var ids = server.requests().stream()
                    .map(ID::matcher)
                    .peek(id -> assertThat(id.find()).isTrue())
                    .map(id -> id.group(1))
                    .toList();
            assertThat(ids)
                    .doesNotHaveDuplicates()
                    .hasSize(100)
                    .allSatisfy(id -> assertThat(id).startsWith(report.runId() + "-"));
        }
    }

    @Test
    void aStalledServerDoesNotSlowTheScheduleAndItsWaitCountsFromTheIntendedTime() throws Exception {
        var stalled = new CountDownLatch(1);
        try (var server = new RawServer((head, to) -> {
                    stalled.await();
                    write(to, ok(""));
                });
                var running = Load.start(plan(server).connections(1).timeout(Duration.ofSeconds(20)))) {

            // Nobody has got an answer yet, and still every request becomes due.
            Eventually.within(Duration.ofSeconds(20), () -> running.soFar().sent() == 100);
            stalled.countDown();
            var report = running.await();

            // The first answer came after the last request was due, 99 intervals of 5 ms later; half of the requests
            // were due in the first half of that time.
            assertThat(report.ok()).isEqualTo(100);
            assertThat(report.latency().max()).isGreaterThanOrEqualTo(Duration.ofMillis(495));
            assertThat(report.latency().p50()).isGreaterThanOrEqualTo(Duration.ofMillis(240));
        }
    }

    @Test
    void refusedConnectionsAreFailuresOfTheirOwnKind() throws Exception {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        var report = Load.run(LoadPlan.to("http://127.0.0.1:" + free)
                .rate(200)
                .duration(Duration.ofMillis(500))
                .connections(4));

        assertThat(report.failures()).isEqualTo(Map.of(Failure.REFUSED, 100L));
        assertThat(report.connects()).isZero();
    }

    @Test
    void aConnectionThatIsClosedWithARequestOnItFailsThatRequest() throws Exception {
        assertOnlyFailure(Failure.CLOSED, (head, to) -> to.close());
    }

    @Test
    void aResetFailsTheRequestOnTheConnection() throws Exception {
        assertOnlyFailure(Failure.RESET, (head, to) -> {
            to.setSoLinger(true, 0);
            to.close();
        });
    }

    @Test
    void anAnswerThatEndsBeforeItsLengthIsNoAnswer() throws Exception {
        assertOnlyFailure(Failure.TRUNCATED, (head, to) -> {
            write(to, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            to.close();
        });
    }

    @Test
    void aChunkedAnswerWithoutItsLastChunkIsNoAnswer() throws Exception {
        assertOnlyFailure(Failure.TRUNCATED, (head, to) -> {
            write(to, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            to.close();
        });
    }

    @Test
    void whatIsNotHttpIsMalformed() throws Exception {
        assertOnlyFailure(Failure.MALFORMED, (head, to) -> write(to, "220 ready\r\n\r\n"));
    }

    @Test
    void errorStatusesAreFailuresByClass() throws Exception {
        assertOnlyFailure(
                Failure.STATUS_5XX,
                (head, to) -> write(to, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"));
        assertOnlyFailure(
                Failure.STATUS_4XX, (head, to) -> write(to, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    }

    @Test
    void aRequestWithoutAnAnswerTimesOutAndSoDoThoseThatWaitForItsConnection() throws Exception {
        try (var server = new RawServer((head, to) -> {})) {

            var report = Load.run(plan(server).connections(1).timeout(Duration.ofMillis(300)));

            assertThat(report.failures()).isEqualTo(Map.of(Failure.TIMEOUT, 100L));
        }
    }

    @Test
    void anAnnouncedCloseCostsAConnectionButNoRequest() throws Exception {
        try (var server = new RawServer((head, to) -> {
            write(to, ok("Connection: close\r\n"));
            to.close();
        })) {

            var report = Load.run(plan(server));

            assertThat(report.ok()).isEqualTo(100);
            assertThat(report.connects()).isEqualTo(100);
        }
    }

    @Test
    void aConnectionThatWasClosedWhileIdleIsReplacedWithoutAFailure() throws Exception {
        try (var server = new RawServer((head, to) -> {
            write(to, ok(""));
            to.close();
        })) {

            // 250 ms between two requests of a connection: by then the close has long arrived.
            var report = Load.run(plan(server).rate(16).connections(4));

            assertThat(report.ok()).isEqualTo(8);
            assertThat(report.connects()).isEqualTo(8);
        }
    }

    @Test
    void anAnswerThatEndsWithTheConnectionIsWhole() throws Exception {
        try (var server = new RawServer((head, to) -> {
            write(to, "HTTP/1.1 200 OK\r\n\r\nuntil the end");
            to.close();
        })) {

            assertThat(Load.run(plan(server)).ok()).isEqualTo(100);
        }
    }

    @Test
    void interimAnswersAreNotTheAnswer() throws Exception {
        try (var server = new RawServer((head, to) -> write(to, "HTTP/1.1 103 Early Hints\r\n\r\n" + ok("")))) {

            var report = Load.run(plan(server));

            assertThat(report.statuses()).isEqualTo(Map.of(200, 100L));
        }
    }

    @Test
    void aSecondAnswerToOneRequestIsReportedAsAStray() throws Exception {
        try (var server = new RawServer((head, to) -> write(to, ok("") + ok("")))) {

            var report = Load.run(plan(server).rate(16).connections(4));

            assertThat(report.strays()).isPositive();
        }
    }

    @Test
    void stopsBeforeTheEndOfThePlan() throws Exception {
        try (var server = new RawServer((head, to) -> write(to, ok("")));
                var running = Load.start(plan(server).duration(Duration.ofHours(1)))) {
            Eventually.within(Duration.ofSeconds(20), () -> running.soFar().ok() >= 5);

            var report = running.stop();

            assertThat(report.ok())
                    .isEqualTo(report.sent())
                    .isEqualTo(server.requests().size());
            assertThat(report.elapsed()).isLessThan(Duration.ofHours(1));
        }
    }

    @Test
    void theSeriesHoldsEachRequestInTheSecondOfItsIntendedTime() throws Exception {
        try (var server = new RawServer((head, to) -> write(to, ok("")))) {

            var report = Load.run(plan(server).rate(40).duration(Duration.ofMillis(1500)));

            assertThat(report.seconds()).extracting(LoadReport.Second::sent).containsExactly(40L, 20L);
            assertThat(report.seconds())
                    .extracting(second -> second.latency().count())
                    .containsExactly(40L, 20L);
            assertThat(report.slowestSecond()).get().isIn(report.seconds());
            assertThat(report.json().getJsonArray("seconds")).hasSize(2);
            assertThat(report.text()).contains("60 in ").contains("60 ok");
        }
    }

    @Test
    void aPlanNamesTheValueThatCannotBe() {
        assertThatThrownBy(() -> LoadPlan.to("http://h").rate(0))
                .hasMessage("rate: 0.0 (expected: above 0 and at most 1000000 per second)");
        assertThatThrownBy(() -> LoadPlan.to("ftp://h"))
                .hasMessage("URL: ftp://h (expected: http://HOST[:PORT][/PATH] or tickstorm://HOST[:PORT])");
        assertThatThrownBy(() -> LoadPlan.to("tickstorm://h")).hasMessageContaining("expected: http://");
    }

    /** Every request ends with {@code failure}, and none is sent again. */
    private static void assertOnlyFailure(Failure failure, RawServer.Answer answer) throws Exception {
        try (var server = new RawServer(answer)) {

            var report = Load.run(plan(server));

            assertThat(report.failures()).isEqualTo(Map.of(failure, 100L));
            assertThat(report.ok()).isZero();
            assertThat(server.requests()).hasSize(100);
        }
    }

    /** 100 requests in half a second. */
    private static LoadPlan plan(RawServer server) {
        return LoadPlan.to(server.url())
                .rate(200)
                .duration(Duration.ofMillis(500))
                .connections(4);
    }
}
