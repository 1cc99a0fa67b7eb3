package io.tickstorm.proxy.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.Histogram;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final long MILLI = 1_000_000;

    private final ManualTime time = new ManualTime();
    private final List<Backend> backends = new ArrayList<>();
    private final Map<String, Traffic> listeners = new HashMap<>();
    private final History history = new History(
            () -> new History.Reading(List.copyOf(backends), Map.copyOf(listeners)), time, time, Runnable::run);

    @Test
    void ratesAreThoseOfTheLastFewSeconds() {
        var upstream = one("web");
        history.start();
        time.advance(Duration.ofMinutes(1));

        answered(60, 3 * MILLI);
        failed(6);
        time.advance(Duration.ofSeconds(3));

        // The oldest mark is of six seconds before: the third step before the one that came a second ago.
        var rates = history.rates(upstream);
        assertThat(rates.requests()).isCloseTo(66 / 5.0, within(0.01));
        assertThat(rates.failures()).isCloseTo(6 / 5.0, within(0.01));
        assertThat(rates.p50()).isBetween(0.0025, 0.005);
        assertThat(rates.p99()).isBetween(0.0025, 0.005);

        time.advance(Duration.ofSeconds(10));

        assertThat(history.rates(upstream)).isEqualTo(Rates.NONE);
    }

    @Test
    void quantilesTellTheSlowFromTheQuick() {
        var upstream = one("web");
        history.start();
        answered(97, MILLI);
        answered(3, 400 * MILLI);
        time.advance(History.STEP);

        var rates = history.rates(upstream);

        assertThat(rates.p50()).isBetween(0.0005, 0.001);
        assertThat(rates.p99()).isBetween(0.25, 0.5);
    }

    @Test
    void aMinuteIsTheLastSixtyToSeventySecondsInBuckets() {
        var upstream = one("web");
        history.start();
        answered(9, 400 * MILLI);
        time.advance(Duration.ofSeconds(75));
        answered(3, MILLI);
        answered(2, 400 * MILLI);

        var minute = history.minute(upstream);
        assertThat(minute.seconds()).isBetween(60.0, 70.0);
        assertThat(minute.answers()).hasSize(Histogram.bounds().length + 1);
        assertThat(minute.answers().get(Histogram.bucket(MILLI))).isEqualTo(3);
        assertThat(minute.answers().get(Histogram.bucket(400 * MILLI))).isEqualTo(2);

        time.advance(Duration.ofSeconds(60));
        assertThat(history.minute(upstream).answers().get(Histogram.bucket(MILLI)))
                .isEqualTo(3);

        time.advance(Duration.ofSeconds(11));
        assertThat(history.minute(upstream).answers()).containsOnly(0L);
    }

    @Test
    void aYoungUpstreamHasAShorterMinute() {
        var upstream = one("web");
        assertThat(history.minute(upstream).seconds()).isZero();
        history.start();
        answered(4, MILLI);
        time.advance(Duration.ofSeconds(21));

        var minute = history.minute(upstream);

        assertThat(minute.seconds()).isEqualTo(21);
        assertThat(minute.answers().get(Histogram.bucket(MILLI))).isEqualTo(4);
    }

    @Test
    void tenMinutesAreKeptAndNoMore() {
        one("web");
        history.start();

        time.advance(Duration.ofMinutes(30));

        var all = history.series(Integer.MAX_VALUE);
        assertThat(all.keySet()).containsExactlyInAnyOrder(History.ALL, "web");
        all.values()
                .forEach(measures ->
                        measures.values().forEach(values -> assertThat(values).hasSize(300)));
        assertThat(history.samples()).isEqualTo(900);
        assertThat(history.series(1).get("web").get(Measure.REQUESTS)).hasSize(1);
    }

    @Test
    void aSampleIsWhatCameSinceTheOneBefore() {
        one("web");
        history.start();
        time.advance(History.STEP);
        answered(10, MILLI);
        time.advance(History.STEP);
        time.advance(History.STEP);

        var web = Objects.requireNonNull(history.series(3).get("web"));

        assertThat(web.get(Measure.REQUESTS)).containsExactly(0, 5, 0);
        assertThat(web.get(Measure.P99)[1]).isBetween(0.5F, 1F);
        assertThat(web.get(Measure.P99)[2]).isNaN();
    }

    @Test
    void whatIsGoneTakesItsNumbersAlong() {
        var upstream = one("web");
        history.start();
        answered(10, MILLI);
        time.advance(History.STEP);
        assertThat(history.rates(upstream).requests()).isPositive();

        backends.getFirst().update(EndpointSet.EMPTY);
        time.advance(History.STEP);

        assertThat(history.rates(upstream)).isEqualTo(Rates.NONE);

        backends.clear();
        time.advance(History.STEP);

        assertThat(history.series(1).keySet()).containsExactly(History.ALL);
    }

    @Test
    void noMoreBackendsHaveSeriesThanMay() {
        IntStream.range(0, History.MOST_BACKENDS + 5).forEach(i -> one("web-" + i));
        history.start();

        time.advance(History.STEP.multipliedBy(3));

        assertThat(history.series(1)).hasSize(History.MOST_BACKENDS + 1);
        assertThat(history.rates(backends.getLast().upstreams().getFirst())).isEqualTo(Rates.NONE);
    }

    @Test
    void clientsErrorsAreThoseOfAllListeners() {
        history.start();
        listeners.put("http", traffic(100, 8));
        listeners.put("tcp", traffic(20, 2));
        time.advance(History.STEP);

        assertThat(history.series(1).get(History.ALL).get(Measure.ERRORS)).containsExactly(5);
        assertThat(history.rates("http", traffic(100, 8)).errors()).isCloseTo(4, within(0.01));
    }

    @Test
    void aListenerThatWasOpenedAnewBeginsAtNothing() {
        listeners.put("http", traffic(100, 8));
        history.start();
        time.advance(History.STEP);

        listeners.put("http", traffic(6, 0));
        time.advance(History.STEP);

        assertThat(history.rates("http", traffic(6, 0)).requests()).isPositive();
    }

    @Test
    void nothingIsReadAfterTheEnd() {
        history.start();
        time.advance(History.STEP);

        history.close();
        time.advance(Duration.ofMinutes(1));

        assertThat(history.samples()).isLessThanOrEqualTo(2);
        assertThat(time.pending()).isZero();
    }

    private static Traffic traffic(long requests, long errors) {
        return new Traffic(requests, 0, requests, List.of(), errors, 0, 0, 0, 0, 0, 0);
    }

    private Upstream one(String name) {
        var backend = new Backend(
                name,
                BackendSettings.DEFAULT,
                null,
                time,
                time,
                new Random(20_261_121),
                (endpoint, check, result) -> {});
        backend.update(EndpointSet.of(Endpoint.active(new EndpointId(name, "10.0.0.1", 80), name)));
        backends.add(backend);
        return backend.upstreams().getFirst();
    }

    private void answered(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            end(new Outcome.Success(nanos));
        }
    }

    private void failed(int times) {
        for (int i = 0; i < times; i++) {
            end(new Outcome.Failure(FailureKind.TIMEOUT));
        }
    }

    private void end(Outcome outcome) {
        Objects.requireNonNull(backends.getFirst().acquire(new Attempts())).end(outcome);
    }
}
