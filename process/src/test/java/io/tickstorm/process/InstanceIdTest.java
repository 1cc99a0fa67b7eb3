package io.tickstorm.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceIdTest {
    @Test
    void theEnvironmentNamesTheInstance() {
        assertThat(InstanceId.of(Map.of("INSTANCE_ID", " web-7 ", "HOSTNAME", "h"), () -> "other", 12))
                .isEqualTo("web-7");
    }

    @Test
    void otherwiseItIsTheHostAndTheProcess() {
        assertThat(InstanceId.of(Map.of("HOSTNAME", "pod-a"), () -> "other", 12))
                .isEqualTo("pod-a-12");
    }

    @Test
    void aBlankIdCountsAsNone() {
        assertThat(InstanceId.of(Map.of("INSTANCE_ID", " "), () -> "node", 12)).isEqualTo("node-12");
    }

    @Test
    void theIdStaysTheSame() {
        assertThat(InstanceId.current()).isNotBlank().isEqualTo(InstanceId.current());
    }
}
