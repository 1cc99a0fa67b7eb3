package io.tickstorm.proxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private static final String RULE = """
            kind             NOTHING_SENT  SENT       RESPONSE_STARTED
            CONNECT_REFUSED  always        replay     never
            CONNECT_TIMEOUT  always        replay     never
            CONNECT_FAILED   always        replay     never
            TLS_FAILED       always        replay     never
            RESET            always        replay     never
            CLOSED_EARLY     always        replay     never
            TIMEOUT          always        never      never
            SILENT           always        replay     never
            NOT_PROCESSED    always        never      never
            BAD_RESPONSE     always        never      never
            STATUS_5XX       always        replay     never
            """;

    private final RetryPolicy policy = policy(2);

    /** Every combination: 10 kinds of failure, 3 states of the wire, safe or not, replayable or not. */
    @Test
    void theRuleHoldsForEveryCombination() {
        var checked = new ArrayList<String>();
        for (var line : RULE.lines().skip(1).toList()) {
            var cells = line.split(" +");
            var kind = FailureKind.valueOf(cells[0]);
            for (var wire : WireState.values()) {
                for (var safe : List.of(true, false)) {
                    for (var replayable : List.of(true, false)) {
                        boolean expected = switch (cells[1 + wire.ordinal()]) {
                            case "always" -> true;
                            case "replay" -> safe && replayable;
                            default -> false;
                        };
                        assertThat(policy.allows(kind, wire, safe, replayable, 1))
                                .as("%s, %s, safe %s, replayable %s", kind, wire, safe, replayable)
                                .isEqualTo(expected);
                        checked.add(kind + "," + wire + "," + safe + "," + replayable);
                    }
                }
            }
        }
        assertThat(checked).doesNotHaveDuplicates().hasSize(FailureKind.values().length * 3 * 2 * 2);
    }

    @Test
    void endsAfterTheConfiguredNumberOfRetries() {
        assertThat(refusedAfter(policy, 1)).isTrue();
        assertThat(refusedAfter(policy, 2)).isTrue();
        assertThat(refusedAfter(policy, 3)).isFalse();
        assertThat(refusedAfter(policy(0), 1)).isFalse();
    }

    @Test
    void aTimeoutOfOneAttemptIsRetriedIfTheRequestMayBeRepeated() {
        var policy = policy(new RetrySettings(
                2,
                Duration.ofSeconds(1),
                List.of(),
                false,
                RetrySettings.DEFAULT.backoff(),
                RetrySettings.DEFAULT.budget(),
                0));

        assertThat(policy.allows(FailureKind.TIMEOUT, WireState.SENT, true, true, 1))
                .isTrue();
        assertThat(policy.allows(FailureKind.TIMEOUT, WireState.SENT, false, true, 1))
                .isFalse();
        assertThat(policy.allows(FailureKind.TIMEOUT, WireState.SENT, true, false, 1))
                .isFalse();
        assertThat(policy.allows(FailureKind.TIMEOUT, WireState.RESPONSE_STARTED, true, true, 1))
                .isFalse();
    }

    @Test
    void aKeyMakesARequestRepeatableOnlyIfTheConfigurationSaysSo() {
        var keyed = policy(new RetrySettings(
                2, Duration.ZERO, List.of(), true, RetrySettings.DEFAULT.backoff(), RetrySettings.DEFAULT.budget(), 0));

        assertThat(policy.repeatable(true, false)).isTrue();
        assertThat(policy.repeatable(false, true)).isFalse();
        assertThat(keyed.repeatable(false, true)).isTrue();
        assertThat(keyed.repeatable(false, false)).isFalse();
    }

    @Test
    void onlyTheConfiguredStatusesAreFailures() {
        assertThat(IntStream.range(100, 600).filter(policy::fails)).containsExactly(502, 503, 504);
    }

    @Test
    void delaysAreAnythingUpToATimeThatDoublesUntilTheCap() {
        for (var bound : Map.of(1, 25, 2, 50, 3, 100, 4, 200, 5, 250, 9, 250).entrySet()) {
            var delays = IntStream.range(0, 2_000)
                    .mapToObj(i -> policy.delay(FailureKind.RESET, WireState.SENT, bound.getKey()))
                    .toList();
            var longest = Duration.ofMillis(bound.getValue());

            assertThat(delays).allMatch(delay -> !delay.isNegative() && delay.compareTo(longest) < 0);
            // With 2,000 draws the first and last hundredth are missed with a chance of 2e-9 each.
            assertThat(delays).anyMatch(delay -> delay.compareTo(longest.dividedBy(100)) < 0);
            assertThat(delays)
                    .anyMatch(delay -> delay.compareTo(longest.multipliedBy(99).dividedBy(100)) > 0);
        }
    }

    @Test
    void whatWasNeverSentGoesElsewhereAtOnce() {
        assertThat(policy.delay(FailureKind.CONNECT_REFUSED, WireState.NOTHING_SENT, 1))
                .isZero();
        assertThat(IntStream.range(0, 10)
                        .mapToObj(i -> policy.delay(FailureKind.CONNECT_REFUSED, WireState.NOTHING_SENT, 2)))
                .anyMatch(Duration::isPositive);
    }

    @Test
    void withoutBackoffNothingWaits() {
        var policy = policy(new RetrySettings(
                2,
                Duration.ZERO,
                List.of(),
                false,
                new RetrySettings.Backoff(Duration.ZERO, Duration.ZERO),
                RetrySettings.DEFAULT.budget(),
                0));

        assertThat(policy.delay(FailureKind.RESET, WireState.SENT, 2)).isZero();
    }

    private static boolean refusedAfter(RetryPolicy policy, int attempts) {
        return policy.allows(FailureKind.CONNECT_REFUSED, WireState.NOTHING_SENT, false, false, attempts);
    }

    private static RetryPolicy policy(int attempts) {
        return policy(new RetrySettings(attempts, new RetrySettings.Budget(20, 3), 0));
    }

    private static RetryPolicy policy(RetrySettings settings) {
        return new RetryPolicy(settings, new RetryBudget(settings.budget(), () -> 0, () -> 0), new Random(1));
    }
}
