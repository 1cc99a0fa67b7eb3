package io.tickstorm.cli.show;

import static io.tickstorm.cli.fleet.Fleets.answered;
import static io.tickstorm.cli.fleet.Fleets.fleet;
import static io.tickstorm.cli.fleet.Fleets.proxy;
import static io.tickstorm.cli.fleet.Fleets.silent;
import static io.tickstorm.cli.fleet.Fleets.state;
import static io.tickstorm.cli.fleet.Fleets.upstream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tickstorm.cli.fleet.Fleet;
import io.tickstorm.cli.fleet.Proxy;
import org.junit.jupiter.api.Test;

class TopTest {
    @Test
    void countsWhatCameBetweenTheLooksOverAllProxies() {
        var before = fleet(null, counted("a", 100, 100), counted("b", 100, 100));
        var now = fleet(null, counted("a", 160, 120), counted("b", 140, 100));

        var top = Top.between(before, now, 2);

        assertThat(top.requestsPerSecond()).isEqualTo(60);
        var rows = top.backends().getFirst().rows();
        assertThat(rows).extracting(Top.Row::name).containsExactly("web-0", "web-1");
        assertThat(rows.getFirst().requestsPerSecond()).isEqualTo(50);
        assertThat(rows.getFirst().sharePercent()).isCloseTo(83.3, within(0.1));
        assertThat(rows.getFirst().fairPercent()).isEqualTo(50);
        assertThat(rows.getFirst().inFlight()).isEqualTo(4);
    }

    @Test
    void aProxyThatStartedAgainTakesNothingFromTheOthers() {
        var before = fleet(null, counted("a", 100, 100), counted("b", 5000, 5000));
        var now = fleet(null, counted("a", 120, 100), counted("b", 3, 0));

        assertThat(Top.between(before, now, 1).requestsPerSecond()).isEqualTo(20);
    }

    @Test
    void aProxyThatCameOrWasSilentBeforeCountsFromNowOn() {
        var before = fleet(null, counted("a", 100, 100), silent("b", "late"));
        var now = fleet(null, counted("a", 110, 100), counted("b", 9000, 9000));

        assertThat(Top.between(before, now, 1).requestsPerSecond()).isEqualTo(10);
    }

    @Test
    void p99IsThatOfTheAnswersOfAllProxiesAndNoMeanOfTheirs() {
        // The slow proxy had 2 of 1,002 answers: its own p99 of 50 ms says nothing of all of them.
        var now = fleet(
                null,
                proxy("a", state("1", answered("web-0", 1000, 0, 0, 0))),
                proxy("b", state("1", answered("web-0", 0, 0, 2, 0))));

        assertThat(text(now)).contains("p99 10 ms in the last minute").containsPattern("web-0 .* 10 ms");
        assertThat(json(now)).contains("\"lastMinuteP99Ms\" : 10.0");
    }

    @Test
    void p99AboveTheLastBoundIsSaidToBeAboveIt() {
        var now = fleet(null, proxy("a", state("1", answered("web-0", 1, 0, 0, 1))));

        assertThat(text(now)).contains("p99 > 50 ms in the last minute");
        assertThat(json(now)).contains("\"lastMinuteP99Ms\" : null");
    }

    @Test
    void whereNothingWasAnsweredOrAReleaseDoesNotTellThereIsADash() {
        assertThat(text(fleet(null, counted("a", 100, 100)))).contains("p99 - in the last minute");
    }

    @Test
    void theTableNamesWhoIsNotCounted() {
        var before = fleet(null, counted("a", 100, 100), silent("b", "late"));

        assertThat(text(before)).contains("1 of 2 proxies\n", "X not counted, for no answer: b\n");
    }

    private static String text(Fleet fleet) {
        return TopText.of(fleet, Top.between(fleet, fleet, 1), Style.PLAIN, 20);
    }

    private static String json(Fleet fleet) {
        return Output.JSON.write(Top.between(fleet, fleet, 1).tree(fleet, 1));
    }

    private static Proxy counted(String name, long first, long second) {
        return proxy(name, state("1", upstream("web-0", true, false, first), upstream("web-1", true, false, second)));
    }
}
