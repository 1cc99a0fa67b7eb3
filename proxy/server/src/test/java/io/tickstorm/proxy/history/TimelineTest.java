package io.tickstorm.proxy.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private Instant now = Instant.EPOCH;
    private final Timeline timeline = new Timeline(() -> now);

    @Test
    void theLatestIsFirst() {
        timeline.add(Kind.CAME, "web", "web-0 came");
        now = now.plusSeconds(3);
        timeline.add(Kind.EJECTED, "web", "web-0 is ejected");

        assertThat(timeline.events()).extracting(Event::text).containsExactly("web-0 is ejected", "web-0 came");
        assertThat(timeline.events().getFirst().first()).isEqualTo(now);
    }

    @Test
    void whatHappensAgainSoonIsCountedAndNotRepeated() {
        for (int i = 0; i < 30; i++) {
            timeline.add(Kind.UNREACHABLE, "web", "web-0 cannot be reached");
            now = now.plusSeconds(1);
        }
        timeline.add(Kind.UNREACHABLE, "other", "web-0 cannot be reached");

        assertThat(timeline.events()).extracting(Event::times).containsExactly(1, 30);
        assertThat(timeline.events().getLast().first()).isEqualTo(Instant.EPOCH);
        assertThat(timeline.events().getLast().last()).isEqualTo(now.minusSeconds(1));
    }

    @Test
    void whatHappensAgainLaterIsTold() {
        timeline.add(Kind.EJECTED, "web", "web-0 is ejected");
        now = now.plus(Duration.ofSeconds(61));
        timeline.add(Kind.EJECTED, "web", "web-0 is ejected");

        assertThat(timeline.events()).hasSize(2);
    }

    @Test
    void noMoreIsKeptThanMayBe() {
        for (int i = 0; i < 3 * Timeline.MOST; i++) {
            timeline.add(Kind.CAME, "web", i + " " + "x".repeat(10_000));
        }

        assertThat(timeline.events())
                .hasSize(Timeline.MOST)
                .allMatch(event -> event.text().length() <= 301);
        assertThat(timeline.events().getFirst().number()).isEqualTo(3 * Timeline.MOST);
    }

    @Test
    void everyChangeHasAnotherVersion() {
        var before = timeline.version();
        timeline.add(Kind.CAME, "web", "web-0 came");
        var first = timeline.version();
        timeline.add(Kind.CAME, "web", "web-0 came");

        assertThat(first).isGreaterThan(before);
        assertThat(timeline.version()).isGreaterThan(first);
    }
}
