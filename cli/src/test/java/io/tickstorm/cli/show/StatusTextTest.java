package io.tickstorm.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.fleet.Findings;
import io.tickstorm.cli.fleet.Fleet;
import io.tickstorm.cli.fleet.Fleets;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static final int NARROW = 60;

    @Test
    void isATreeThatNamesWhoIsSilentAndWhatASumLeavesOut() {
        assertThat(text(Fleets.troubled(false), Style.PLAIN)).isEqualTo("""
                X shop  (test)  2 things are wrong, see below
                +- listeners
                |  `- http: HTTP, 5 connections
                +- proxies: 1 of 2 answer, 5 connections at those that answer
                |  +- ok proxy-a, ready on node-1, 5 connections, configuration 1111
                |  `- X proxy-b, ready on node-1, does not answer: its admin port refuses connections
                `- backend web: LeastConnections, 1 of 2 pods serve, 3 in flight, 1 waiting at those that answer
                   +- ok web-0 10.0.0.1:8000, ready on node-1, serves, 2 in flight, 100 requests, 2 failed, p99 25 ms
                   `- X web-1 10.0.0.1:8001, ready on node-1, gets no new work, 2 in flight, 100 requests, 2 failed, p99 25 ms
                      `- FAILED_CHECK for 9s: the last check failed: no answer within 1s

                X proxy-b: does not answer: its admin port refuses connections; no sum has its numbers
                  -> tickstorm logs proxy-b
                ! web-1: held back at 1 of 1 proxies: FAILED_CHECK for 9s: the last check failed: no answer within 1s
                  -> tickstorm why web-1
                """);
    }

    @Test
    void sumsOverAllProxiesAndSaysAtHowManyAPodServes() {
        assertThat(text(Fleets.troubled(true), Style.PLAIN))
                .contains("proxies: all 2 answer, 10 connections\n")
                .contains("6 in flight, 2 waiting\n")
                .contains(
                        "web-1 10.0.0.1:8001, ready on node-1, serves at 1 of 2 proxies, 4 in flight, 200 requests, 4 failed")
                .contains("FAILED_CHECK for 9s at 1 of 2 proxies");
    }

    @Test
    void foldsBetweenWordsAtTheEdgeOfTheTerminalAndKeepsTheTreeReadable() {
        var style = new Style(true, true, NARROW);

        var lines = text(Fleets.troubled(true), style).lines().toList();

        assertThat(lines).allSatisfy(line -> assertThat(Style.columns(line)).isLessThanOrEqualTo(NARROW));
        assertThat(lines).anyMatch(line -> line.startsWith("   ├─ "));
        assertThat(String.join(" ", lines)).contains("\u001b[32m●\u001b[0m");
    }

    @Test
    void coloursAreForTerminalsOfThoseWhoWantThem() {
        assertThat(style(Map.of(), true).colour()).isTrue();
        assertThat(style(Map.of(), false).colour()).isFalse();
        assertThat(style(Map.of("NO_COLOR", "1"), true).colour()).isFalse();
        assertThat(style(Map.of("NO_COLOR", ""), true).colour()).isTrue();
        assertThat(style(Map.of("TERM", "dumb"), true).colour()).isFalse();
    }

    @Test
    void signsBeyondAsciiAreForThoseWhoseCharsetHasThem() {
        assertThat(Style.of(Map.of(), true, StandardCharsets.UTF_8).lines()).isTrue();
        assertThat(Style.of(Map.of(), true, StandardCharsets.US_ASCII).lines()).isFalse();
        assertThat(Style.of(Map.of(), true, StandardCharsets.ISO_8859_1).lines())
                .isFalse();
    }

    @Test
    void theWidthIsThatOfTheTerminalAndNoneWhereThereIsNone() {
        assertThat(style(Map.of("COLUMNS", "132"), true).width()).isEqualTo(132);
        assertThat(style(Map.of("COLUMNS", "wide"), true).width()).isEqualTo(100);
        assertThat(style(Map.of("COLUMNS", "132"), false).width()).isEqualTo(Integer.MAX_VALUE);
    }

    private static Style style(Map<String, String> environment, boolean terminal) {
        return Style.of(environment, terminal, StandardCharsets.UTF_8);
    }

    private static String text(Fleet fleet, Style style) {
        return StatusText.of(fleet, Findings.of(fleet, "tickstorm"), style);
    }
}
