package io.tickstorm.operator.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallerTest {
    @Test
    void whoIsNamedIsAuthenticatedEvenIfNoGroupSaysSo() {
        assertThat(caller("system:kube-aggregator").groups()).containsExactly("system:authenticated");
        assertThat(caller("jane", "people").groups()).containsExactly("people", "system:authenticated");
        assertThat(caller("jane", "system:authenticated", "people").groups())
                .containsExactly("system:authenticated", "people");
    }

    @Test
    void nobodyInParticularIsNot() {
        assertThat(caller("system:anonymous", "system:unauthenticated").groups())
                .containsExactly("system:unauthenticated");
        assertThat(caller("system:anonymous").groups()).isEmpty();
    }

    private static Caller caller(String user, String... groups) {
        return new Caller(user, "", List.of(groups), Map.of());
    }
}
