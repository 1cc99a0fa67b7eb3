package io.tickstorm.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.history.Timeline;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigNewsTest {
    private final Timeline timeline = new Timeline(() -> Instant.EPOCH);
    private final ConfigNews news = new ConfigNews(timeline);

    @Test
    void eachConfigurationIsToldOnce() {
        news.taken("0123", List.of());
        news.taken("0123", List.of());
        news.taken("4567", List.of("admin: changed: needs a restart"));

        assertThat(told())
                .containsExactly(
                        "CONFIGURATION_PARTLY configuration 4567 is in use, but for admin: changed: needs a restart",
                        "CONFIGURATION configuration 0123 is in use");
    }

    @Test
    void aRefusalIsToldWithItsReasonUntilTheFileIsRight() {
        news.refused(List.of("line 3: port", "line 4: name"));
        news.refused(List.of("line 3: port", "line 4: name"));
        news.refused(List.of());

        assertThat(told())
                .containsExactly(
                        "CONFIGURATION_REFUSED a newer configuration is refused, what held before still holds: "
                                + "2 problems, the first: line 3: port");
    }

    private List<String> told() {
        return timeline.events().stream()
                .map(event -> event.kind() + " " + event.text())
                .toList();
    }
}
