package io.tickstorm.proxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private static final String RULE = """
            kind             NOTHING_SENT  SENT       RESPONSE_STARTED
            CONNECT_REFUSED  always        replay     never
            CONNECT_TIMEOUT  always        replay     never
            CONNECT_FAILED   always        replay     never
            RESET            always        replay     never
            CLOSED_EARLY     always        replay     never
            TIMEOUT          always        never      never
            SILENT           always        replay     never
            BAD_RESPONSE     always        never      never
            STATUS_5XX       always        replay     never
            """;

    private final RetryPolicy policy = policy(2);

    /** Every combination: 9 kinds of failure, 3 states of the wire, safe or not, replayable or not. */
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

    private static boolean refusedAfter(RetryPolicy policy, int attempts) {
        return policy.allows(FailureKind.CONNECT_REFUSED, WireState.NOTHING_SENT, false, false, attempts);
    }

    private static RetryPolicy policy(int attempts) {
        var settings = new RetrySettings(attempts, new RetrySettings.Budget(20, 3), 0);
        return new RetryPolicy(settings, new RetryBudget(settings.budget(), () -> 0, () -> 0), new Random(1));
    }
}
